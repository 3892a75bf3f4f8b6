import ServiceKit
import SharedModels
import Synchronization

/// How often the providers take messages. Their limits are in real time, whatever the marketplace's clock says.
///
/// Telegram and Slack allow short bursts above one message a second; how short, neither says. Here it is five.
final class MessagePace: Sendable {
    /// At most `count` in any span of `span`.
    struct Rule: Sendable {
        let count: Int
        let span: Duration
    }

    static let telegram = Rule(count: 30, span: .seconds(1))
    static let telegramChat = Rule(count: 5, span: .seconds(5))
    static let slackWebhook = Rule(count: 5, span: .seconds(5))
    static let discordWebhook = Rule(count: 5, span: .seconds(2))

    /// Addresses that are remembered.
    private static let most = 10_000

    private let sent = Mutex<[String: [ContinuousClock.Instant]]>([:])

    /// Takes a message to `address`, or says how long it has to wait.
    func take(_ address: String, _ rule: Rule, at now: ContinuousClock.Instant = .now) -> Duration? {
        sent.withLock { sent in
            let recent = sent[address, default: []].filter { now < $0 + rule.span }
            if recent.count >= rule.count, let first = recent.first { return first + rule.span - now }
            if sent.count >= Self.most { sent = [:] }
            sent[address] = recent + [now]
            return nil
        }
    }
}

extension Duration {
    /// In whole seconds, at least one: `Retry-After`.
    var retrySeconds: Int64 { max(1, (wholeMilliseconds + 999) / 1000) }
}
