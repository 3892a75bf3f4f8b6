import SharedModels

/// `/v1/payment_methods`, and the same below a customer.
struct PaymentMethodRoutes: Sendable {
    let store: StripeObjectStore
    let customers: Customers
    let methods: PaymentMethods
    let lists: StripeLists

    var routes: [StripeGate.Route] {
        let one = "/v1/payment_methods/{id}"
        let ofCustomer = "/v1/customers/{id}/payment_methods"
        return [
            .init(
                method: .get, path: "/v1/payment_methods",
                accepts: StripeLists.parameters.union(["customer", "type"]), handler: list),
            .init(method: .get, path: one, accepts: []) { call in
                let card = try await methods.existing(call.id, in: call.tx)
                return StripeAnswer(card.shown(at: call.now))
            },
            .init(method: .post, path: one + "/attach", accepts: ["customer"]) { call in
                let customer = try call.parameters.required("customer")
                return StripeAnswer(try await methods.attach(call.id, to: customer, call.work).body)
            },
            .init(method: .post, path: one + "/detach", accepts: []) { call in
                StripeAnswer(try await methods.detach(call.id, call.work).body)
            },
            .init(
                method: .get, path: ofCustomer, accepts: StripeLists.parameters.union(["type"]),
                handler: listOfCustomer),
            .init(
                method: .get, path: ofCustomer + "/{payment_method}", accepts: [],
                handler: retrieveOfCustomer),
        ]
    }

    /// Without a customer Stripe lists nothing.
    private func list(_ call: StripeCall) async throws -> StripeAnswer {
        let customer = try call.parameters.text("customer")
        if let customer { try await customers.check(customer, in: call.tx) }
        return try await lists.list(
            .paymentMethod, path: "/v1/payment_methods", filters: ["type"],
            where: [("customer", customer ?? "")], call)
    }

    private func listOfCustomer(_ call: StripeCall) async throws -> StripeAnswer {
        try await checkPath(call)
        return try await lists.list(
            .paymentMethod, path: "/v1/customers/\(call.id)/payment_methods", filters: ["type"],
            where: [("customer", call.id)], call)
    }

    private func retrieveOfCustomer(_ call: StripeCall) async throws -> StripeAnswer {
        try await checkPath(call)
        let id = call.pathParameters["payment_method"] ?? ""
        guard let method = try await store.find(id, .paymentMethod, in: call.tx),
            method.text("customer") == call.id
        else {
            throw StripeError.noSuch("PaymentMethod", id, parameter: "payment_method", inPath: true)
        }
        return StripeAnswer(method.body)
    }

    /// Refuses a customer in the path who does not exist or was deleted.
    private func checkPath(_ call: StripeCall) async throws {
        guard let customer = try await store.find(call.id, .customer, in: call.tx), !customer.isDeleted else {
            throw StripeError.noSuch("customer", call.id, parameter: "id", inPath: true)
        }
    }
}
