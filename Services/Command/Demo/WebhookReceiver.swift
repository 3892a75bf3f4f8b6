import Crypto
import Foundation
import HTTPTypes
import ServiceKit
import SharedModels
import Synchronization

/// The receiver of a webhook: takes deliveries on its own port and checks both signatures over the raw bytes.
final class WebhookReceiver: Sendable {
    private struct State {
        var port: Int?
        var secret: String?
        var deliveries: [(headers: HTTPFields, body: [UInt8])] = []
    }

    private let host: String
    private let state = Mutex(State())

    private init(host: String) {
        self.host = host
    }

    /// Runs `body` while the receiver listens.
    static func run(host: String, _ body: @escaping @Sendable (WebhookReceiver) async throws -> Void) async throws {
        let receiver = WebhookReceiver(host: host)
        let (ports, port) = AsyncStream<Int>.makeStream()
        let listener = HTTPListener(
            host: host == "127.0.0.1" ? host : "0.0.0.0", port: 0, onListening: { port.yield($0) },
            refuse: { ServedAnswer(status: $0.status, headers: [:], body: .bytes([])) },
            respond: { await receiver.take($0) })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run() }
            for await bound in ports {
                receiver.state.withLock { $0.port = bound }
                break
            }
            try await body(receiver)
            group.cancelAll()
        }
    }

    private func take(_ request: IncomingRequest) async -> ServedAnswer {
        guard request.method == "POST", request.path == "/hook", let bytes = try? await request.body(atMost: 1 << 20)
        else { return ServedAnswer(status: 400, headers: [:], body: .bytes([])) }
        state.withLock { $0.deliveries.append((request.headers, bytes)) }
        return ServedAnswer(status: 204, headers: [:], body: .none)
    }

    var url: String { "http://\(host):\(state.withLock { $0.port ?? 0 })/hook" }

    func trust(secret: String) { state.withLock { $0.secret = secret } }

    /// The names of the events received so far, all with valid signatures.
    ///
    /// - Throws: When a delivery's signature is wrong.
    func verifiedEvents() throws -> [String] {
        let (secret, deliveries) = state.withLock { ($0.secret, $0.deliveries) }
        guard let secret else { return [] }
        return try deliveries.map { delivery in
            try verify(delivery.headers, delivery.body, secret: secret)
            return try JSONValue.parse(delivery.body)["event"]?.string ?? ""
        }
    }

    private func verify(_ headers: HTTPFields, _ body: [UInt8], secret: String) throws {
        func header(_ name: String) -> String { HTTPField.Name(name).flatMap { headers[$0] } ?? "" }
        let whole = HMAC<SHA256>.authenticationCode(for: body, using: SymmetricKey(data: Data(secret.utf8)))
        let hexadecimal = Hexadecimal.encode(whole)
        guard header("x-clawconnected-signature") == "sha256=\(hexadecimal)" else {
            throw DemoFailure("a delivery's X-ClawConnected-Signature is wrong")
        }
        guard let key = Base64.decode(secret.dropFirst("whsec_".count)) else {
            throw DemoFailure("the webhook's secret is not whsec_ and base64")
        }
        let signed = Array("\(header("webhook-id")).\(header("webhook-timestamp")).".utf8) + body
        let standard = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
        guard header("webhook-signature") == "v1,\(Base64.encode(standard))" else {
            throw DemoFailure("a delivery's webhook-signature is wrong")
        }
    }
}
