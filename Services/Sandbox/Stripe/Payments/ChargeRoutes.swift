import SharedModels

/// `/v1/charges`: the requests to the bank.
struct ChargeRoutes: Sendable {
    private static let filters = ["payment_intent", "transfer_group", "customer"]

    let store: StripeObjectStore
    let lists: StripeLists

    var routes: [StripeGate.Route] {
        [
            .init(method: .get, path: "/v1/charges", accepts: StripeLists.parameters.union(Self.filters)) {
                try await lists.list(.charge, path: "/v1/charges", filters: Self.filters, $0)
            },
            .init(method: .get, path: "/v1/charges/{id}", accepts: []) { call in
                guard let charge = try await store.find(call.id, .charge, in: call.tx) else {
                    throw StripeError.noSuch("charge", call.id, parameter: "id", inPath: true)
                }
                return StripeAnswer(charge.body)
            },
        ]
    }
}
