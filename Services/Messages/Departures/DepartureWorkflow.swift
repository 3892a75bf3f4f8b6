import Postgres
import ServiceKit
import SharedModels

/// What happens to conversations when an account is deleted. Nothing is delivered to it from that moment, and what it
/// wrote reads as deleted. Its texts are erased a little later. The other keeps the conversation and its own messages;
/// when both have left, nothing stays.
struct DepartureWorkflow: Sendable {
    /// Conversations looked up at once.
    private static let batch = 100
    /// Messages changed in one statement.
    private static let stretch = 5000

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let departures = DepartureStore()

    func register(on scheduler: Scheduler) {
        scheduler.on(EraseWords.self) { work in try await erase(work.subject) }
    }

    /// Auth has deleted the account.
    func leave(_ account: AccountID, in tx: Transaction) async throws {
        let now = clock.now
        try await departures.insertIfAbsent(account, at: now, in: tx)
        try await scheduler.schedule(EraseWords(account), at: now, in: tx)
    }

    /// Erases what a deleted account wrote. A repeat goes on where the last attempt ended.
    func erase(_ account: AccountID) async throws {
        while true {
            let left = try await departures.left(by: account, limit: Self.batch, in: database)
            for conversation in left { try await erase(account, in: conversation) }
            if left.count < Self.batch { return }
        }
    }

    private func erase(_ account: AccountID, in left: DepartureStore.Left) async throws {
        let last = try await departures.lastPosition(of: left.id, in: database)
        for position in stride(from: 0, to: Int(last), by: Self.stretch) {
            if left.otherHasLeft {
                try await departures.deleteMessages(of: left.id, upTo: Int64(position + Self.stretch), in: database)
            } else {
                try await departures.erase(
                    account, in: left.id, after: Int64(position), limit: Int64(Self.stretch), at: clock.now,
                    in: database)
            }
        }
        if left.otherHasLeft {
            try await database.transaction { tx in try await departures.delete(left.id, in: tx) }
        } else {
            try await departures.removeParticipant(account, from: left.id, in: database)
        }
    }
}

/// Erases what a deleted account wrote.
struct EraseWords: WorkOnSubject {
    static let kind = "account.left"
    let subject: AccountID
}
