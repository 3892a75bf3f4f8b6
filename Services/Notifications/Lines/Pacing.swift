import SharedModels

/// How often each provider takes messages from us, and when the next may go. Pure.
///
/// A message that must wait takes no place meanwhile: its line rests until then.
struct Pacing: Sendable {
    /// At most `count` in any span of `span`.
    struct Rule: Sendable, Equatable {
        let count: Int
        let span: Duration
    }

    /// The rules of one kind of channel: for all of it together, and for each address.
    struct Pace: Sendable, Equatable {
        var together: Rule?
        var each: Rule?
    }

    /// - Telegram, "Bots FAQ": 30 a second in all, and one a second to a chat, with short bursts above it.
    /// - Slack, "Rate limits": one a second to a webhook, with short bursts above it.
    /// - Discord: 5 in 2 seconds to a webhook.
    /// - Mail: what the relay takes, which only its operator knows.
    static func providers(mailsPerSecond: Int) -> [ChannelType: Pace] {
        let burst = Rule(count: 3, span: .seconds(3))
        return [
            .telegram: Pace(together: Rule(count: 30, span: .seconds(1)), each: burst),
            .slack: Pace(each: burst), .discord: Pace(each: Rule(count: 5, span: .seconds(2))),
            .email: Pace(together: Rule(count: mailsPerSecond, span: .seconds(1))),
        ]
    }

    private struct Key: Hashable {
        let type: ChannelType
        /// `nil`: all of it.
        let address: String?
    }

    private struct Meter {
        /// When the latest were sent, the oldest first; as many as the rule counts.
        var sent: [Timestamp] = []
        /// Up to where those that wait were put off, so that they come back one after another.
        var promised = Timestamp(seconds: 0)
    }

    /// Addresses that are remembered. Beyond it those are forgotten that may send at once.
    private var most = 10_000

    private let paces: [ChannelType: Pace]
    private var meters: [Key: Meter] = [:]
    /// Processes among which the rules of a whole provider are divided. An address is one line's, and so one process's.
    var senders = 1

    init(_ paces: [ChannelType: Pace] = [:]) { self.paces = paces }

    /// Notes that a message is sent now.
    ///
    /// - Returns: `nil` when it may be; else when to ask again, and nothing is noted.
    mutating func take(_ target: ChannelTarget, at now: Timestamp) -> Timestamp? {
        guard let pace = paces[target.type] else { return nil }
        let rules = [
            (Key(type: target.type, address: target.address), pace.each),
            (Key(type: target.type, address: nil), pace.together?.share(of: senders)),
        ]
        .compactMap { key, rule in rule.map { (key: key, rule: $0) } }
        // An address that must wait takes nothing from the others.
        for (key, rule) in rules {
            if let moment = refusal(of: key, rule, at: now) { return moment }
        }
        for (key, rule) in rules {
            meters[key, default: Meter()].sent.append(now)
            // As many as count when this process is alone again.
            let kept = (key.address == nil ? pace.together : pace.each)?.count ?? rule.count
            if let surplus = meters[key].map({ $0.sent.count - kept }), surplus > 0 {
                meters[key]?.sent.removeFirst(surplus)
            }
        }
        if meters.count > most { forget(at: now) }
        return nil
    }

    private mutating func refusal(of key: Key, _ rule: Rule, at now: Timestamp) -> Timestamp? {
        guard var meter = meters[key], meter.sent.count >= rule.count else { return nil }
        let free = meter.sent[meter.sent.count - rule.count] + rule.span
        guard free > now else { return nil }
        if meter.promised <= now {
            meter.promised = free
        } else {
            meter.promised = max(free, meter.promised + rule.span / rule.count)
        }
        meters[key] = meter
        return meter.promised
    }

    private mutating func forget(at now: Timestamp) {
        meters = meters.filter { key, meter in
            let pace = paces[key.type]
            guard let rule = key.address == nil ? pace?.together : pace?.each, let last = meter.sent.last else {
                return false
            }
            return last + rule.span > now
        }
        // So that looking through them stays rare, however many there are.
        most = max(10_000, 2 * meters.count)
    }
}

extension Pacing.Rule {
    /// What each of `senders` processes may send, so that all of them together keep to the rule.
    fileprivate func share(of senders: Int) -> Self {
        guard senders > 1 else { return self }
        if count >= senders { return Self(count: count / senders, span: span) }
        return Self(count: 1, span: span * senders / count)
    }
}

extension ChannelTarget {
    /// What its provider counts by.
    fileprivate var address: String {
        switch self {
        case .telegram(let chatID): chatID
        case .slack(let url), .discord(let url): url
        case .email(let address): address
        }
    }
}
