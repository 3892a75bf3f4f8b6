import GuildhallClient
import SharedModels

/// The terms of a deal as a form asks for them.
enum TermsForm {
    static func fields(_ terms: TermsInput) -> [Field] {
        [
            Field(.money, "rate", "Rate by the hour").with {
                $0.member = "rate_cents"
                $0.value = terms.rateCents.map(Fields.typed) ?? ""
            },
            Field(.number, "hours", "Hours a week").with {
                $0.member = "hours_per_week"
                $0.value = terms.hoursPerWeek.map(String.init) ?? ""
            },
            Field(.date, "start", "Start").with {
                $0.member = "start_date"
                $0.value = terms.startDate.map(\.description) ?? ""
            },
            Field(.number, "delay", "Days from release to payout").with {
                $0.member = "payout_delay_days"
                $0.value = terms.payoutDelayDays.map(String.init) ?? ""
                $0.hint = "3 to 10; 3 when nobody says more."
            },
        ]
    }

    /// - Throws: ``FieldProblem``.
    static func members(_ fields: Fields) throws -> [JSONMember] {
        var members: [JSONMember] = []
        if let cents = try fields.cents("rate") { members.append(JSONMember("rate_cents", .integer(cents))) }
        if let hours = try fields.integer("hours") { members.append(JSONMember("hours_per_week", .integer(hours))) }
        if let start = fields.text("start") { members.append(JSONMember("start_date", .string(start))) }
        if let delay = try fields.integer("delay") { members.append(JSONMember("payout_delay_days", .integer(delay))) }
        return members
    }
}

/// `/negotiations/{id}/…`: a round, an agreement, an end, and how to reach each other.
struct TermsPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/negotiations/{id}/propose", terms)
        site.post("/negotiations/{id}/propose", propose)
        site.post("/negotiations/{id}/agree", agree)
        site.get("/negotiations/{id}/decline") { page($0, Self.declineForm($0), "End the negotiation") }
        site.post("/negotiations/{id}/decline", decline)
        site.get("/negotiations/{id}/contact") { page($0, Self.contactForm($0), "How to reach you") }
        site.post("/negotiations/{id}/contact", contact)
    }

    private static func path(_ visit: Visit) -> String { "/negotiations/\(visit.part("id").percentEncoded)" }

    private func page(_ visit: Visit, _ form: Form, _ title: String, lead: String? = nil) -> WebAnswer {
        visit.formPage(title, form, lead: lead, back: (Self.path(visit), "The deal"), place: "deals")
    }

    @Sendable private func terms(_ visit: Visit) async throws -> WebAnswer {
        let talk = try await visit.api.call(Endpoints.negotiations.get, path: visit.parts)
        let terms = TermsInput(
            rateCents: talk.rateCents, hoursPerWeek: talk.hoursPerWeek, startDate: talk.startDate,
            payoutDelayDays: talk.payoutDelayDays)
        return page(visit, Self.termsForm(visit, terms), "Propose terms", lead: Self.roundsLeft(talk.roundNumber))
    }

    private static func roundsLeft(_ round: Int) -> String {
        switch round {
        case ..<2:
            "What you leave as it is stays. After this one there \(round == 0 ? "are two rounds" : "is one round") left."
        default: "This is the last round: after it one can only agree or end the negotiation."
        }
    }

    private static func termsForm(_ visit: Visit, _ terms: TermsInput) -> Form {
        Form("\(path(visit))/propose", submit: "Propose", TermsForm.fields(terms))
    }

    @Sendable private func propose(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.termsForm(visit, TermsInput()), again: { page(visit, $0, "Propose terms") }) {
            _ = try await visit.api.call(
                Endpoints.negotiations.round, .object(try TermsForm.members(visit.fields)), path: visit.parts,
                idempotencyKey: visit.once)
            return .see(Self.path(visit), .done("Your terms are with them."))
        }
    }

    @Sendable private func agree(_ visit: Visit) async throws -> WebAnswer {
        let round = try visit.fields.integer("round").map { JSONValue.integer($0) } ?? .null
        let talk = try await visit.api.call(
            Endpoints.negotiations.agree, ["round_number": round], path: visit.parts, idempotencyKey: visit.once)
        let path = talk.contractID.map { "/contracts/\($0)" } ?? Self.path(visit)
        return .see(path, .done("You agree. Now both approve the contract."))
    }

    private static func declineForm(_ visit: Visit) -> Form {
        var form = Form(
            "\(path(visit))/decline", submit: "End it",
            [
                Field(.area, "reason", "Why").with {
                    $0.hint = "For the other side to read."; $0.most = 5000
                }
            ])
        form.style = "danger"
        return form
    }

    @Sendable private func decline(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.declineForm(visit), again: { page(visit, $0, "End the negotiation") }) {
            let members = visit.fields.text("reason").map { [JSONMember("reason", .string($0))] } ?? []
            _ = try await visit.api.call(
                Endpoints.negotiations.decline, .object(members), path: visit.parts, idempotencyKey: visit.once)
            return .see(Self.path(visit), .done("The negotiation has ended."))
        }
    }

    private static func contactForm(_ visit: Visit) -> Form {
        Form(
            "\(path(visit))/contact", submit: "Share",
            [
                Field(.text, "kind", "Where").with {
                    $0.member = "contact_type"
                    $0.isRequired = true
                    $0.most = 50
                    $0.hint = "Such as e-mail, Telegram or telephone."
                },
                Field(.text, "value", "Address or number").with {
                    $0.member = "contact_value"
                    $0.isRequired = true
                    $0.most = 500
                    $0.hint = "Only the other side of this deal sees it."
                },
            ])
    }

    @Sendable private func contact(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.contactForm(visit), again: { page(visit, $0, "How to reach you") }) {
            let body: JSONValue = [
                "contact_type": .string(visit.fields.text("kind") ?? ""),
                "contact_value": .string(visit.fields.text("value") ?? ""),
            ]
            _ = try await visit.api.call(
                Endpoints.negotiations.shareContact, body, path: visit.parts, idempotencyKey: visit.once)
            return .see(Self.path(visit), .done("They can see how to reach you."))
        }
    }
}
