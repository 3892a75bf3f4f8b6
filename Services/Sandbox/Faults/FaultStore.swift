import Postgres
import ServiceKit
import SharedModels
import Synchronization

/// Every statement on the table `faults`.
struct FaultStore: Sendable {
    let database: Database
    private let calm = Calm()

    init(database: Database) { self.database = database }

    /// Makes the next `times` calls fail.
    func plant(_ fault: Fault, times: Int64) async throws {
        try await database.execute(
            """
            INSERT INTO faults (target, path, mode, calls, object, remaining)
            VALUES (\(fault.target), \(fault.path), \(fault.mode), \(fault.calls), \(fault.object), \(times))
            """)
        calm.end()
    }

    func clear(_ target: FaultTarget) async throws {
        try await database.execute("DELETE FROM faults WHERE target = \(target)")
    }

    func take(_ target: FaultTarget, _ request: RawRequest) async throws -> FaultMode? {
        guard !calm.holds else { return nil }
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
        guard !calm.holds else { return nil }
        let planted = calm.planted
        let kind = isRead ? FaultCalls.read : .write
        let hidden = isRead ? FaultMode.ofWrites : []
        let mode: FaultMode? = try await database.first(
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
        guard mode == nil else { return mode }
        let isAnyLeft = try await database.one("SELECT EXISTS (SELECT FROM faults WHERE remaining > 0)") {
            try $0.bool(at: 0)
        }
        if !isAnyLeft { calm.begin(unlessPlantedSince: planted) }
        return nil
    }
}

/// Whether no fault is planted, so that calls need not ask. Only this process plants them.
private final class Calm: Sendable {
    private let state = Mutex((holds: false, planted: 0))

    var holds: Bool { state.withLock { $0.holds } }
    /// How often faults were planted.
    var planted: Int { state.withLock { $0.planted } }

    func begin(unlessPlantedSince count: Int) { state.withLock { $0.holds = $0.planted == count } }
    func end() { state.withLock { $0 = (false, $0.planted + 1) } }
}
