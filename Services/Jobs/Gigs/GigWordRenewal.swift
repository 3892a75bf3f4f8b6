import Postgres
import ServiceKit
import SharedModels

/// Makes the words of gigs again that an earlier release made in another form (migration 0007), a batch at a time, so
/// that no start of a service waits for the whole table.
struct GigWordRenewal: Sendable {
    /// The form that the trigger on `gigs` writes now. Part of the text, so that the index of old rows serves.
    private static let form: SQL = "2"

    let database: Database
    let clock: any DomainClock
    /// Each takes a fraction of a second.
    var batch = 500

    /// Goes on from the start until none is old, and looks once a day for what an older replica has written meanwhile.
    func keepRenewing(by scheduler: Scheduler) {
        scheduler.regularly("gigs.words.renew") {
            try await renew() < batch ? clock.now + .days(1) : clock.now
        }
    }

    /// One batch. A gig that changes meanwhile has its words written by that change.
    ///
    /// - Returns: How many were old.
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
