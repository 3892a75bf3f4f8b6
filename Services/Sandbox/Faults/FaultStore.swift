import Postgres
import ServiceKit
import SharedModels

/// Every statement on the table `faults`.
struct FaultStore: Sendable {
    let database: Database

    /// Makes the next `times` calls fail.
    func plant(_ fault: Fault, times: Int64) async throws {
        try await database.execute(
            """
            INSERT INTO faults (target, path, mode, calls, object, remaining)
            VALUES (\(fault.target), \(fault.path), \(fault.mode), \(fault.calls), \(fault.object), \(times))
            """)
    }

    func clear(_ target: FaultTarget) async throws {
        try await database.execute("DELETE FROM faults WHERE target = \(target)")
    }

    func take(_ target: FaultTarget, _ request: RawRequest) async throws -> FaultMode? {
        // Ids are letters, digits and underscores, which no encoding changes.
        let asked = "\(request.rawQuery)&\(String(decoding: request.body, as: UTF8.self))".replacing("\0", with: "")
        return try await take(target, path: request.path, isRead: request.method == .get, asked: asked)
    }

    /// Uses up one failure of the oldest matching fault.
    ///
    /// - Parameters:
    ///   - isRead: Whether the call only reads. Such calls are never declined.
    ///   - asked: The query and the body, as they came.
    /// - Returns: `nil` when the call must succeed.
    func take(_ target: FaultTarget, path: String, isRead: Bool, asked: String = "") async throws -> FaultMode? {
        let kind = isRead ? FaultCalls.read : .write
        let hidden = isRead ? FaultMode.ofWrites : []
        return try await database.first(
            """
            UPDATE faults SET remaining = remaining - 1
             WHERE remaining > 0
               AND id = (SELECT id FROM faults
                          WHERE target = \(target) AND remaining > 0
                            AND (path IS NULL OR position(path IN \(path)) > 0)
                            AND (calls IS NULL OR calls = \(kind))
                            AND (object IS NULL OR position(object IN \(path + " " + asked)) > 0)
                            AND NOT mode = ANY(\(hidden))
                          ORDER BY id LIMIT 1 FOR UPDATE)
            RETURNING mode
            """
        ) { try $0.decode(at: 0) }
    }
}
