import SharedModels
import Synchronization

/// How many messages an account sends through this process's sockets. A key's requests are metered by auth; people who
/// are signed in are bounded here, as at the gateway elsewhere.
final class ChatMeter: Sendable {
    private struct Bucket {
        var tokens: Double
        var last: ContinuousClock.Instant
    }

    /// Accounts whose bucket is full need none. They are looked for when so many are kept.
    private static let kept = 10_000

    private let buckets = Mutex<[AccountID: Bucket]>([:])

    /// Counts one message.
    ///
    /// - Throws: 429 when the plan's minute is used up.
    func count(_ account: AccountID, _ plan: Plan, at now: ContinuousClock.Instant = .now) throws(ChatError) {
        let most = Double(plan.messagesPerMinute)
        func refilled(_ bucket: Bucket) -> Double {
            min(most, bucket.tokens + (now - bucket.last) / .seconds(60) * most)
        }
        let isLeft = buckets.withLock { buckets in
            if buckets.count >= Self.kept { buckets = buckets.filter { refilled($0.value) < most } }
            let tokens = refilled(buckets[account] ?? Bucket(tokens: most, last: now))
            guard tokens >= 1 else { return false }
            buckets[account] = Bucket(tokens: tokens - 1, last: now)
            return true
        }
        guard isLeft else { throw .tooManyMessages(perMinute: plan.messagesPerMinute) }
    }
}

extension Plan {
    /// As many as the plan has requests.
    var messagesPerMinute: Int {
        switch self {
        case .free: 60
        case .pro: 300
        case .enterprise, .custom: 1000
        }
    }
}
