import SharedModels

/// `/v1/disputes`: they are looked at, answered with evidence, or given up.
struct DisputeRoutes: Sendable {
    private static let filters = ["charge", "payment_intent"]

    let store: StripeObjectStore
    let events: StripeEvents
    let disputes: Disputes
    let lists: StripeLists

    var routes: [StripeGate.Route] {
        let one = "/v1/disputes/{id}"
        return [
            .init(method: .get, path: "/v1/disputes", accepts: StripeLists.parameters.union(Self.filters)) {
                try await lists.list(.dispute, path: "/v1/disputes", filters: Self.filters, $0)
            },
            .init(method: .get, path: one, accepts: []) { StripeAnswer(try await locked($0).body) },
            .init(method: .post, path: one, accepts: ["evidence", "metadata", "submit"], handler: update),
            .init(method: .post, path: one + "/close", accepts: []) { call in
                StripeAnswer(try await disputes.close(locked(call), .lost, call.work).body)
            },
        ]
    }

    private func update(_ call: StripeCall) async throws -> StripeAnswer {
        var dispute = try await locked(call)
        dispute["metadata"] = try call.parameters.metadata(over: dispute["metadata"])
        let evidence = try call.parameters.group("evidence")
        let given = try evidence.names.map { JSONMember($0, JSONValue(try evidence.text($0))) }
        dispute["evidence"] = dispute["evidence"].merging(given)
        // Evidence goes to the bank at once unless it is held back.
        if !given.isEmpty, try call.parameters.flag("submit") ?? true {
            dispute["status"] = "under_review"
            dispute["evidence_details"] = dispute["evidence_details"].merging([
                JSONMember("has_evidence", true), JSONMember("submission_count", 1),
            ])
        }
        try await store.save(dispute, call.work)
        try await events.emit("charge.dispute.updated", dispute, call.work)
        return StripeAnswer(dispute.body)
    }

    private func locked(_ call: StripeCall) async throws -> StripeObject {
        guard let dispute = try await store.lock(call.id, .dispute, in: call.tx) else {
            throw StripeError.noSuch("dispute", call.id, parameter: "dispute", inPath: true)
        }
        return dispute
    }
}
