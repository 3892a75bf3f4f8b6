import SharedModels

/// `/v1/transfers` and `/v1/balance`: money goes from the platform to a connected account.
struct TransferRoutes: Sendable {
    let store: StripeObjectStore
    let events: StripeEvents
    let lists: StripeLists
    let balances = BalanceStore()

    var routes: [StripeGate.Route] {
        let filters: Set<String> = ["destination", "transfer_group"]
        return [
            .init(
                method: .post, path: "/v1/transfers",
                accepts: [
                    "amount", "currency", "destination", "description", "metadata", "source_transaction",
                    "source_type",
                    "transfer_group",
                ], handler: create),
            .init(method: .get, path: "/v1/transfers", accepts: StripeLists.parameters.union(filters)) {
                try await lists.list(
                    .transfer, path: "/v1/transfers", filters: ["destination", "transfer_group"], $0)
            },
            .init(method: .get, path: "/v1/transfers/{id}", accepts: []) { call in
                guard let transfer = try await store.find(call.id, .transfer, in: call.tx) else {
                    throw Self.noSuch(call)
                }
                return StripeAnswer(transfer.body)
            },
            .init(
                method: .post, path: "/v1/transfers/{id}", accepts: ["metadata", "description"],
                handler: update),
            .init(method: .get, path: "/v1/balance", accepts: []) { call in
                StripeAnswer(try await balances.json(of: call.account ?? BalanceStore.platform, in: call.tx))
            },
        ]
    }

    private func create(_ call: StripeCall) async throws -> StripeAnswer {
        let parameters = call.parameters
        let currency = try Currencies.read(parameters)
        let destination = try parameters.required("destination")
        let amount = try parameters.requiredInteger("amount")
        guard (1...Currencies.largestPayment).contains(amount) else {
            throw StripeError.invalid("parameter_invalid_integer", "Invalid positive integer", "amount")
        }
        guard let account = try await store.lock(destination, .account, in: call.tx) else {
            throw StripeError.noSuch("destination", destination, parameter: "destination", inPath: false)
        }
        guard account["capabilities"]["transfers"] == "active" else {
            throw StripeError.invalid(
                "insufficient_capabilities_for_transfer",
                "Your destination account needs to have at least one of the following capabilities enabled: "
                    + "transfers, crypto_transfers, legacy_payments")
        }
        let source = try await source(of: amount, currency, call)
        guard try await balances.take(amount, currency, from: BalanceStore.platform, in: call.tx) else {
            throw StripeError.invalid(
                "balance_insufficient",
                "You have insufficient available funds in your Stripe account.")
        }
        try await balances.add(amount, currency, to: destination, in: call.tx)
        let id = StripeKind.transfer.makeID()
        let transfer = StripeObject(
            .transfer, id: id,
            [
                JSONMember("amount", .integer(amount)),
                JSONMember("amount_reversed", 0),
                JSONMember("balance_transaction", .string("txn_" + RandomText.alphanumeric(24))),
                JSONMember("created", JSONValue(unix: call.now)),
                JSONMember("currency", .string(currency)),
                JSONMember("description", JSONValue(try parameters.text("description"))),
                JSONMember("destination", .string(destination)),
                JSONMember("destination_payment", .string("py_" + RandomText.alphanumeric(24))),
                JSONMember("metadata", try parameters.metadata()),
                JSONMember(
                    "reversals",
                    [
                        "object": "list", "data": [], "has_more": false, "total_count": 0,
                        "url": .string("/v1/transfers/\(id)/reversals"),
                    ]),
                JSONMember("reversed", false),
                JSONMember("source_transaction", JSONValue(source?.id)),
                JSONMember("source_type", "card"),
                JSONMember(
                    "transfer_group",
                    try JSONValue(parameters.text("transfer_group") ?? source?["transfer_group"].string)),
            ])
        try await store.insert(transfer, call.work)
        try await events.emit("transfer.created", transfer, call.work)
        return StripeAnswer(transfer.body)
    }

    /// The charge that the money comes from, locked. All transfers from one charge together cannot exceed its amount.
    private func source(of amount: Int64, _ currency: String, _ call: StripeCall) async throws
        -> StripeObject?
    {
        guard let id = try call.parameters.text("source_transaction") else { return nil }
        guard let charge = try await store.lock(id, .charge, in: call.tx) else {
            throw StripeError.noSuch("charge", id, parameter: "source_transaction", inPath: false)
        }
        let spent = try await store.sum(
            of: "amount", .transfer, where: "source_transaction", is: id, in: call.tx)
        let rest = charge.amount("amount_captured") - charge.amount("amount_refunded") - spent
        guard charge.text("currency") == currency, amount <= rest else {
            throw StripeError.invalid(
                "transfer_source_balance_parameters_mismatch",
                "The transfer must be in the currency of its source_transaction and at most what is left of it, "
                    + "which is \(rest).",
                "source_transaction")
        }
        return charge
    }

    private func update(_ call: StripeCall) async throws -> StripeAnswer {
        guard var transfer = try await store.lock(call.id, .transfer, in: call.tx) else {
            throw Self.noSuch(call)
        }
        transfer["metadata"] = try call.parameters.metadata(over: transfer["metadata"])
        if call.parameters.names.contains("description") {
            transfer["description"] = JSONValue(try call.parameters.text("description"))
        }
        try await store.save(transfer, call.work)
        return StripeAnswer(transfer.body)
    }

    private static func noSuch(_ call: StripeCall) -> StripeError {
        .noSuch("transfer", call.id, parameter: "transfer", inPath: true)
    }
}
