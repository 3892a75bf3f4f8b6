import Crypto
import Foundation
import SharedModels
import Synchronization
import TestSupport
import Testing

/// The receiver of an account's webhook: it keeps what it receives, and answers as a test decides.
final class Receiver: Sendable {
    struct Delivery: Sendable {
        /// Names in lower case.
        let headers: [String: String]
        let body: [UInt8]

        var event: String? { (try? JSONValue.parse(body))?["event"]?.string }
        var messageID: String? { headers["webhook-id"] }
    }

    private struct State {
        var secret = ""
        var deliveries: [Delivery] = []
    }

    private let state = Mutex(State())

    /// Runs `body` while a receiver listens that is registered as a webhook of `account`.
    ///
    /// - Parameter status: The status of the answer to each delivery, by its number from 0.
    static func use(
        of account: Account, status: @escaping @Sendable (Int) -> Int = { _ in 204 },
        _ body: @escaping @Sendable (Receiver) async throws -> Void
    ) async throws {
        let receiver = Receiver()
        try await LocalServer.serve { asked in
            let number = receiver.state.withLock { state in
                state.deliveries.append(Delivery(headers: asked.headers, body: asked.body))
                return state.deliveries.count - 1
            }
            return .init(status: status(number))
        } _: { url in
            let webhook = try await account.session.succeed(
                Endpoints.notifications.createWebhook.operation, [:], ["url": .string(url + "/hook")])
            let secret = try #require(webhook["secret"]?.string)
            receiver.state.withLock { $0.secret = secret }
            try await body(receiver)
            try await account.session.succeed(
                Endpoints.notifications.deleteWebhook.operation, ["id": try #require(webhook["id"]?.string)])
        }
    }

    var deliveries: [Delivery] { state.withLock { $0.deliveries } }

    /// The deliveries of that event, each message counted once.
    func messages(of event: EventName) -> Set<String> {
        Set(deliveries.filter { $0.event == event.rawValue }.compactMap(\.messageID))
    }

    /// Whether both signatures of a delivery are right over its raw bytes.
    func isSigned(_ delivery: Delivery) throws -> Bool {
        let secret = state.withLock { $0.secret }
        func header(_ name: String) -> String { delivery.headers[name] ?? "" }
        let whole = HMAC<SHA256>.authenticationCode(for: delivery.body, using: SymmetricKey(data: Data(secret.utf8)))
        let hexadecimal = Hexadecimal.encode(whole)
        let key = try #require(Data(base64Encoded: String(secret.dropFirst("whsec_".count))))
        let signed = Array("\(header("webhook-id")).\(header("webhook-timestamp")).".utf8) + delivery.body
        let standard = Data(HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key)))
        return header("x-clawconnected-signature") == "sha256=\(hexadecimal)"
            && header("webhook-signature") == "v1,\(standard.base64EncodedString())"
    }
}
