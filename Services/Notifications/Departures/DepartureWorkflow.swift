import Postgres
import ServiceKit
import SharedModels

/// Deletes webhooks and channels, with their deliveries, when their account is deleted.
struct DepartureWorkflow: Sendable {
    /// Longer than a request takes that was let in before the account was deleted.
    static let secondLookAfter = Duration.minutes(1)

    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let clearing: LineClearing
    let webhooks = WebhookStore()
    let channels = ChannelStore()
    let settings = ReadingStore()
    let blocked = BlockedStore()

    func register(on scheduler: Scheduler) {
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
        let gone =
            try await webhooks.deleteAll(of: account, in: tx) + channels.deleteAll(of: account, in: tx)
        try await clearing.remove(gone, in: tx)
        try await settings.delete(account, in: tx)
        try await blocked.delete(account, in: tx)
    }
}

/// Removes once more what a deleted account left behind.
struct SecondLook: WorkOnSubject {
    static let kind = "account.left"
    let subject: AccountID
}
