import Postgres
import ServiceKit
import SharedModels

/// Warns the owners of keys that are about to expire, so that no program stops without warning.
///
/// One scheduled item looks whenever a key comes within ``notice``. A key that was revoked, replaced or announced is no
/// longer found, so nothing has to be cancelled.
struct KeyExpiryWorkflow: Sendable {
    /// How long before a key expires its owner is warned.
    static let notice = Duration.days(7)
    /// The longest pause between two looks. Keys made in between come within reach only months later.
    static let longestPause = Duration.hours(1)
    /// How many keys are announced in one transaction.
    private static let batch = 100

    let database: Database
    let clock: any DomainClock
    let outbox: Outbox
    let keys: KeyStore

    func register(on scheduler: Scheduler) {
        scheduler.regularly("keys.expiring") { try await warn() }
    }

    /// Announces every key within reach, once: the mark on the key commits with the event.
    ///
    /// - Returns: When to look again.
    func warn() async throws -> Timestamp {
        let now = clock.now
        var told = 0
        repeat {
            told = try await database.transaction { tx in
                let ending = try await keys.takeEnding(
                    by: now + Self.notice, limit: Self.batch, at: now, in: tx)
                for key in ending {
                    guard let end = key.expiresAt else { continue }
                    try await outbox.append(.keyExpiring(key, at: end, told: now), in: tx)
                }
                return ending.count
            }
        } while told == Self.batch
        let next = try await keys.nextEnd(after: now, in: database).map { $0 - Self.notice }
        return min(next ?? .distantFuture, now + Self.longestPause)
    }
}

extension Timestamp {
    fileprivate static let distantFuture = calendarRange.upperBound
}

extension Announcement {
    fileprivate static func keyExpiring(_ key: APIKey, at end: Timestamp, told now: Timestamp) throws -> Self {
        let news = KeyExpiryNews(
            apiKeyID: key.id, name: key.name, prefix: key.displayPrefix, hostedAgentID: key.hostedAgentID,
            expiresAt: end)
        return try Self(KeyExpiring.self, of: key.id, sequence: 1, to: [key.accountID], news, at: now)
    }
}
