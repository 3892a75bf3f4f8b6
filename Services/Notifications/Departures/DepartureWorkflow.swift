import Postgres
import ServiceKit
import SharedModels

/// What becomes of webhooks and channels when their account is deleted: they go, and with them what was still
/// to be delivered.
struct DepartureWorkflow: Sendable {
    /// Longer than a request lasts that was let in while its account was there.
    static let secondLookAfter = Duration.minutes(1)

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let webhooks = WebhookStore()
    let channels = ChannelStore()

    func register() {
        scheduler.on(SecondLook.self) { work in
            try await database.transaction { tx in try await remove(work.subject, in: tx) }
        }
    }

    /// Auth has deleted the account.
    func leave(_ account: AccountID, in tx: Transaction) async throws {
        try await remove(account, in: tx)
        try await scheduler.schedule(SecondLook(account), at: clock.now + Self.secondLookAfter, in: tx)
    }

    private func remove(_ account: AccountID, in tx: Transaction) async throws {
        try await webhooks.deleteAll(of: account, in: tx)
        try await channels.deleteAll(of: account, in: tx)
    }
}

/// What an account that is gone left behind is removed once more.
struct SecondLook: WorkOnSubject {
    static let kind = "account.left"
    let subject: AccountID
}
