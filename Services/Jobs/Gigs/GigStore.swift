import Postgres
import SharedModels

/// The statements on the table `gigs`, except those of searches and departures. They see the gigs of ClawConnected alone: the
/// jobs in the same table are ``JobStore``'s.
struct GigStore: Sendable {
    /// In the order of ``GigColumn``.
    static let columns: SQL =
        "id, owner_id, title, description, scope, rate_cents, status, version, created_at, updated_at"

    /// Part of every statement, spelled out, because the indexes of the lists hold this flow alone.
    static let isGig: SQL = "gigs.flow = 'milestone_capture'"

    func insert(_ gig: Gig, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            INSERT INTO gigs (\(fragment: Self.columns))
            VALUES (\(gig.id), \(gig.ownerID), \(gig.title), \(gig.description), \(gig.scope), \(gig.rate?.minorUnits),
                    \(gig.status), \(gig.version), \(gig.createdAt), \(gig.updatedAt))
            """
        )
    }

    func find(_ id: GigID, in executor: some SQLExecutor) async throws -> Gig? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM gigs WHERE id = \(id) AND \(fragment: Self.isGig)", Gig.init(row:))
    }

    func lock(_ id: GigID, in tx: Transaction) async throws -> Gig? {
        try await tx.first(
            "SELECT \(fragment: Self.columns) FROM gigs WHERE id = \(id) AND \(fragment: Self.isGig) FOR UPDATE",
            Gig.init(row:))
    }

    func save(_ gig: Gig, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE gigs
               SET title = \(gig.title), description = \(gig.description), scope = \(gig.scope),
                   rate_cents = \(gig.rate?.minorUnits), status = \(gig.status), version = \(gig.version),
                   updated_at = \(gig.updatedAt)
             WHERE id = \(gig.id)
            """
        )
    }

    func delete(_ id: GigID, in tx: Transaction) async throws {
        try await tx.executeLater("DELETE FROM gigs WHERE id = \(id)")
    }

    /// The active gigs of all owners.
    ///
    /// The inner limit is the longest page and one row more. It helps PostgreSQL's planner, which estimates an unknown
    /// limit as a tenth of all rows: a generic plan then looks expensive, and every execution is planned again.
    /// Measured with 100,000 gigs and pages of 20: 80 µs of CPU without it, 55 with it.
    ///
    /// - Parameter limit: At most 100.
    func activePage(
        after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<ListedGig> {
        let cursor = cursor ?? .newest
        return try await executor.page(
            """
            SELECT \(fragment: Self.columns)
              FROM (SELECT \(fragment: Self.columns) FROM gigs
                     WHERE status = 'active' AND \(fragment: Self.isGig)
                       AND (created_at, id) < (\(cursor.moment), \(cursor.id))
                     ORDER BY created_at DESC, id DESC LIMIT 101) AS longest
             ORDER BY created_at DESC, id DESC LIMIT \(limit + 1)
            """, limit: limit
        ) {
            ListedGig(row: $0, status: .active)
        } cursor: {
            try $0.place
        }
    }

    /// One owner's gigs, in one status or in all.
    func page(
        of owner: AccountID, in status: GigStatus?, after cursor: PageCursor?, limit: Int,
        in executor: some SQLExecutor
    ) async throws -> Page<ListedGig> {
        try await executor.page(
            Self.ownPage(of: owner, in: status, after: cursor ?? .newest, limit: limit), limit: limit
        ) {
            ListedGig(row: $0, status: try status ?? $0.decode(.status))
        } cursor: {
            try $0.place
        }
    }

    /// One owner's drafts, and active gigs with applicants that nobody has decided about.
    func waitingPage(
        of owner: AccountID, after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<ListedGig> {
        try await executor.page(
            Self.waitingPage(of: owner, after: cursor ?? .newest, limit: limit), limit: limit
        ) {
            ListedGig(row: $0, status: try $0.decode(.status))
        } cursor: {
            try $0.place
        }
    }

    static func waitingPage(of owner: AccountID, after cursor: PageCursor, limit: Int) -> SQL {
        func rows(_ which: SQL) -> SQL {
            """
            (SELECT \(fragment: columns) FROM gigs
              WHERE owner_id = \(owner) AND \(fragment: isGig) AND \(fragment: which)
                AND (created_at, id) < (\(cursor.moment), \(cursor.id))
              ORDER BY created_at DESC, id DESC LIMIT \(limit + 1))
            """
        }
        // Each half comes in its order from the index of the owner's gigs by status.
        return """
            SELECT * FROM (
                \(fragment: rows("status = 'draft'")) UNION ALL
                \(fragment: rows("status = 'active' AND \(fragment: hasApplicants)"))) AS of_either
             ORDER BY created_at DESC, id DESC LIMIT \(limit + 1)
            """
    }

    /// Whether somebody has applied whom the owner has neither shortlisted nor rejected.
    static let hasApplicants: SQL =
        "EXISTS (SELECT FROM applications AS a WHERE a.gig_id = gigs.id AND a.status = 'applied')"

    static func ownPage(of owner: AccountID, in status: GigStatus?, after cursor: PageCursor, limit: Int) -> SQL {
        let inStatus: SQL = status.map { "AND status = \($0)" } ?? .empty
        return """
            SELECT \(fragment: columns) FROM gigs
             WHERE owner_id = \(owner) AND \(fragment: isGig) \(fragment: inStatus)
               AND (created_at, id) < (\(cursor.moment), \(cursor.id))
             ORDER BY created_at DESC, id DESC LIMIT \(limit + 1)
            """
    }
}

extension Gig {
    init(row: Row) throws {
        self.init(
            id: try row.decode(.id), ownerID: try row.decode(.ownerID), title: try row.decode(.title),
            description: try row.decode(.description), scope: try row.decode(.scope),
            rate: try row.usd(.rateCents), status: try row.decode(.status), version: try row.decode(.version),
            createdAt: try row.decode(.createdAt), updatedAt: try row.decode(.updatedAt))
    }
}

/// A gig of a list, still in its database row.
struct ListedGig: Sendable {
    let row: Row
    /// Known beforehand in a list of one status, so that it need not be read from each row.
    let status: GigStatus

    /// The cursor of the page after this gig.
    var place: PageCursor {
        get throws { PageCursor(try row.decode(.createdAt), try id) }
    }
}

extension ListedGig: GigSource {
    var id: GigID { get throws { GigID(try row.uuid(at: GigColumn.id.rawValue)) } }

    func write(_ column: GigColumn, to writer: inout JSONWriter) throws {
        try row.write(at: column.rawValue, to: &writer)
    }
}

extension Row {
    /// By position, because a page has 200 values and each name would have to be searched for.
    fileprivate func decode<Value: PostgresCodable>(
        _ column: GigColumn, as _: Value.Type = Value.self
    ) throws -> Value {
        try decode(at: column.rawValue)
    }

    fileprivate func usd(_ column: GigColumn) throws -> Money? {
        try decode(column, as: Int64?.self).map(Money.usd(cents:))
    }
}

extension GigStatus: PostgresValue {}
extension DealFlow: PostgresValue {}
