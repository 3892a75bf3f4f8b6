import Postgres
import ServiceKit
import SharedModels

/// The statements on the table `applications`, except those about departures. They see the applications to gigs of
/// ClawConnected alone: those to jobs are ``JobApplicationStore``'s.
struct ApplicationStore: Sendable {
    /// The columns of the table, which is named `a` in the statements.
    static let columns: SQL =
        "a.id, a.gig_id, a.worker_id, a.message, a.status, a.version, a.created_at, a.updated_at"

    private static let isToGig: SQL = "a.flow = 'milestone_capture'"

    /// The outcome of an attempt to apply.
    struct Attempt: Sendable {
        let ownerID: AccountID
        let gigStatus: GigStatus
        let isMade: Bool
    }

    /// Applies and announces it in one statement, because it is the most frequent write. The gig must be active and
    /// belong to somebody else.
    ///
    /// The gig's row is locked, so an application and a change of the gig have an order: once a gig is closed or
    /// deleted, no application that was begun before can be added. The foreign key locks the row anyway.
    ///
    /// - Parameter event: Addressed to the worker. The statement adds the gig's owner as the first recipient, and the
    ///   gig's title.
    /// - Returns: `nil` when the gig does not exist.
    func apply(
        _ application: Application, announcing event: Announcement, outbox: Outbox, in executor: some SQLExecutor
    ) async throws -> Attempt? {
        let announcement = outbox.insertion(
            of: event, from: "made, gig", addingRecipient: "gig.owner_id", addingMember: ("gig_title", "gig.title"))
        let statement: SQL = """
            WITH gig AS (SELECT id, owner_id, title, status FROM gigs WHERE id = \(application.gigID)
                            AND \(fragment: GigStore.isGig) FOR SHARE),
            made AS (
                INSERT INTO applications (id, gig_id, worker_id, message, status, version, created_at, updated_at)
                SELECT \(application.id), gig.id, \(application.workerID), \(application.message),
                       \(application.status), \(application.version), \(application.createdAt),
                       \(application.updatedAt)
                  FROM gig WHERE gig.status = 'active' AND gig.owner_id <> \(application.workerID)
                ON CONFLICT ON CONSTRAINT one_application_per_worker DO NOTHING
                RETURNING id
            ),
            announced AS (\(fragment: announcement))
            SELECT gig.owner_id, gig.status, EXISTS (SELECT FROM made) AS is_made FROM gig
            """
        return try await executor.first(statement.sharingCommit()) { row in
            Attempt(
                ownerID: try row.decode("owner_id"), gigStatus: try row.decode("status"),
                isMade: try row.decode("is_made"))
        }
    }

    func find(_ id: ApplicationID, in executor: some SQLExecutor) async throws -> Application? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM applications a WHERE a.id = \(id) AND \(fragment: Self.isToGig)",
            Application.init(row:))
    }

    /// Reads an application of a gig and locks it.
    func lock(_ id: ApplicationID, of gig: GigID, in tx: Transaction) async throws -> Application? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns)
              FROM applications a WHERE a.id = \(id) AND a.gig_id = \(gig) FOR UPDATE
            """,
            Application.init(row:)
        )
    }

    /// Reads and locks a worker's application to a gig.
    func lock(of worker: AccountID, to gig: GigID, in tx: Transaction) async throws -> Application? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns)
              FROM applications a WHERE a.gig_id = \(gig) AND a.worker_id = \(worker) FOR UPDATE
            """,
            Application.init(row:)
        )
    }

    func save(_ application: Application, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE applications
               SET status = \(application.status), version = \(application.version),
                   updated_at = \(application.updatedAt)
             WHERE id = \(application.id)
            """
        )
    }

    func delete(_ id: ApplicationID, in tx: Transaction) async throws {
        try await tx.executeLater("DELETE FROM applications WHERE id = \(id)")
    }

    /// A gig's applications.
    func page(
        to gig: GigID, in status: ApplicationStatus?, after cursor: PageCursor?, limit: Int, at now: Timestamp,
        in executor: some SQLExecutor
    ) async throws -> Page<Application> {
        let cursor = cursor ?? .newest
        let filter: SQL = status.map { "AND a.status = \($0)" } ?? .empty
        return try await executor.page(
            """
            SELECT \(fragment: Self.columns),
                   \(fragment: EngagementStore.isEngaged(at: now))
              FROM applications a
             WHERE a.gig_id = \(gig) AND (a.created_at, a.id) < (\(cursor.moment), \(cursor.id))
                   \(fragment: filter)
             ORDER BY a.created_at DESC, a.id DESC LIMIT \(limit + 1)
            """, limit: limit, Application.init(shown:)
        ) { PageCursor($0.createdAt, $0.id) }
    }

    /// How many have applied to each of these gigs, as far as ``ApplicationCount/most``.
    func counts(of gigs: [GigID], in executor: some SQLExecutor) async throws -> [ApplicationCount] {
        guard !gigs.isEmpty else { return [] }
        func count(_ which: SQL) -> SQL {
            """
            (SELECT count(*) FROM (SELECT FROM applications AS a WHERE a.gig_id = gig \(fragment: which)
                                    LIMIT \(ApplicationCount.most)) AS counted)
            """
        }
        return try await executor.all(
            """
            SELECT gig, \(fragment: count(.empty)) AS total, \(fragment: count("AND a.status = 'applied'")) AS undecided
              FROM unnest(\(gigs)) AS gig
            """
        ) { row in
            ApplicationCount(
                gigID: try row.decode("gig"), total: try row.decode("total"), undecided: try row.decode("undecided"))
        }
    }

    /// A worker's applications.
    func page(
        of worker: AccountID, in status: ApplicationStatus?, to gig: GigID?, after cursor: PageCursor?, limit: Int,
        at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> Page<OwnedApplication> {
        let cursor = cursor ?? .newest
        let ofStatus: SQL = status.map { "AND a.status = \($0)" } ?? .empty
        let ofGig: SQL = gig.map { "AND a.gig_id = \($0)" } ?? .empty
        return try await executor.page(
            """
            SELECT \(fragment: Self.columns),
                   g.title AS gig_title, e.negotiation_id, e.state, e.round_number, e.rate_cents, e.hours_per_week,
                   e.start_date, e.payout_delay_days, \(fragment: EngagementStore.isEngaged(at: now))
              FROM applications a
              JOIN gigs g ON g.id = a.gig_id
              LEFT JOIN LATERAL (
                  SELECT negotiation_id, state, round_number, rate_cents, hours_per_week, start_date, payout_delay_days
                    FROM engagements WHERE application_id = a.id AND is_confirmed
                   ORDER BY reserved_at DESC LIMIT 1
              ) e ON true
             WHERE a.worker_id = \(worker) AND \(fragment: Self.isToGig) AND (a.created_at, a.id) < (\(cursor.moment), \(cursor.id))
                   \(fragment: ofStatus) \(fragment: ofGig)
             ORDER BY a.created_at DESC, a.id DESC LIMIT \(limit + 1)
            """, limit: limit
        ) { row in
            OwnedApplication(
                application: try Application(shown: row), gigTitle: try row.decode("gig_title"),
                engagement: try Engagement(joined: row))
        } cursor: {
            PageCursor($0.application.createdAt, $0.application.id)
        }
    }
}

extension Application {
    fileprivate init(shown row: Row) throws {
        try self.init(row: row)
        isEngaged = try row.decode("is_engaged")
    }

    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), gigID: try row.decode("gig_id"), workerID: try row.decode("worker_id"),
            message: try row.decode("message"), status: try row.decode("status"), version: try row.decode("version"),
            createdAt: try row.decode("created_at"), updatedAt: try row.decode("updated_at"))
    }
}

extension ApplicationStatus: PostgresValue {}
