import Foundation
import GuildhallClient
import Logging
import OutboundHTTP
import ServiceKit
import SharedModels
import Testing

/// The running stack that the journeys use. `make test` puts its addresses into the environment:
/// `GUILDHALL_TEST_GATEWAY`, `SANDBOX_URL`, `SERVICE_SECRET`, `STRIPE_SECRET_KEY`, `ADMIN_EMAIL` and `ADMIN_PASSWORD`.
struct Stack: Sendable {
    static let isGiven = environment["GUILDHALL_TEST_GATEWAY"] != nil
    /// Whether a run without a stack is a failure.
    static let isRequired = environment["GUILDHALL_REQUIRE_JOURNEYS"] == "1"

    private static let environment = ProcessInfo.processInfo.environment
    private static let only = Result { try Stack() }

    /// The one stack of this run.
    static func current() throws -> Stack { try only.get() }

    let gateway: String
    let sandbox: String
    let stripeKey: String
    let http: OutboundHTTP
    private let port: Int
    private let peers: Peers
    /// Every call is independent: its own connection, no second attempt, no circuit breaker.
    private let plain: OutboundPolicy

    private init() throws {
        gateway = try Self.setting("GUILDHALL_TEST_GATEWAY")
        sandbox = try Self.setting("SANDBOX_URL")
        stripeKey = try Self.setting("STRIPE_SECRET_KEY")
        port = try #require(WebURL(gateway)?.port, "GUILDHALL_TEST_GATEWAY names its port")
        http = OutboundHTTP(userAgent: "guildhall-journeys", logger: Logger(label: "journeys"))
        plain = .userSupplied(EgressGuard(allowing: [try #require(CIDR("127.0.0.0/8"))]))
        let secret = RotatingSecret(reading: try Self.setting("SERVICE_SECRET"))
        peers = Peers(
            addresses: [.payments: "http://127.0.0.1:\(port + ServiceName.payments.portOffset)"],
            tokens: ServiceTokens(secret: secret, issuer: .contracts), http: http)
    }

    static func setting(_ name: String) throws -> String {
        try #require(environment[name], "\(name) is in the environment")
    }

    /// A service's own port, behind the gateway.
    func address(of service: ServiceName) -> String { "http://127.0.0.1:\(port + service.portOffset)" }

    /// The ledger entries of a milestone.
    func ledger(of milestone: String) async throws -> MilestoneLedger {
        try await peers.call(Endpoints.paymentsInternal.ledger, NoInput(), path: ["id": milestone])
    }

    /// The arbitration fee of a dispute.
    func arbitrationFee(of dispute: [String: String]) async throws -> ArbitrationFeeView {
        try await peers.call(Endpoints.paymentsInternal.arbitrationFee, NoInput(), path: dispute)
    }

    func send(_ request: OutboundRequest) async throws -> Answer {
        var request = request
        // What a busy machine takes is no fault of the stack's.
        request.deadline = max(request.deadline, .seconds(120))
        request.maximumResponseBytes = 16 << 20
        let path = WebURL(request.url)?.path ?? ""
        guard request.method == .get, Self.streams.contains(path) else {
            return Answer(try await http.send(request, plain))
        }
        // A stream has no end: its head is the answer.
        let stream = try await http.stream(request, plain)
        var answer = stream.head
        if answer.status != 200 { for try await bytes in stream { answer.body += bytes } }
        return Answer(answer)
    }

    /// Opens a stream of server-sent events.
    func follow(
        _ operation: SharedModels.Operation, as caller: Caller, headers: [(name: String, value: String)] = []
    ) async throws -> OutboundStream {
        var request = OutboundRequest(
            .get, caller.address + operation.path(with: [:]), headers: caller.headers + headers)
        request.deadline = .seconds(120)
        request.idleTimeout = .seconds(120)
        return try await http.stream(request, plain)
    }

    private static let streams = Set(Catalogue.published.filter { $0.output == EventStreamOutput.self }.map(\.path))
}
