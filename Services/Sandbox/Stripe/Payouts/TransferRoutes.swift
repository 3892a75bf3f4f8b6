import SharedModels

/// `/v1/transfers` and their reversals: money goes from the platform to a connected account, and back.
struct TransferRoutes: Sendable {
    let store: StripeObjectStore
    let transfers: Transfers
    let lists: StripeLists

    var routes: [StripeGate.Route] {
        let filters: Set<String> = ["destination", "transfer_group"]
        let one = "/v1/transfers/{id}"
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
            .init(method: .get, path: one, accepts: []) { StripeAnswer(try await locked($0).body) },
            .init(method: .post, path: one, accepts: ["metadata", "description"], handler: update),
            .init(
                method: .post, path: one + "/reversals",
                accepts: ["amount", "description", "metadata", "refund_application_fee"]
            ) { call in
                StripeAnswer(
                    try await transfers.reverse(
                        locked(call), amount: call.parameters.integer("amount"),
                        metadata: try call.parameters.metadata(), call.work
                    ).body)
            },
            .init(method: .get, path: one + "/reversals", accepts: StripeLists.parameters) { call in
                try await lists.list(
                    .transferReversal, path: "/v1/transfers/\(call.id)/reversals",
                    where: [("transfer", locked(call).id)], call)
            },
        ]
    }

    private func create(_ call: StripeCall) async throws -> StripeAnswer {
        let parameters = call.parameters
        let order = Transfers.Order(
            amount: try parameters.requiredInteger("amount"), currency: try Currencies.read(parameters),
            destination: try parameters.required("destination"),
            source: try parameters.text("source_transaction"), group: try parameters.text("transfer_group"),
            description: try parameters.text("description"), metadata: try parameters.metadata())
        return StripeAnswer(try await transfers.make(order, call.work).body)
    }

    private func update(_ call: StripeCall) async throws -> StripeAnswer {
        var transfer = try await locked(call)
        transfer["metadata"] = try call.parameters.metadata(over: transfer["metadata"])
        if call.parameters.names.contains("description") {
            transfer["description"] = JSONValue(try call.parameters.text("description"))
        }
        try await store.save(transfer, call.work)
        return StripeAnswer(transfer.body)
    }

    private func locked(_ call: StripeCall) async throws -> StripeObject {
        guard let transfer = try await store.lock(call.id, .transfer, in: call.tx) else {
            throw StripeError.noSuch("transfer", call.id, parameter: "transfer", inPath: true)
        }
        return transfer
    }
}
