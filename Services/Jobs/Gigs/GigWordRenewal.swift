import Postgres
import ServiceKit
import SharedModels

/// Rewrites the words of gigs that an earlier release stored in another form. It works in batches, so that no service
/// start waits for the whole table.
struct GigWordRenewal: Sendable {
    let database: Database
    let clock: any DomainClock
    let words = GigWordStore()
    /// Rows per batch. Each batch takes a fraction of a second.
    var batch = 500

    /// Continues from the start until no old row is left. Then it looks once a day for rows written by an older
    /// replica.
    func register(on scheduler: Scheduler) {
        scheduler.regularly("gigs.words.renew") {
            try await renew() < batch ? clock.now + .days(1) : clock.now
        }
    }

    /// One batch.
    ///
    /// - Returns: How many rows were old.
    func renew() async throws -> Int { try await words.renew(batch, in: database) }
}
