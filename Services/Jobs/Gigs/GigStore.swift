import Postgres
import SharedModels

/// The statements on the table `gigs`, but for those of a search and of a departure.
struct GigStore: Sendable {
    func insert(_ gig: Gig, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO gigs (id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at)
            VALUES (\(gig.id), \(gig.ownerID), \(gig.title), \(gig.description), \(gig.scope), \(gig.rateCents),
                    \(gig.status.rawValue), \(gig.version), \(gig.createdAt), \(gig.updatedAt))
            """
        )
    }

    func get(_ id: GigID, in executor: some SQLExecutor) async throws -> Gig? {
        try await executor.first(
            """
            SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at
              FROM gigs WHERE id = \(id)
            """,
            Gig.init(row:)
        )
    }

    /// Reads a gig and locks it, so that two changes cannot start from the same state.
    func lock(_ id: GigID, in tx: Transaction) async throws -> Gig? {
        try await tx.first(
            """
            SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at
              FROM gigs WHERE id = \(id) FOR UPDATE
            """,
            Gig.init(row:)
        )
    }

    func save(_ gig: Gig, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE gigs
               SET title = \(gig.title), description = \(gig.description), scope = \(gig.scope),
                   rate_cents = \(gig.rateCents), status = \(gig.status.rawValue), version = \(gig.version),
                   updated_at = \(gig.updatedAt)
             WHERE id = \(gig.id)
            """
        )
    }

    func delete(_ id: GigID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM gigs WHERE id = \(id)")
    }

    /// Everybody's active gigs, newest first.
    ///
    /// The inner limit, the longest page and a row more, is for PostgreSQL's planner. It takes an unknown limit
    /// for a tenth of all rows, so that a plan for any limit looks dear and each execution is planned anew.
    /// Measured with 100,000 gigs and pages of 20: 80 µs of CPU without it, 55 with it.
    ///
    /// - Parameter limit: At most 101.
    func active(after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor) async throws -> [ListedGig] {
        let cursor = cursor ?? .newest
        return try await executor.all(
            """
            SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at
              FROM (SELECT id, owner_id, title, description, scope, rate_cents, status, version,
                           created_at, updated_at
                      FROM gigs
                     WHERE status = 'active' AND (created_at, id) < (\(cursor.moment), \(cursor.id))
                     ORDER BY created_at DESC, id DESC LIMIT 101) AS longest
             ORDER BY created_at DESC, id DESC LIMIT \(limit)
            """,
            ListedGig.init(row:)
        )
    }

    /// One owner's gigs in one status, newest first.
    func owned(
        by owner: AccountID, _ status: GigStatus, after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor
    ) async throws -> [ListedGig] {
        let cursor = cursor ?? .newest
        return try await executor.all(
            """
            SELECT id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at
              FROM gigs
             WHERE owner_id = \(owner) AND status = \(status.rawValue)
               AND (created_at, id) < (\(cursor.moment), \(cursor.id))
             ORDER BY created_at DESC, id DESC LIMIT \(limit)
            """,
            ListedGig.init(row:)
        )
    }
}

extension Gig {
    init(row: Row) throws {
        try self.init(row, title: row.decode(at: 2), description: row.decode(at: 3), scope: row.decode(at: 4))
    }
}

extension ListedGig {
    fileprivate init(row: Row) throws {
        guard let title = try row.text(at: 2) else { throw PostgresError.decoding(column: "title", reason: "is NULL") }
        try self.init(row, title: title, description: row.text(at: 3), scope: row.text(at: 4))
    }
}

extension GigRecord {
    /// By position, in the order of the columns above: a page has 200 of them, and each name would be searched for.
    private init(_ row: Row, title: Text, description: Text?, scope: Text?) throws {
        self.init(
            id: try row.decode(at: 0), ownerID: try row.decode(at: 1), title: title, description: description,
            scope: scope, rateCents: try row.decode(at: 5), status: try row.decode(at: 6),
            version: try row.decode(at: 7), createdAt: try row.decode(at: 8), updatedAt: try row.decode(at: 9))
    }
}

extension GigStatus: PostgresValue {}
