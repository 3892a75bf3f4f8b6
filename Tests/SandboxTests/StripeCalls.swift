import Postgres
import SharedModels

@testable import SandboxService

/// Calls of the sandbox's Stripe past the gate: no network, no key, no idempotency key.
extension SandboxFixture {
    /// - Parameters:
    ///   - path: As Stripe writes it, `/v1/customers/cus_1`.
    ///   - form: The parameters in Stripe's form encoding.
    /// - Returns: The answer, with its members sorted by name, because stored objects have a different order than new
    ///   ones.
    /// - Throws: ``StripeError`` when the call is refused and nothing has changed.
    @discardableResult
    func call(_ method: SharedModels.Method, _ path: String, _ form: String = "") async throws
        -> StripeAnswer
    {
        let parameters = try StripeParameters(FormData.pairs(form.utf8))
        for route in stripe.routes where route.method == method {
            guard let values = Self.values(of: route.path, in: path) else { continue }
            return try await work { work in
                var answer = try await route.handler(
                    StripeCall(
                        work: work, key: .secret, pathParameters: values, parameters: parameters,
                        account: nil, bank: .usual))
                let expansion = Expansion(store: store)
                answer.body = try await expansion.expand(parameters.list("expand"), in: answer.body, work)
                    .sorted
                return answer
            }
        }
        throw StripeError.invalid(nil, "Unrecognized request URL (\(method.rawValue): \(path)).")
    }

    func get(_ path: String, _ form: String = "") async throws -> JSONValue {
        try await call(.get, path, form).body
    }

    /// The object that a call made or changed.
    @discardableResult
    func post(_ path: String, _ form: String = "") async throws -> JSONValue {
        try await call(.post, path, form).body
    }

    /// The ids in a list, in its order.
    func ids(_ path: String, _ form: String = "") async throws -> [String] {
        try await get(path, form)["data"]?.array?.compactMap { $0["id"]?.string } ?? []
    }

    /// The refusal of a call; `nil` when it was not refused.
    func refusal(_ method: SharedModels.Method, _ path: String, _ form: String = "") async throws
        -> StripeError?
    {
        do {
            try await call(method, path, form)
            return nil
        } catch let refusal as StripeError {
            return refusal
        }
    }

    /// The `error` of a call whose card was declined, after which the payment is kept.
    func decline(_ path: String, _ form: String) async throws -> JSONValue {
        let answer = try await call(.post, path, form)
        return answer.status == 402 ? answer.body["error"] ?? .null : .null
    }

    func customer(_ form: String = "email=client@example.com") async throws -> String {
        try await post("/v1/customers", form)["id"]?.string ?? ""
    }

    /// A card that a customer's first payment, held and confirmed in their presence, has stored.
    func savedCard(of customer: String, _ card: String = "pm_card_visa", usage: String = "off_session")
        async throws -> String
    {
        let intent = try await post(
            "/v1/payment_intents",
            "amount=5000&currency=usd&capture_method=manual&customer=\(customer)&setup_future_usage=\(usage)")
        let path = "/v1/payment_intents/\(intent["id"]?.string ?? "")/confirm"
        return try await post(path, "payment_method=\(card)")["payment_method"]?.string ?? ""
    }

    /// The values of a route's placeholders; `nil` when the path is not the route's.
    private static func values(of route: String, in path: String) -> [String: String]? {
        let names = route.split(separator: "/")
        let parts = path.split(separator: "/")
        guard names.count == parts.count else { return nil }
        var values: [String: String] = [:]
        for (name, part) in zip(names, parts) where name != part {
            guard name.first == "{" else { return nil }
            values[String(name.dropFirst().dropLast())] = String(part)
        }
        return values
    }
}

extension JSONValue {
    fileprivate var sorted: JSONValue {
        switch self {
        case .object(let members):
            .object(members.sorted { $0.name < $1.name }.map { JSONMember($0.name, $0.value.sorted) })
        case .array(let elements): .array(elements.map(\.sorted))
        case .null, .bool, .integer, .decimal, .string: self
        }
    }
}
