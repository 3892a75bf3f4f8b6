import Postgres
import ServiceKit
import SharedModels

/// Sends nothing to the webhooks and channels of an account as long as it is blocked, and names it to nobody.
struct BlockingWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let clearing: LineClearing
    let lines = LineStore()
    let feed = FeedStore()
    let blocked = BlockedStore()

    func register(on scheduler: Scheduler) {
        scheduler.on(SecondBlocking.self) { work in
            try await database.transaction { tx in
                try await feed.lock(in: tx)
                // Unblocked since this began. The admin who unblocks holds the same lock.
                guard try await scheduler.isScheduled(work, in: tx) else { return }
                try await close(work.subject, in: tx)
            }
        }
    }

    /// What waits fails, and what happens meanwhile is not told.
    func block(_ account: AccountID, in tx: Transaction) async throws {
        // First, as when events come in: its lock before those of lines.
        try await feed.lock(in: tx)
        try await blocked.insertIfAbsent(account, in: tx)
        try await close(account, in: tx)
        // For what a request made that was let in before.
        let second = SecondBlocking(account)
        try await scheduler.schedule(second, at: clock.now + DepartureWorkflow.secondLookAfter, in: tx)
    }

    /// Those that were not disabled by themselves are told what happens from now on.
    func unblock(_ account: AccountID, in tx: Transaction) async throws {
        try await scheduler.cancel(SecondBlocking(account), in: tx)
        try await feed.lock(in: tx)
        try await blocked.delete(account, in: tx)
        try await lines.openAll(of: account, at: clock.now, in: tx)
    }

    private func close(_ account: AccountID, in tx: Transaction) async throws {
        try await clearing.schedule(try await lines.closeAll(of: account, at: clock.now, in: tx), in: tx)
    }
}

/// Looks once more for what a blocked account has.
struct SecondBlocking: WorkOnSubject {
    static let kind = "account.blocked"
    let subject: AccountID
}
