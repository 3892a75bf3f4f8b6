import OutboundHTTP
import SharedModels

/// Makes one attempt.
struct Sender: Sendable {
    let webhooks: WebhookSender
    let channels: ChannelSender

    func send(_ delivery: Delivery) async -> AttemptResult {
        switch delivery.destination {
        case .webhook(let target):
            await webhooks.send(delivery, to: target)
        case .channel(let target, let reader):
            await channels.send(delivery, to: target, of: reader)
        }
    }
}

extension AttemptResult {
    /// How many bytes of an answer are kept.
    static let keptBytes = 1024

    /// - Parameter isHopeless: Says for which statuses, besides success, another attempt is useless.
    init(_ response: OutboundResponse, at now: Timestamp, isHopeless: (Int) -> Bool = { _ in false }) {
        let verdict: Verdict
        switch response.status {
        case 200..<300: verdict = .delivered
        case 410: verdict = .gone
        case let status where isHopeless(status): verdict = .hopeless
        default:
            let retryAfter = response.header("retry-after").flatMap { RetryAfter.parse($0, now: Int(now.seconds)) }
            verdict = .failed(retryAfter: retryAfter)
        }
        self.init(
            verdict: verdict, status: response.status, responseBody: Self.text(response.body),
            error: verdict == .delivered ? nil : "the receiver answered \(response.status)")
    }

    init(_ error: any Error) {
        switch error {
        case OutboundError.egressRefused(let reason):
            self.init(verdict: .hopeless, error: reason)
        case OutboundError.connectFailed(let reason):
            self.init(verdict: .failed(retryAfter: nil), error: "no connection: \(reason)")
        case OutboundError.timedOut:
            self.init(verdict: .failed(retryAfter: nil), error: "no answer within 10 seconds")
        case OutboundError.invalidURL, OutboundError.invalidMail:
            self.init(verdict: .hopeless, error: "the address cannot be used")
        case OutboundError.mailboxRefused(let status):
            self.init(verdict: .gone, status: status, error: "the mail server has no such mailbox")
        case OutboundError.mailRefused(let status):
            self.init(
                verdict: status >= 500 ? .hopeless : .failed(retryAfter: nil), status: status,
                error: "the mail server refused")
        case OutboundError.transport(_, let message):
            self.init(verdict: .failed(retryAfter: nil), error: "the connection broke: \(message)")
        default:
            self.init(verdict: .failed(retryAfter: nil), error: "the attempt could not be made")
        }
    }

    /// Without U+0000, which PostgreSQL cannot store.
    static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(keptBytes).filter { $0 != 0 }, as: UTF8.self)
    }
}
