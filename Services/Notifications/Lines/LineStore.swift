import Postgres
import ServiceKit
import SharedModels

/// The statements on the tables `lines` and `senders`.
///
/// Due times follow the marketplace's clock. Leases use PostgreSQL's own time, because they concern processes.
struct LineStore: Sendable {
    /// Nobody alive holds it.
    private static let isFree: SQL = """
        (holder IS NULL OR NOT EXISTS (
            SELECT FROM senders WHERE senders.id = lines.holder AND alive_until > clock_timestamp()))
        """

    // MARK: - Webhooks and channels

    func insert(_ id: LineID, of owner: AccountID, in tx: Transaction) async throws {
        try await tx.execute("INSERT INTO lines (id, owner_id) VALUES (\(id), \(owner))")
    }

    /// Takes nothing more. What waits fails later (``LineClearing``).
    func close(_ id: LineID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            "UPDATE lines SET closed_at = \(now), due_at = NULL WHERE id = \(id) AND closed_at IS NULL")
    }

    /// Takes deliveries again after ``close(_:at:in:)``.
    func open(_ id: LineID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            "UPDATE lines SET closed_at = NULL, paused_until = NULL, places = 4, due_at = \(now) WHERE id = \(id)")
    }

    /// Has all lines of `owner` take nothing more, like ``close(_:at:in:)``.
    ///
    /// - Returns: Those that took something before.
    func closeAll(of owner: AccountID, at now: Timestamp, in tx: Transaction) async throws -> [LineID] {
        try await tx.all(
            """
            WITH open AS (
                SELECT id FROM lines WHERE owner_id = \(owner) AND closed_at IS NULL AND removed_at IS NULL
                 ORDER BY id FOR UPDATE
            )
            UPDATE lines SET closed_at = \(now), due_at = NULL WHERE id = ANY(ARRAY(SELECT id FROM open)) RETURNING id
            """
        ) { try $0.decode("id") }
    }

    /// Takes deliveries again after ``closeAll(of:at:in:)``, but for webhooks and channels that are disabled.
    func openAll(of owner: AccountID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            WITH closed AS (
                SELECT id FROM lines WHERE owner_id = \(owner) AND closed_at IS NOT NULL AND removed_at IS NULL
                   AND (EXISTS (SELECT FROM webhooks WHERE webhooks.id = lines.id AND disabled_at IS NULL)
                        OR EXISTS (SELECT FROM channels WHERE channels.id = lines.id AND disabled_at IS NULL))
                 ORDER BY id FOR UPDATE
            )
            UPDATE lines SET closed_at = NULL, paused_until = NULL, places = 4, due_at = \(now)
             WHERE id = ANY(ARRAY(SELECT id FROM closed))
            """
        )
    }

    func lock(_ id: LineID, in tx: Transaction) async throws {
        try await tx.execute("SELECT FROM lines WHERE id = \(id) FOR NO KEY UPDATE")
    }

    /// Has a line looked at that was given something by hand.
    func makeDue(_ id: LineID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE lines SET due_at = greatest(\(now), paused_until)
             WHERE id = \(id) AND closed_at IS NULL AND removed_at IS NULL
            """
        )
    }

    /// Takes nothing more. What belongs to it is deleted later (``LineClearing``).
    ///
    /// - Returns: Those that were not removed before.
    func remove(_ ids: [LineID], at now: Timestamp, in tx: Transaction) async throws -> [LineID] {
        try await tx.all(
            """
            UPDATE lines SET removed_at = \(now), due_at = NULL
             WHERE id = ANY(\(ids)) AND removed_at IS NULL RETURNING id
            """
        ) { try $0.decode("id") }
    }

    // MARK: - Senders

    /// Extends the lease of a sender.
    ///
    /// - Returns: How many senders are alive, with this one.
    @discardableResult
    func keepAlive(_ sender: ClaimID, for lease: Duration, in executor: some SQLExecutor) async throws -> Int {
        try await executor.one(
            """
            WITH kept AS (
                INSERT INTO senders (id, alive_until)
                VALUES (\(sender), clock_timestamp() + \(lease.wholeMilliseconds) * interval '1 millisecond')
                ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until
                RETURNING id
            )
            SELECT (SELECT count(*) FROM kept)
                   + (SELECT count(*) FROM senders WHERE id <> \(sender) AND alive_until > clock_timestamp()) AS count
            """
        ) { Int(try $0.decode("count", as: Int64.self)) }
    }

    /// Frees all lines of a sender, and forgets senders that died an hour ago.
    func end(_ sender: ClaimID, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            "DELETE FROM senders WHERE id = \(sender) OR alive_until < clock_timestamp() - interval '1 hour'")
    }

    /// When to look at a line that nobody holds; `nil` when nothing waits.
    func nextDue(in executor: some SQLExecutor) async throws -> Timestamp? {
        try await executor.first(Self.askingNextDue) { try $0.decode("due_at") }
    }

    static let askingNextDue: SQL = """
        SELECT due_at FROM lines WHERE due_at IS NOT NULL AND \(fragment: isFree) ORDER BY due_at LIMIT 1
        """

    /// Takes up to `limit` due lines, those that wait the longest first.
    func claim(_ limit: Int, for sender: ClaimID, at now: Timestamp, in tx: Transaction) async throws -> [Line] {
        try await tx.all(Self.claiming(limit, for: sender, at: now)) { row in
            Line(
                id: try row.decode("id"), ownerID: try row.decode("owner_id"),
                places: Int(try row.decode("places", as: Int32.self)))
        }
    }

    static func claiming(_ limit: Int, for sender: ClaimID, at now: Timestamp) -> SQL {
        """
        WITH free AS (
            SELECT id FROM lines
             WHERE due_at <= \(now) AND \(fragment: isFree)
             ORDER BY due_at LIMIT \(limit)
               FOR UPDATE SKIP LOCKED
        )
        UPDATE lines SET holder = \(sender) WHERE id = ANY(ARRAY(SELECT id FROM free))
        RETURNING id, owner_id, places
        """
    }

    /// Which of `ids` take nothing more.
    func ended(among ids: [LineID], in executor: some SQLExecutor) async throws -> [LineID] {
        try await executor.all(
            """
            SELECT given.id
              FROM unnest(\(ids)) AS given (id)
              LEFT JOIN LATERAL (
                SELECT true AS takes_more FROM lines
                 WHERE lines.id = given.id AND closed_at IS NULL AND removed_at IS NULL LIMIT 1) AS line ON true
             WHERE takes_more IS NULL
            """
        ) { try $0.decode("id") }
    }

    /// Gives lines back, each due when its next delivery is. Needs ``PlansByIndex``.
    ///
    /// The rows are locked first, by a separate statement: so what was told in the meantime is seen.
    func giveBack(_ drained: [Line], of sender: ClaimID, at now: Timestamp, in tx: Transaction) async throws {
        let ids = drained.map(\.id)
        try await tx.execute(
            "SELECT FROM lines WHERE id = ANY(\(ids)) AND holder = \(sender) ORDER BY id FOR UPDATE")
        try await tx.execute(Self.givingBack(drained, of: sender))
    }

    static func givingBack(_ drained: [Line], of sender: ClaimID) -> SQL {
        let (ids, never) = (drained.map(\.id), Timestamp(seconds: 0))
        let pausedUntil: SQL = "(\(drained.map { $0.pausedUntil ?? never }))[array_position(\(ids), lines.id)]"
        return """
            UPDATE lines
               SET holder = NULL, places = (\(drained.map { Int32($0.places) }))[array_position(\(ids), lines.id)],
                   paused_until = nullif(\(fragment: pausedUntil), \(never)),
                   due_at = CASE WHEN closed_at IS NULL AND removed_at IS NULL THEN (
                        SELECT greatest(next.due_at, \(fragment: pausedUntil))
                          FROM (SELECT coalesce(
                                    (SELECT due_at FROM pending_deliveries
                                      WHERE line_id = lines.id AND tries = 0 ORDER BY position LIMIT 1),
                                    (SELECT due_at FROM pending_deliveries
                                      WHERE line_id = lines.id AND tries > 0 ORDER BY due_at LIMIT 1)) AS due_at
                               ) AS next
                         WHERE next.due_at IS NOT NULL) END
             WHERE id = ANY(\(ids)) AND holder = \(sender)
            """
    }
}

/// Has the transaction's statements planned by indexes alone.
///
/// Their tables are empty at one moment and hold millions of rows at the next, while statements keep the plan of their
/// first use. A plan for an empty table reads all of it.
///
/// It can still read an index from end to end, for a join. So such statements join none of these tables with what the program
/// gives: they name ids (`= ANY`), or look for one row at a time (`LATERAL … LIMIT 1`).
enum PlansByIndex {
    /// - Parameters:
    ///   - expression: Called by the same statement: each costs its way to PostgreSQL and back.
    ///   - maySort: Whether some rows may be found by one index and then sorted. Otherwise rows that come in the order of
    ///     another index are read from there, all of them.
    ///   - mayRepeat: Whether what the transaction does is done again when a crash of PostgreSQL undoes it. Then its
    ///     commit does not wait for the disk.
    static func require(
        in tx: Transaction, with expression: SQL? = nil, maySort: Bool = false, mayRepeat: Bool = false
    ) async throws {
        let sort: SQL = maySort ? .empty : ", set_config('enable_sort', 'off', true)"
        let commit: SQL = mayRepeat ? ", set_config('synchronous_commit', 'off', true)" : .empty
        let more: SQL = expression.map { ", \(fragment: $0)" } ?? .empty
        // An excluded plan has a cost at which PostgreSQL would compile it: so no `jit`.
        _ = try await tx.rows(
            """
            SELECT set_config('jit', 'off', true), set_config('enable_seqscan', 'off', true),
                   set_config('enable_bitmapscan', 'off', true), set_config('enable_hashjoin', 'off', true),
                   set_config('enable_mergejoin', 'off', true)
                   \(fragment: sort) \(fragment: commit) \(fragment: more)
            """)
    }
}
