import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import SandboxService

/// The sandbox's own Stripe, served on a port, with what others do to the money there. It is the only file that sees the
/// sandbox's code, whose names are often those of payments.
struct OutsideStripe: Sendable {
    let url: String
    let clock: SandboxClock
    private let database: Database
    private let http: OutboundHTTP
    private let deliveries = DeliveryStore()

    /// A webhook on its way: the event's id and its bytes.
    struct Webhook: Sendable {
        let event: String
        let type: String
        let payload: [UInt8]
    }

    static func serve(_ body: (OutsideStripe) async throws -> Void) async throws {
        try await TestDatabase.use(of: .sandbox) { database in
            let clock = SandboxClock(database: database)
            let faults = FaultStore(database: database)
            let http = OutboundHTTP(logger: .quiet)
            let stripe = StripeSandbox(
                database: database, clock: clock, faults: faults, http: http, base: "http://sandbox",
                webhookURL: "http://127.0.0.1:1/webhook", signature: WebhookSignature(secrets: [Secret("whsec_test")]),
                logger: .quiet)
            let routes = RawRoutes()
            stripe.register(on: routes)
            ControlRoutes(messages: MessageStore(), faults: faults, stripe: stripe.objects, database: database)
                .register(on: routes)
            do {
                try await LocalServer.serve(routes) { url in
                    try await body(OutsideStripe(url: url, clock: clock, database: database, http: http))
                }
            } catch {
                await http.shutdown()
                throw error
            }
            await http.shutdown()
        }
    }

    private init(url: String, clock: SandboxClock, database: Database, http: OutboundHTTP) {
        (self.url, self.clock, self.database, self.http) = (url, clock, database, http)
    }

    /// Somebody does something at Stripe.
    ///
    /// - Returns: The object that it made or changed.
    @discardableResult
    func tell(_ path: String, _ body: JSONValue) async throws -> JSONValue {
        let response = try await http.send(.json(.post, url + "/sandbox/" + path, body: body.bytes), .question)
        let answer = try JSONValue.parse(response.body, leniently: true)
        try #require(response.status == 200, "the sandbox answered \(response.status): \(answer)")
        return answer
    }

    /// The client's browser confirms a payment.
    func confirm(_ intent: String) async throws {
        let response = try await http.send(
            .form(
                .post, url + "/stripe/v1/payment_intents/\(intent)/confirm", headers: Self.headers,
                form: [("payment_method", "pm_card_visa")]), .question)
        try #require(response.status == 200)
    }

    func get(_ path: String) async throws -> JSONValue {
        let response = try await http.send(
            OutboundRequest(.get, url + "/stripe/v1/" + path, headers: Self.headers), .question)
        return try JSONValue.parse(response.body, leniently: true)
    }

    /// The objects of a list, newest first.
    func list(_ path: String) async throws -> [JSONValue] { try await get(path)["data"]?.array ?? [] }

    /// The platform's available money, in minor units.
    func balance(_ currency: String = "usd") async throws -> Int64 {
        let available = try await get("balance")["available"]?.array ?? []
        return available.first { $0["currency"]?.string == currency }?["amount"]?.integer ?? 0
    }

    /// Somebody does something with a page or an object, by a request of Stripe's API or of the page itself.
    ///
    /// - Returns: The status and the answer.
    @discardableResult
    func post(_ path: String, _ form: [(String, String)] = []) async throws -> (status: Int, answer: JSONValue) {
        let response = try await http.send(
            .form(.post, url + "/stripe/" + path, headers: Self.headers, form: form), .question)
        return (response.status, try JSONValue.parse(response.body, leniently: true))
    }

    /// The client pays on a page.
    func pay(_ session: String?, _ form: [(String, String)] = []) async throws {
        let paid = try await post("checkout/\(session ?? "none")/pay", form)
        try #require(paid.status == 200, "\(paid.answer)")
    }

    /// Time passes, for Stripe and for us.
    func advance(seconds: Int64) async throws { try #require(try await clock.advance(seconds: seconds)) }

    /// What Stripe does not show yet while `body` runs, though it is there.
    func hiding(_ id: String, _ body: () async throws -> Void) async throws {
        try await database.execute("CREATE TABLE hidden AS SELECT * FROM stripe_objects WITH NO DATA")
        try await database.execute("INSERT INTO hidden SELECT * FROM stripe_objects WHERE id = \(id)")
        try await database.execute("DELETE FROM stripe_objects WHERE id = \(id)")
        try await body()
        try await database.execute("INSERT INTO stripe_objects OVERRIDING SYSTEM VALUE SELECT * FROM hidden")
        try await database.execute("DROP TABLE hidden")
    }

    /// Takes the webhooks that are on their way, in their order.
    func webhooks() async throws -> [Webhook] {
        var found: [Webhook] = []
        while let next = try await deliveries.findNext(at: SystemClock().now + .seconds(60), in: database) {
            let type = try JSONValue.parse(next.payload)["type"]?.string ?? ""
            found.append(Webhook(event: next.eventID, type: type, payload: next.payload))
            try await deliveries.delete(next, in: database)
        }
        return found
    }

    private static let headers = [(name: "Authorization", value: "Bearer sk_test_1")]
}
