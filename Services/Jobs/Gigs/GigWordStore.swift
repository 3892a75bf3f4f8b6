import Postgres

/// The statements that bring rows of the table `gig_words` into their present form. Otherwise a trigger on `gigs` writes it
/// (migrations 0007 and 0010).
struct GigWordStore: Sendable {
    /// The form that the trigger writes now. It is part of the statement's text, so that the index of old rows can be used.
    private static let form: SQL = "3"

    /// Writes some old rows anew. If a gig changes in the meantime, that change writes its words.
    ///
    /// - Returns: How many there were.
    func renew(_ limit: Int, in executor: some SQLExecutor) async throws -> Int {
        try await executor.execute(
            """
            WITH old AS (
                SELECT gig_id FROM gig_words WHERE form < \(fragment: Self.form) LIMIT \(limit) FOR UPDATE SKIP LOCKED
            )
            UPDATE gig_words SET words = words_of_gig(gigs), form = \(fragment: Self.form)
              FROM gigs, old
             WHERE gig_words.gig_id = old.gig_id AND gigs.id = old.gig_id
            """
        )
    }
}
