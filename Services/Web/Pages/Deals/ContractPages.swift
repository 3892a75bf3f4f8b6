import GuildhallClient
import SharedModels

/// `/contracts/{id}/…`: approval, onboarding, revision, end, review, payouts.
struct ContractPages: PageGroup {
    func register(on site: inout SiteMap) {
        site.post("/contracts/{id}/approve", approve)
        site.get("/contracts/{id}/connect", connect)
        site.get("/contracts/{id}/revise") { page($0, Self.reviseForm($0), "Negotiate again", Self.reviseLead) }
        site.post("/contracts/{id}/revise", revise)
        site.get("/contracts/{id}/end") { page($0, Self.endForm($0), "End the contract", Self.endLead) }
        site.post("/contracts/{id}/end", end)
        site.get("/contracts/{id}/review") { page($0, Self.reviewForm($0), "Say how it went", Self.reviewLead) }
        site.post("/contracts/{id}/review", review)
    }

    static func path(_ visit: Visit) -> String { "/contracts/\(visit.part("id").percentEncoded)" }

    private func page(_ visit: Visit, _ form: Form, _ title: String, _ lead: String? = nil) -> WebAnswer {
        visit.formPage(title, form, lead: lead, back: (Self.path(visit), "The deal"), place: "deals")
    }

    @Sendable private func approve(_ visit: Visit) async throws -> WebAnswer {
        let contract = try await visit.api.call(
            Endpoints.contracts.approve, path: visit.parts, idempotencyKey: visit.once)
        let isComplete = contract.clientApprovedAt != nil && contract.workerApprovedAt != nil
        return .see(
            Self.path(visit),
            .done(
                isComplete
                    ? "Both have approved. Within seven days everything must be set up."
                    : "You approved. Now the other side has to."))
    }

    /// To the payment provider, where the freelancer says where the money goes. A link, because a form may not lead there
    /// (``Policy``), and because the API is only read.
    @Sendable private func connect(_ visit: Visit) async throws -> WebAnswer {
        .leave(try await visit.api.call(Endpoints.contracts.connectLink, path: visit.parts).url)
    }

    private static let reviseLead = "Both approvals are taken back, and the terms are open again."

    private static func reviseForm(_ visit: Visit) -> Form {
        Form(
            "\(path(visit))/revise", submit: "Negotiate again",
            [
                Field(.area, "notes", "What has to change").with {
                    $0.isRequired = true; $0.most = 5000
                }
            ])
    }

    @Sendable private func revise(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.reviseForm(visit), again: { page(visit, $0, "Negotiate again", Self.reviseLead) }) {
            _ = try await visit.api.call(
                Endpoints.contracts.revise, ["notes": .string(visit.fields.text("notes") ?? "")], path: visit.parts,
                idempotencyKey: visit.once)
            return .see(Self.path(visit), .done("The terms are open again."))
        }
    }

    private static let endLead =
        "The contract ends when both have said so. Money that is held and was not released goes back to the client."

    private static func endForm(_ visit: Visit) -> Form {
        var form = Form(
            "\(path(visit))/end", submit: "Agree to end it",
            [
                Field(.area, "note", "Why").with {
                    $0.hint = "For the other side to read."; $0.most = 5000
                }
            ])
        form.style = "danger"
        return form
    }

    @Sendable private func end(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.endForm(visit), again: { page(visit, $0, "End the contract", Self.endLead) }) {
            let members = visit.fields.text("note").map { [JSONMember("note", .string($0))] } ?? []
            let contract = try await visit.api.call(
                Endpoints.contracts.end, .object(members), path: visit.parts, idempotencyKey: visit.once)
            return .see(
                Self.path(visit),
                .done(
                    contract.status.isOver
                        ? "The contract has ended." : "You agreed to end it. Now the other side has to."))
        }
    }

    private static let reviewLead = "It is shown on their profile when both have written, or after some days."

    private static func reviewForm(_ visit: Visit) -> Form {
        Form(
            "\(path(visit))/review", submit: "Write the review",
            [
                Field(.choice, "rating", "Rating").with {
                    $0.isRequired = true
                    $0.value = "5"
                    $0.options = (1...5).reversed().map { ("\($0)", "\($0) of 5") }
                },
                Field(.area, "text", "In words").with {
                    $0.member = "review_text"
                    $0.most = 5000
                },
            ])
    }

    @Sendable private func review(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.reviewForm(visit), again: { page(visit, $0, "Say how it went", Self.reviewLead) }) {
            let body: JSONValue = [
                "rating": .integer(try visit.fields.integer("rating") ?? 0),
                "review_text": visit.fields.text("text").map { .string($0) } ?? .null,
            ]
            _ = try await visit.api.call(
                Endpoints.reviews.create, body, path: visit.parts, idempotencyKey: visit.once)
            return .see(Self.path(visit), .done("Thank you. Your review is written."))
        }
    }
}
