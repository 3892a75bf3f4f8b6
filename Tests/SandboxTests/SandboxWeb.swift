import OutboundHTTP
import ServiceKit
import SharedModels
import TestSupport

@testable import SandboxService

/// The sandbox's Stripe on a port, as our services and the people who test see it.
struct SandboxWeb: Sendable {
    let sandbox: SandboxFixture
    let url: String
    private let http: OutboundHTTP

    struct Answer: Sendable {
        let status: Int
        let body: JSONValue
        let isReplayed: Bool

        /// The code of Stripe's refusal; `nil` when it has none.
        var code: String? { body["error"]?["code"]?.string }
        var id: String { body["id"]?.string ?? "" }
    }

    /// In usd, in cents.
    struct Balance: Equatable {
        let available: Int64
        let pending: Int64
    }

    static func use(_ body: (SandboxWeb) async throws -> Void) async throws {
        try await SandboxFixture.use { sandbox in
            let routes = RawRoutes()
            sandbox.stripe.register(on: routes)
            ControlRoutes(
                messages: MessageStore(), faults: sandbox.faults, stripe: sandbox.store,
                database: sandbox.database
            ).register(on: routes)
            let http = OutboundHTTP(logger: .quiet)
            do {
                try await LocalServer.serve(routes) { url in
                    try await body(SandboxWeb(sandbox: sandbox, url: url, http: http))
                }
            } catch {
                await http.shutdown()
                throw error
            }
            await http.shutdown()
        }
    }

    private init(sandbox: SandboxFixture, url: String, http: OutboundHTTP) {
        (self.sandbox, self.url, self.http) = (sandbox, url, http)
    }

    /// A call of Stripe's API.
    ///
    /// - Parameter key: The idempotency key.
    func stripe(
        _ method: SharedModels.Method, _ path: String, _ form: [(String, String)] = [], key: String? = nil
    ) async throws -> Answer {
        let headers = [(name: "Authorization", value: "Bearer sk_test_1")]
        let target = url + "/stripe/v1/" + path
        return try await answer(
            to: method == .get
                ? OutboundRequest(.get, target, headers: headers)
                : .form(.post, target, headers: headers, form: form, idempotencyKey: key))
    }

    /// The page's button.
    func pay(_ session: String, _ form: [(String, String)] = []) async throws -> Answer {
        try await answer(to: .form(.post, url + "/stripe/checkout/\(session)/pay", form: form))
    }

    /// A command to the sandbox.
    @discardableResult
    func tell(_ path: String, _ body: JSONValue) async throws -> Answer {
        try await answer(to: .json(.post, url + "/sandbox/" + path, body: body.bytes))
    }

    /// A question to the sandbox.
    func ask(_ path: String) async throws -> Answer {
        try await answer(to: OutboundRequest(.get, url + "/sandbox/" + path))
    }

    /// A captured payment of 100 usd.
    func paid(with card: String = "pm_card_visa") async throws -> Answer {
        try await stripe(
            .post, "payment_intents",
            [("amount", "10000"), ("currency", "usd"), ("payment_method", card), ("confirm", "true")])
    }

    /// An account that can receive money.
    func account() async throws -> String {
        let made = try await stripe(
            .post, "accounts", [("type", "express"), ("capabilities[transfers][requested]", "true")])
        try await tell("stripe/accounts/\(made.id)", ["state": "active"])
        return made.id
    }

    func transfer(_ amount: Int64, to account: String, from charge: String? = nil) async throws -> Answer {
        var form = [("amount", "\(amount)"), ("currency", "usd"), ("destination", account)]
        if let charge { form.append(("source_transaction", charge)) }
        return try await stripe(.post, "transfers", form)
    }

    /// The platform's money.
    func balance() async throws -> Balance {
        let balance = try await stripe(.get, "balance").body
        return Balance(
            available: balance["available"]?.array?.first?["amount"]?.integer ?? 0,
            pending: balance["pending"]?.array?.first?["amount"]?.integer ?? 0)
    }

    /// What is due by the sandbox's clock happens.
    func advance(_ seconds: Int64) async throws {
        _ = try await sandbox.clock.advance(seconds: seconds)
        try await sandbox.work { _ = try await sandbox.deadlines.apply($0, by: $0.now) }
    }

    private func answer(to request: OutboundRequest) async throws -> Answer {
        let response = try await http.send(request, .question)
        let replayed = response.headers.contains { $0.name.lowercased() == "idempotent-replayed" }
        return Answer(
            status: response.status,
            body: (try? JSONValue.parse(response.body, leniently: true)) ?? .null, isReplayed: replayed)
    }
}
