import Postgres
import SharedModels

/// Every statement on the table `match_texts`, except those that read vectors beside features.
struct MatchTextStore: Sendable {
    /// A text that waits for its vector.
    struct Due: Sendable {
        let subject: MatchTextID
        let text: String
        let tries: Int
    }

    /// What profiles say in free text, with the name to be left out of it.
    func profiles(
        _ users: [AccountID], in executor: some SQLExecutor
    ) async throws -> [(user: AccountID, name: String, text: String)] {
        try await executor.all(
            """
            SELECT user_id, display_name, concat_ws(E'\\n', title, bio) AS text FROM profiles
             WHERE user_id = ANY(\(users)) AND deleted_at IS NULL
            """
        ) { (try $0.decode("user_id"), try $0.decode("display_name"), try $0.decode("text")) }
    }

    /// Keeps a text. The same again changes nothing; another one has no vector yet.
    func put(
        _ text: String, of subject: MatchTextID, owner: AccountID, at due: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO match_texts (subject, owner_id, text, next_at) VALUES (\(subject), \(owner), \(text), \(due))
            ON CONFLICT (subject) DO UPDATE
               SET text = excluded.text, vector = NULL, model = NULL, next_at = excluded.next_at, tries = 0
             WHERE match_texts.text <> excluded.text
            """)
    }

    func delete(_ subject: MatchTextID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM match_texts WHERE subject = \(subject)")
    }

    func due(_ limit: Int, at now: Timestamp, in executor: some SQLExecutor) async throws -> [Due] {
        try await executor.all(
            "SELECT subject, text, tries FROM match_texts WHERE next_at <= \(now) ORDER BY next_at LIMIT \(limit)"
        ) { Due(subject: try $0.decode("subject"), text: try $0.decode("text"), tries: try $0.decode("tries")) }
    }

    /// Stores the vector of a text, unless the text is another one now.
    ///
    /// - Returns: Whose it is.
    func save(_ vector: TextVector, of due: Due, in tx: Transaction) async throws -> AccountID? {
        try await tx.first(
            """
            UPDATE match_texts SET vector = \(vector.bytes), model = \(vector.model), next_at = NULL, tries = 0
             WHERE subject = \(due.subject) AND text = \(due.text) RETURNING owner_id
            """
        ) { try $0.decode("owner_id") }
    }

    /// - Parameter next: When to ask again; `nil` for never.
    func postpone(_ due: Due, until next: Timestamp?, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            UPDATE match_texts SET next_at = \(next), tries = tries + 1
             WHERE subject = \(due.subject) AND text = \(due.text)
            """)
    }

    /// Asks again about what another model gave.
    func renew(otherThan model: String, at now: Timestamp, in database: Database) async throws {
        try await database.execute("UPDATE match_texts SET next_at = \(now), tries = 0 WHERE model <> \(model)")
    }
}

/// An account or a gig, as whose text something is kept.
enum MatchTextKind: IdentifierKind { static let prefix = "text" }
typealias MatchTextID = Identifier<MatchTextKind>
