import SharedModels

/// `/v1/refunds`: money goes back to the card.
struct RefundRoutes: Sendable {
    private static let reasons: Set<String> = ["duplicate", "fraudulent", "requested_by_customer"]

    let store: StripeObjectStore
    let refunds: Refunds
    let lists: StripeLists

    var routes: [StripeGate.Route] {
        [
            .init(
                method: .post, path: "/v1/refunds",
                accepts: ["payment_intent", "charge", "amount", "reason", "metadata"],
                handler: create),
            .init(
                method: .get, path: "/v1/refunds",
                accepts: StripeLists.parameters.union(["payment_intent", "charge"])
            ) {
                try await lists.list(.refund, path: "/v1/refunds", filters: ["payment_intent", "charge"], $0)
            },
            .init(method: .get, path: "/v1/refunds/{id}", accepts: []) { call in
                guard let refund = try await store.find(call.id, .refund, in: call.tx) else {
                    throw StripeError.noSuch("refund", call.id, parameter: "refund", inPath: true)
                }
                return StripeAnswer(refund.body)
            },
        ]
    }

    private func create(_ call: StripeCall) async throws -> StripeAnswer {
        let parameters = call.parameters
        let reason = try parameters.text("reason")
        if let reason, !Self.reasons.contains(reason) {
            throw StripeError.invalid(
                nil, "Invalid reason: must be one of \(Self.reasons.sorted().joined(separator: ", "))",
                "reason")
        }
        let charge = try await refunds.charge(
            parameters.text("charge"), ofIntent: parameters.text("payment_intent"), call.work)
        return StripeAnswer(
            try await refunds.make(
                of: charge, amount: parameters.integer("amount"), reason: reason,
                metadata: try parameters.metadata(), call.work
            ).body)
    }
}
