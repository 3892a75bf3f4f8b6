import Postgres

/// Every statement on the table `faults`.
struct FaultStore: Sendable {
    let database: Database

    /// Makes the next `times` calls fail.
    ///
    /// - Parameter path: A part of the request's path; `nil` matches every path.
    func plant(_ mode: FaultMode, at target: FaultTarget, path: String?, times: Int64) async throws {
        try await database.execute(
            """
            INSERT INTO faults (target, path, mode, remaining) VALUES (\(target), \(path), \(mode), \(times))
            """)
    }

    func clear(_ target: FaultTarget) async throws {
        try await database.execute("DELETE FROM faults WHERE target = \(target)")
    }

    /// Uses up one failure of the oldest matching fault.
    ///
    /// - Parameter isRead: Whether the call only reads. Such calls are never declined.
    /// - Returns: `nil` when the call must succeed.
    func take(_ target: FaultTarget, path: String, isRead: Bool) async throws -> FaultMode? {
        try await database.first(
            """
            UPDATE faults SET remaining = remaining - 1
             WHERE remaining > 0
               AND id = (SELECT id FROM faults
                          WHERE target = \(target) AND remaining > 0
                            AND (path IS NULL OR position(path IN \(path)) > 0)
                            AND NOT (\(isRead) AND mode = 'decline')
                          ORDER BY id LIMIT 1 FOR UPDATE)
            RETURNING mode
            """
        ) { try $0.decode(at: 0) }
    }
}
