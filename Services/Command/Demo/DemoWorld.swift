import Foundation
import GuildhallClient
import Logging
import OutboundHTTP
import ServiceKit
import SharedModels

/// The demo's access to the stack: to the gateway like every client, to the sandbox and the ledger as an operator.
struct DemoWorld: Sendable {
    let gateway: String
    let sandbox: String
    let stripeKey: String
    let client: PatientClient
    let http: OutboundHTTP
    private let peers: Peers

    init(gateway: String, sandbox: String, payments: String, stripeKey: String, serviceSecret: String) {
        self.gateway = gateway
        self.sandbox = sandbox
        self.stripeKey = stripeKey
        client = PatientClient(api: GuildhallClient(url: gateway))
        http = OutboundHTTP(userAgent: "guildhallctl", logger: Logger(label: "demo"))
        peers = Peers(
            addresses: [.payments: payments],
            tokens: ServiceTokens(secret: RotatingSecret(reading: serviceSecret), issuer: .contracts), http: http)
    }

    func close() async {
        await client.close()
        await http.shutdown()
    }

    func ledger(of milestone: MilestoneID) async throws -> MilestoneLedger {
        try await peers.call(Endpoints.paymentsInternal.ledger, NoInput(), path: ["id": milestone.description])
    }

    /// Signs in with GitHub as a browser does, following each redirect by hand.
    ///
    /// - Returns: The session cookie's value.
    func signIn(as login: String) async throws -> String {
        // From the start again: what was sent to GitHub is good for one attempt.
        try await client.patience.ask { try await enter(as: login) }
    }

    private func enter(as login: String) async throws -> String {
        let start = try await get(gateway + "/api/session/github")
        let authorize = try location(of: start, at: "the sign-in")
        let cookies = cookies(of: start)
        let consent = try await get("\(authorize)&login=\(login.percentEncoded)")
        let callback = try location(of: consent, at: "GitHub")
        let done = try await get(callback, cookies: cookies)
        guard let session = self.cookies(of: done)["guildhall_session"] else {
            throw DemoFailure("the sign-in of \(login) set no session: status \(done.status)")
        }
        return session
    }

    /// Confirms a PaymentIntent with Stripe's test card, as the client's browser would.
    func pay(_ paymentIntent: String) async throws {
        var request = OutboundRequest.form(
            .post, "\(sandbox)/stripe/v1/payment_intents/\(paymentIntent)/confirm",
            form: [("payment_method", "pm_card_visa")])
        request.headers.append(Authorization.showing(stripeKey))
        request.idempotencyKey = "demo-\(paymentIntent)"
        let response = try await http.send(request, .provider)
        guard response.status == 200 else {
            throw DemoFailure("the payment was refused: \(String(decoding: response.body, as: UTF8.self))")
        }
    }

    func stripeState() async throws -> JSONValue { try await json("\(sandbox)/sandbox/stripe/state") }

    func messages(channel: String, to address: String) async throws -> [JSONValue] {
        let found = try await json("\(sandbox)/sandbox/messages?channel=\(channel)&to=\(address.percentEncoded)")
        return found.array ?? found["messages"]?.array ?? []
    }

    func advanceClock(seconds: Int) async throws {
        var request = OutboundRequest(
            .post, "\(sandbox)/sandbox/clock", headers: [("Content-Type", "application/json")],
            body: Array("{\"advance_seconds\": \(seconds)}".utf8))
        request.deadline = .seconds(10)
        // Not asked again: a clock that moved and whose answer was lost would move twice.
        let response = try await http.send(request, .service)
        guard response.status == 200 else { throw DemoFailure("the clock did not move: status \(response.status)") }
    }

    func open(_ url: String) async throws { _ = try await client.patience.ask { try await get(url) } }

    /// Repeats until `condition` returns a value.
    func eventually<Result>(
        _ what: String, within limit: Duration = .seconds(180), _ condition: () async throws -> Result?
    ) async throws -> Result {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if let result = try await condition() { return result }
            try await Task.sleep(for: .milliseconds(400))
        }
        throw DemoFailure("\(what) did not happen within \(limit)")
    }

    private func json(_ url: String) async throws -> JSONValue {
        try JSONValue.parse(try await client.patience.ask { try await get(url) }.body)
    }

    private func get(_ url: String, cookies: [String: String] = [:]) async throws -> OutboundResponse {
        let line = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        var request = OutboundRequest(.get, url, headers: line.isEmpty ? [] : [("Cookie", line)], body: nil)
        request.maximumResponseBytes = 16 << 20
        let response = try await http.send(request, .service)
        if let busy = Busy(response) { throw busy }
        return response
    }

    private func location(of response: OutboundResponse, at place: String) throws -> String {
        guard (300..<400).contains(response.status), let location = response.header("location") else {
            throw DemoFailure(
                "\(place) answered \(response.status) instead of sending on: \(String(decoding: response.body, as: UTF8.self))"
            )
        }
        return location.hasPrefix("/") ? gateway + location : location
    }

    private func cookies(of response: OutboundResponse) -> [String: String] {
        var cookies: [String: String] = [:]
        for header in response.headers where header.name.lowercased() == "set-cookie" {
            let pair = header.value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            if pair.count == 2 { cookies[String(pair[0])] = String(pair[1]) }
        }
        return cookies
    }
}
