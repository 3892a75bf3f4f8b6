import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import OutboundHTTP
import SharedModels
import Synchronization
import Testing

/// The far end of an account's webhook: keeps what it is sent, answers as it is told.
final class Receiver: Sendable {
    struct Delivery: Sendable {
        let headers: HTTPFields
        let body: [UInt8]

        var event: String? { (try? JSONValue.parse(body))?["event"]?.string }
        var messageID: String? { HTTPField.Name("webhook-id").flatMap { headers[$0] } }
    }

    private struct State {
        var port = 0
        var secret = ""
        var deliveries: [Delivery] = []
    }

    private let state = Mutex(State())

    /// Runs `body` while a receiver listens that `account` has registered as its webhook.
    ///
    /// - Parameter status: Of the answer to the delivery of that number, from 0.
    static func use(
        of account: Account, status: @escaping @Sendable (Int) -> Int = { _ in 204 },
        _ body: @escaping @Sendable (Receiver) async throws -> Void
    ) async throws {
        let receiver = Receiver()
        let router = Router()
        router.post("/hook") { request, _ in
            let bytes = try await request.body.collect(upTo: 1 << 20)
            let number = receiver.state.withLock { state in
                state.deliveries.append(Delivery(headers: request.headers, body: Array(bytes.readableBytesView)))
                return state.deliveries.count - 1
            }
            return HTTPResponse.Status(code: status(number))
        }
        let (ports, port) = AsyncStream<Int>.makeStream()
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "receiver") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            for await bound in ports {
                receiver.state.withLock { $0.port = bound }
                break
            }
            let bound = receiver.state.withLock { $0.port }
            let webhook = try await account.session.succeed(
                NotificationEndpoints.createWebhook.operation, [:], ["url": "http://127.0.0.1:\(bound)/hook"])
            let secret = try #require(webhook["secret"]?.string)
            receiver.state.withLock { $0.secret = secret }
            try await body(receiver)
            try await account.session.succeed(
                NotificationEndpoints.deleteWebhook.operation, ["id": try #require(webhook["id"]?.string)])
            group.cancelAll()
        }
    }

    var deliveries: [Delivery] { state.withLock { $0.deliveries } }

    /// Deliveries of that event, each message counted once.
    func messages(of event: EventName) -> Set<String> {
        Set(deliveries.filter { $0.event == event.rawValue }.compactMap(\.messageID))
    }

    /// Whether both signatures of a delivery are right over its raw bytes.
    func isSigned(_ delivery: Delivery) throws -> Bool {
        let secret = state.withLock { $0.secret }
        func header(_ name: String) -> String { HTTPField.Name(name).flatMap { delivery.headers[$0] } ?? "" }
        let whole = HMAC<SHA256>.authenticationCode(for: delivery.body, using: SymmetricKey(data: Data(secret.utf8)))
        let hexadecimal = whole.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let key = try #require(Data(base64Encoded: String(secret.dropFirst("whsec_".count))))
        let signed = Array("\(header("webhook-id")).\(header("webhook-timestamp")).".utf8) + delivery.body
        let standard = Data(HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key)))
        return header("x-clawconnected-signature") == "sha256=\(hexadecimal)"
            && header("webhook-signature") == "v1,\(standard.base64EncodedString())"
    }
}
