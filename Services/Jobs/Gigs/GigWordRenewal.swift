import Postgres
import ServiceKit
import SharedModels

/// Rewrites the words of gigs that an earlier release stored in another form (migrations 0007 and 0010). It works in batches, so
/// that no service start waits for the whole table.
struct GigWordRenewal: Sendable {
    /// The form that the trigger on `gigs` writes now. It is part of the statement's text, so that the index of old
    /// rows can be used.
    private static let form: SQL = "3"

    let database: Database
    let clock: any DomainClock
    /// Rows per batch. Each batch takes a fraction of a second.
    var batch = 500

    /// Continues from the start until no old row is left. Then it looks once a day for rows written by an older
    /// replica.
    func register(on scheduler: Scheduler) {
        scheduler.regularly("gigs.words.renew") {
            try await renew() < batch ? clock.now + .days(1) : clock.now
        }
    }

    /// One batch. If a gig changes in the meantime, that change writes its words.
    ///
    /// - Returns: How many rows were old.
    func renew() async throws -> Int {
        try await database.execute(
            """
            WITH old AS (
                SELECT gig_id FROM gig_words WHERE form < \(fragment: Self.form) LIMIT \(batch) FOR UPDATE SKIP LOCKED
            )
            UPDATE gig_words SET words = words_of_gig(gigs), form = \(fragment: Self.form)
              FROM gigs, old
             WHERE gig_words.gig_id = old.gig_id AND gigs.id = old.gig_id
            """
        )
    }
}
