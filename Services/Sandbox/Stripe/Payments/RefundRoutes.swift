import SharedModels

/// `/v1/refunds`: money goes back to the card.
struct RefundRoutes: Sendable {
    private static let reasons: Set<String> = ["duplicate", "fraudulent", "requested_by_customer"]

    let store: StripeObjectStore
    let events: StripeEvents
    let lists: StripeLists
    let balances = BalanceStore()

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
        var charge = try await chargeToRefund(call)
        let rest = charge.amount("amount_captured") - charge.amount("amount_refunded")
        guard rest > 0 else {
            throw StripeError.invalid(
                "charge_already_refunded", "Charge \(charge.id) has already been refunded.")
        }
        let amount = try parameters.integer("amount") ?? rest
        guard amount > 0 else {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid positive integer", "amount")
        }
        guard amount <= rest else {
            throw StripeError.invalid(
                nil, "Refund amount (\(amount)) is greater than unrefunded amount on charge (\(rest))",
                "amount")
        }
        let refund = StripeObject(
            .refund,
            [
                JSONMember("amount", .integer(amount)),
                JSONMember("balance_transaction", .string("txn_" + RandomText.alphanumeric(24))),
                JSONMember("charge", .string(charge.id)),
                JSONMember("created", JSONValue(unix: call.now)),
                JSONMember("currency", charge["currency"]),
                JSONMember("metadata", try parameters.metadata()),
                JSONMember("payment_intent", charge["payment_intent"]),
                JSONMember("reason", JSONValue(reason)),
                JSONMember("status", "succeeded"),
            ])
        charge["amount_refunded"] = .integer(charge.amount("amount_refunded") + amount)
        charge["refunded"] = .bool(amount == rest)
        try await store.save(charge, call.work)
        try await store.insert(refund, call.work)
        try await balances.withdraw(amount, charge.text("currency"), from: BalanceStore.platform, in: call.tx)
        try await events.emit("refund.created", refund, call.work)
        try await events.emit("charge.refunded", charge, call.work)
        return StripeAnswer(refund.body)
    }

    /// The charge that is named, or that of the payment that is named, locked.
    private func chargeToRefund(_ call: StripeCall) async throws -> StripeObject {
        let id: String
        if let charge = try call.parameters.text("charge") {
            id = charge
        } else {
            guard let intentID = try call.parameters.text("payment_intent") else {
                throw StripeError.invalid(
                    "parameter_missing",
                    "One of the following params should be provided for this request: payment_intent or charge."
                )
            }
            guard let intent = try await store.find(intentID, .paymentIntent, in: call.tx) else {
                throw StripeError.noSuch(
                    "payment_intent", intentID, parameter: "payment_intent", inPath: false)
            }
            guard intent.text("status") == IntentStatus.succeeded.rawValue else {
                throw StripeError.invalid(
                    "payment_intent_unexpected_state",
                    "This PaymentIntent (\(intentID)) does not have a successful charge to refund.",
                    "payment_intent")
            }
            id = intent.text("latest_charge")
        }
        guard let charge = try await store.lock(id, .charge, in: call.tx) else {
            throw StripeError.noSuch("charge", id, parameter: "charge", inPath: false)
        }
        guard charge["captured"].bool == true else {
            throw StripeError.invalid(
                "charge_not_refundable",
                "Charge \(id) has not been captured; cancel its PaymentIntent instead.", "charge")
        }
        return charge
    }
}
