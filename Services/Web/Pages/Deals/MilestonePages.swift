import GuildhallClient
import SharedModels

/// `/contracts/{id}/milestones/…`: added, taken out, delivered, released, disputed.
struct MilestonePages: PageGroup {
    func register(on site: inout SiteMap) {
        site.get("/contracts/{id}/milestones/new") { page($0, Self.addForm($0), "Add a milestone") }
        site.post("/contracts/{id}/milestones/new", add)
        let one = "/contracts/{id}/milestones/{milestoneId}"
        site.post("\(one)/withdraw", withdraw)
        site.get("\(one)/deliver") { page($0, Self.deliverForm($0), "Deliver the work", Self.deliverLead) }
        site.post("\(one)/deliver", deliver)
        site.post("\(one)/release", release)
        site.get("\(one)/dispute") { page($0, Self.disputeForm($0), "Open a dispute", Self.disputeLead) }
        site.post("\(one)/dispute", dispute)
    }

    private static func path(_ visit: Visit, _ action: String) -> String {
        "\(ContractPages.path(visit))/milestones/\(visit.part("milestoneId").percentEncoded)/\(action)"
    }

    private func page(_ visit: Visit, _ form: Form, _ title: String, _ lead: String? = nil) -> WebAnswer {
        visit.formPage(title, form, lead: lead, back: (ContractPages.path(visit), "The deal"), place: "deals")
    }

    private static func addForm(_ visit: Visit) -> Form {
        Form(
            "\(ContractPages.path(visit))/milestones/new", submit: "Add it",
            [
                Field(.text, "title", "Title").with {
                    $0.isRequired = true; $0.most = 200
                },
                Field(.money, "amount", "Amount").with {
                    $0.member = "amount_cents"
                    $0.isRequired = true
                    $0.hint = "US dollars, 0.50 or more; 0 for work that is not paid."
                },
            ])
    }

    @Sendable private func add(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(Self.addForm(visit), again: { page(visit, $0, "Add a milestone") }) {
            var body = [JSONMember("title", .string(visit.fields.text("title") ?? ""))]
            if let cents = try visit.fields.cents("amount") { body.append(JSONMember("amount_cents", .integer(cents))) }
            _ = try await visit.api.call(
                Endpoints.contracts.addMilestone, .object(body), path: visit.parts, idempotencyKey: visit.once)
            return .see(ContractPages.path(visit), .done("The milestone is added."))
        }
    }

    @Sendable private func withdraw(_ visit: Visit) async throws -> WebAnswer {
        _ = try await visit.api.call(
            Endpoints.contracts.withdrawMilestone, path: visit.parts, idempotencyKey: visit.once)
        return .see(ContractPages.path(visit), .done("The milestone is taken out."))
    }

    private static let deliverLead = "The client has 14 days to look at it. Then the money is released by itself."

    private static func deliverForm(_ visit: Visit) -> Form {
        Form(
            path(visit, "deliver"), submit: "Deliver",
            [
                Field(.area, "note", "What you hand over").with { $0.most = 5000 },
                Field(.url, "url", "Where it is").with { $0.hint = "A link, https://…" },
            ])
    }

    @Sendable private func deliver(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(
            Self.deliverForm(visit), again: { page(visit, $0, "Deliver the work", Self.deliverLead) }
        ) {
            var body: [JSONMember] = []
            if let note = visit.fields.text("note") { body.append(JSONMember("note", .string(note))) }
            if let url = visit.fields.text("url") { body.append(JSONMember("url", .string(url))) }
            _ = try await visit.api.call(
                Endpoints.contracts.deliver, .object(body), path: visit.parts, idempotencyKey: visit.once)
            return .see(ContractPages.path(visit), .done("Your work is with the client."))
        }
    }

    @Sendable private func release(_ visit: Visit) async throws -> WebAnswer {
        let release = try await visit.api.call(
            Endpoints.contracts.release, path: visit.parts, idempotencyKey: visit.once)
        let display = visit.display
        let words =
            release.status == .releasing
            ? "The release is under way."
            : "\(display.money(release.transferCents)) go to the freelancer\(release.payoutAt.map { " on \(display.day($0))" } ?? "")."
        return .see(ContractPages.path(visit), .done(words))
    }

    private static let disputeLead =
        "The money stays where it is until an admin has decided. The other side has 24 hours to answer."

    private static func disputeForm(_ visit: Visit) -> Form {
        var form = Form(
            path(visit, "dispute"), submit: "Open the dispute",
            [
                Field(.area, "reason", "What is in dispute").with {
                    $0.isRequired = true; $0.most = 5000
                }
            ] + EvidenceForm.fields)
        form.style = "danger"
        return form
    }

    @Sendable private func dispute(_ visit: Visit) async throws -> WebAnswer {
        try await visit.submit(
            Self.disputeForm(visit), again: { page(visit, $0, "Open a dispute", Self.disputeLead) }
        ) {
            let contract = try await visit.api.call(Endpoints.contracts.get, path: ["id": visit.part("id")])
            let body: JSONValue = [
                "contract_id": .string(visit.part("id")), "milestone_id": .string(visit.part("milestoneId")),
                "disputing_party": .string(contract.yourRole?.rawValue ?? ""),
                "reason": .string(visit.fields.text("reason") ?? ""), "evidence": EvidenceForm.evidence(visit.fields),
            ]
            let dispute = try await visit.api.call(Endpoints.disputes.create, body, idempotencyKey: visit.once)
            return .see("/disputes/\(dispute.id)", .done("The dispute is open."))
        }
    }
}
