import Postgres
import SharedModels

/// Every statement on the tables `key_requests` and `key_request_counts`.
struct KeyRequestStore: Sendable {
    /// Keeps the requests, each in its key's next place. Those of keys that are not there are left out, and those
    /// of deleted accounts.
    func insert(_ notes: [KeyRequestNote], in executor: some SQLExecutor) async throws {
        // In the order of the keys, so that two services that tell at the same time never block each other.
        try await executor.execute(
            """
            WITH told AS (
                SELECT * FROM unnest(
                    \(notes.map(\.apiKeyID)), \(notes.map { Identifier<KeyRequestKind>.make(at: $0.at) }),
                    \(notes.map(\.at)), \(notes.map(\.method)), \(notes.map(\.path)),
                    \(notes.map { Int32($0.status) }), \(notes.map(\.durationUs)), \(notes.map(\.requestID)))
                    AS t (api_key_id, id, at, method, path, status, duration_us, request_id)
            ),
            known AS (
                SELECT told.*, row_number() OVER (PARTITION BY api_key_id ORDER BY told.at DESC) AS turn
                  FROM told JOIN api_keys ON api_keys.id = told.api_key_id
                            JOIN accounts ON accounts.id = api_keys.account_id
                 WHERE accounts.status <> 'deleted'
            ),
            counted AS (
                INSERT INTO key_request_counts AS counts (api_key_id, count)
                SELECT api_key_id, count(*) FROM known GROUP BY api_key_id ORDER BY api_key_id
                ON CONFLICT (api_key_id) DO UPDATE SET count = counts.count + EXCLUDED.count
                RETURNING api_key_id, count
            )
            INSERT INTO key_requests (api_key_id, place, id, at, method, path, status, duration_us, request_id)
            SELECT api_key_id, (counted.count - known.turn) % \(Int64(KeyRequest.limit)), known.id, known.at, method, path,
                   status, duration_us, request_id
              FROM known JOIN counted USING (api_key_id)
            ON CONFLICT (api_key_id, place) DO UPDATE
               SET id = EXCLUDED.id, at = EXCLUDED.at, method = EXCLUDED.method, path = EXCLUDED.path,
                   status = EXCLUDED.status, duration_us = EXCLUDED.duration_us, request_id = EXCLUDED.request_id
            """)
    }

    /// A key's requests, newest first.
    func page(
        of key: APIKeyID, since earliest: Timestamp, after cursor: PageCursor?, limit: Int,
        in executor: some SQLExecutor
    ) async throws -> Page<KeyRequest> {
        let before: SQL = cursor.map { "AND (at, id) < (\($0.moment), \($0.id))" } ?? .empty
        return try await executor.page(
            """
            SELECT id, at, method, path, status, duration_us, request_id FROM key_requests
             WHERE api_key_id = \(key) AND at > \(earliest) \(fragment: before)
             ORDER BY at DESC, id DESC LIMIT \(limit + 1)
            """, limit: limit, KeyRequest.init(row:)
        ) { PageCursor($0.at, $0.id) }
    }

    /// Deletes what is from before `earliest`.
    func prune(before earliest: Timestamp, in database: Database) async throws {
        try await database.deleteInBatches { size in
            """
            DELETE FROM key_requests
             WHERE (api_key_id, place) IN (
                SELECT api_key_id, place FROM key_requests WHERE at < \(earliest) LIMIT \(size))
            """
        }
    }

    func deleteAll(of account: AccountID, in tx: Transaction) async throws {
        try await tx.execute(
            """
            DELETE FROM key_requests
             WHERE api_key_id IN (SELECT id FROM api_keys WHERE account_id = \(account))
            """)
    }
}

extension KeyRequest {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), at: try row.decode("at"), method: try row.decode("method"),
            path: try row.decode("path"), status: Int(try row.decode("status", as: Int32.self)),
            durationUs: try row.decode("duration_us"), requestID: try row.decode("request_id"))
    }
}
