import OutboundHTTP
import SharedModels
import Testing

/// Commands and questions to the sandbox's providers.
extension Stack {
    /// Confirms a PaymentIntent as the client's browser would.
    func confirm(_ intent: String) async throws {
        let answer = try await pay(intent, with: "pm_card_visa")
        try #require(answer.status == 200, "the payment was refused: \(answer)")
    }

    /// Confirms a PaymentIntent with one of Stripe's test cards, and accepts every answer.
    func pay(_ intent: String, with card: String) async throws -> Answer {
        try await send(
            .form(
                .post, "\(sandbox)/stripe/v1/payment_intents/\(intent)/confirm",
                headers: [("Authorization", "Bearer \(stripeKey)")], form: [("payment_method", card)]))
    }

    /// A payment of nobody's milestone, which its bank takes back at once.
    ///
    /// - Returns: The id of the PaymentIntent.
    func disputedPayment() async throws -> String {
        let answer = try await send(
            .form(
                .post, "\(sandbox)/stripe/v1/payment_intents", headers: [("Authorization", "Bearer \(stripeKey)")],
                form: [
                    ("amount", "5000"), ("currency", "usd"), ("payment_method", "pm_card_createDispute"),
                    ("confirm", "true"),
                ]))
        return try #require(answer["id"]?.string, "the payment was refused: \(answer)")
    }

    /// Pays on a page of Stripe's, as its visitor would.
    ///
    /// - Parameters:
    ///   - session: Stripe's id of it.
    ///   - isDelayed: By a bank that takes days.
    func payPage(
        _ session: String, with card: String = "pm_card_visa", isDelayed: Bool = false
    ) async throws -> Answer {
        try await send(
            .form(
                .post, "\(sandbox)/stripe/checkout/\(session)/pay",
                form: [("payment_method", card)] + (isDelayed ? [("delayed", "true")] : [])))
    }

    /// An object or a list of Stripe's.
    func stripe(_ path: String) async throws -> Answer {
        try await send(
            OutboundRequest(.get, "\(sandbox)/stripe\(path)", headers: [("Authorization", "Bearer \(stripeKey)")]))
    }

    /// The sandbox's time.
    func now() async throws -> Timestamp {
        let clock = try await send(OutboundRequest(.get, "\(sandbox)/sandbox/clock"))
        return try #require(clock["now"]?.string.flatMap { Timestamp($0) }, "\(clock)")
    }

    /// Opens a provider's link, as the person it was made for.
    func open(_ url: String) async throws { _ = try await send(OutboundRequest(.get, url)) }

    /// All objects of one kind at the payment provider.
    func provider(_ kind: String) async throws -> [JSONValue] {
        let state = try await send(OutboundRequest(.get, "\(sandbox)/sandbox/stripe/state?kind=\(kind)"))
        return try #require(state[kind]?.array, "the provider keeps \(kind)")
    }

    /// Texts sent to an address, newest first.
    func messages(channel: String, to address: String) async throws -> [String] {
        let found = try await send(
            OutboundRequest(.get, "\(sandbox)/sandbox/messages?channel=\(channel)&to=\(address)"))
        return (found.json.array ?? []).compactMap { $0["text"]?.string }
    }

    /// Returns when every service has followed.
    func advanceClock(seconds: Int64) async throws {
        let answer = try await tell("clock", ["advance_seconds": .integer(seconds)])
        let now = try #require(answer["now"]?.string.flatMap { Timestamp($0) })
        for service in ServiceName.allCases where service != .sandbox {
            let operations = Caller(stack: self, address: address(of: service))
            _ = try await eventually("\(service) has followed the clock") {
                let time = try await operations.ask(.get, "/health/ready")["time"]?.string.flatMap { Timestamp($0) }
                return time.map { $0 >= now } == true ? true : nil
            }
        }
    }

    /// Makes the provider's next calls on paths with `path` in them fail while `body` runs.
    func failing(
        _ target: String, path: String, mode: String, times: Int64, _ body: () async throws -> Void
    ) async throws {
        try await tell(
            "fail", ["target": .string(target), "path": .string(path), "mode": .string(mode), "times": .integer(times)])
        do {
            try await body()
        } catch {
            try await recover(target)
            throw error
        }
        try await recover(target)
    }

    /// The provider works again.
    func recover(_ target: String) async throws { try await tell("fail", ["target": .string(target), "times": 0]) }

    @discardableResult
    private func tell(_ what: String, _ body: JSONValue) async throws -> Answer {
        let answer = try await send(.json(.post, "\(sandbox)/sandbox/\(what)", body: body.bytes))
        try #require(answer.status == 200, "the sandbox answered \(answer)")
        return answer
    }
}
