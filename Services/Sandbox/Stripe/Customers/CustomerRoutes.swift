import SharedModels

/// `/v1/customers`.
struct CustomerRoutes: Sendable {
    private static let texts = ["email", "name", "description", "phone"]
    private static let editable = Set(texts).union(["metadata"])
    /// Stripe's limit.
    private static let longestEmail = 512

    let store: StripeObjectStore
    let customers: Customers
    let lists: StripeLists

    var routes: [StripeGate.Route] {
        let all = "/v1/customers"
        let one = "/v1/customers/{id}"
        return [
            .init(method: .post, path: all, accepts: Self.editable) { call in
                let details = try Self.details(call.parameters, over: .object([]))
                return StripeAnswer(try await customers.create(details, call.work).body)
            },
            .init(method: .get, path: all, accepts: StripeLists.parameters.union(["email"])) {
                try await lists.list(.customer, path: all, filters: ["email"], $0)
            },
            .init(method: .get, path: one, accepts: []) { call in
                guard let customer = try await store.find(call.id, .customer, in: call.tx) else {
                    throw Self.noSuch(call)
                }
                return StripeAnswer(customer.body)
            },
            .init(method: .post, path: one, accepts: Self.editable) { call in
                let customer = try await locked(call)
                let details = try Self.details(call.parameters, over: customer["metadata"])
                return StripeAnswer(try await customers.update(customer, details, call.work).body)
            },
            .init(method: .delete, path: one, accepts: []) { call in
                StripeAnswer(try await customers.delete(locked(call), call.work).body)
            },
        ]
    }

    private static func details(_ parameters: StripeParameters, over metadata: JSONValue) throws
        -> [JSONMember]
    {
        var details = [JSONMember("metadata", try parameters.metadata(over: metadata))]
        for name in texts where parameters.names.contains(name) {
            details.append(JSONMember(name, JSONValue(try parameters.text(name))))
        }
        if let email = try parameters.text("email"), !isAddress(email) {
            throw StripeError.invalid("email_invalid", "Invalid email address: \(email.prefix(100))", "email")
        }
        return details
    }

    private static func isAddress(_ email: String) -> Bool {
        let parts = email.split(separator: "@", omittingEmptySubsequences: false)
        return email.count <= longestEmail && parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && !email.contains(where: \.isWhitespace)
    }

    /// A customer to be changed, who must not be deleted.
    private func locked(_ call: StripeCall) async throws -> StripeObject {
        guard let customer = try await store.lock(call.id, .customer, in: call.tx), !customer.isDeleted else {
            throw Self.noSuch(call)
        }
        return customer
    }

    private static func noSuch(_ call: StripeCall) -> StripeError {
        .noSuch("customer", call.id, parameter: "id", inPath: true)
    }
}
