import Postgres
import SharedModels

/// Every statement on the table of scheduled work.
///
/// Due times follow the marketplace's clock. Leases use PostgreSQL's own time, because they concern processes.
struct ScheduleStore: Sendable {
    let database: Database

    /// Claims up to `limit` due items of `kinds` that no process is working on.
    func claim(_ limit: Int, of kinds: [String], at now: Timestamp, lease: Duration) async throws -> [ScheduledItem] {
        let asked = ContinuousClock.now
        return try await database.all(
            """
            WITH due AS (
                SELECT kind, key
                  FROM scheduled
                 WHERE kind = ANY(\(kinds)) AND due_at <= \(now)
                   AND (lease_until IS NULL OR lease_until < clock_timestamp())
                 ORDER BY due_at
                 LIMIT \(limit)
                   FOR UPDATE SKIP LOCKED
            )
            UPDATE scheduled
               SET claim = \(ClaimID.make(at: now)), attempt = attempt + 1,
                   lease_until = clock_timestamp() + \(lease.wholeMilliseconds) * interval '1 millisecond'
              FROM due
             WHERE scheduled.kind = due.kind AND scheduled.key = due.key
            RETURNING scheduled.kind, scheduled.key, payload, attempt, claim
            """
        ) { try ScheduledItem(row: $0, claimedAt: asked) }
    }

    /// Keeps an item from other processes for a while more.
    ///
    /// - Returns: Whether it is still ours: not scheduled again, and not taken over.
    func renew(_ item: ScheduledItem, lease: Duration) async throws -> Bool {
        try await database.execute(
            """
            UPDATE scheduled SET lease_until = clock_timestamp() + \(lease.wholeMilliseconds) * interval '1 millisecond'
             WHERE kind = \(item.kind) AND key = \(item.key) AND claim = \(item.claim)
            """) == 1
    }

    /// When the next item is due that no process is working on; `nil` when there is no such item.
    func nextDue(of kinds: [String]) async throws -> Timestamp? {
        try await database.first(
            """
            SELECT due_at
              FROM scheduled
             WHERE kind = ANY(\(kinds)) AND (lease_until IS NULL OR lease_until < clock_timestamp())
             ORDER BY due_at
             LIMIT 1
            """
        ) { try $0.decode("due_at") }
    }

    /// How many items have been due for longer than `grace`.
    func overdue(at now: Timestamp, grace: Duration) async throws -> Int {
        try await database.one("SELECT count(*) AS count FROM scheduled WHERE due_at < \(now - grace)") {
            Int(try $0.decode("count", as: Int64.self))
        }
    }

    func upsert(
        _ kind: String, key: String, at due: Timestamp, payload: JSONValue, in executor: some SQLExecutor
    ) async throws {
        try await executor.executeLater(
            """
            INSERT INTO scheduled (kind, key, due_at, payload)
            VALUES (\(kind), \(key), \(due), \(String(decoding: payload.bytes, as: UTF8.self))::json)
            ON CONFLICT (kind, key) DO UPDATE
               SET due_at = excluded.due_at, payload = excluded.payload, attempt = 0, claim = NULL, lease_until = NULL
            """
        )
    }

    /// - Returns: Whether there was no such item before.
    func insertIfAbsent(
        _ kind: String, key: String, at due: Timestamp, payload: JSONValue, in executor: some SQLExecutor
    ) async throws -> Bool {
        try await executor.execute(
            """
            INSERT INTO scheduled (kind, key, due_at, payload)
            VALUES (\(kind), \(key), \(due), \(String(decoding: payload.bytes, as: UTF8.self))::json)
            ON CONFLICT (kind, key) DO NOTHING
            """
        ) == 1
    }

    func delete(_ kind: String, key: String, in executor: some SQLExecutor) async throws {
        try await executor.executeLater("DELETE FROM scheduled WHERE kind = \(kind) AND key = \(key)")
    }

    func exists(_ kind: String, key: String, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.one(
            "SELECT EXISTS (SELECT FROM scheduled WHERE kind = \(kind) AND key = \(key)) AS is_there"
        ) { try $0.decode("is_there") }
    }

    /// Deletes the item, unless it was changed or taken over in the meantime.
    func finish(_ item: ScheduledItem) async throws {
        try await database.execute(
            "DELETE FROM scheduled WHERE kind = \(item.kind) AND key = \(item.key) AND claim = \(item.claim)")
    }

    /// Turns the item into a dead letter, unless it was changed or taken over in the meantime.
    func bury(_ item: ScheduledItem, reason: String, at now: Timestamp) async throws {
        try await database.execute(
            """
            WITH gone AS (
                DELETE FROM scheduled
                 WHERE kind = \(item.kind) AND key = \(item.key) AND claim = \(item.claim)
                RETURNING kind, json_build_object('kind', kind, 'key', key, 'due_at', due_at, 'payload', payload)::text AS letter
            )
            \(fragment: DeadLetters.insertion(.scheduled, letter: "letter", name: "kind", from: "gone", reason, at: now))
            """
        )
    }

    /// Gives the item back to be done at `due`, unless it was changed or taken over in the meantime.
    func giveBack(_ item: ScheduledItem, until due: Timestamp, attempt: Int) async throws {
        try await database.execute(
            """
            UPDATE scheduled SET due_at = \(due), attempt = \(attempt), claim = NULL, lease_until = NULL
             WHERE kind = \(item.kind) AND key = \(item.key) AND claim = \(item.claim)
            """
        )
    }
}

extension ScheduledItem {
    fileprivate init(row: Row, claimedAt: ContinuousClock.Instant) throws {
        self.init(
            kind: try row.decode("kind"), key: try row.decode("key"),
            text: try row.decode("payload", as: JSONB.self).bytes, attempt: try row.decode("attempt"),
            claim: try row.decode("claim"), claimedAt: claimedAt)
    }
}
