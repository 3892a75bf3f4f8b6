import Postgres
import SharedModels

extension FileType: PostgresValue {}

/// Every statement on the table `files`.
struct FileStore: Sendable {
    /// Records a file that is about to be stored.
    func insert(_ id: FileID, _ type: FileType, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO files (id, media_type, state, created_at) VALUES (\(id), \(type), 'arriving', \(now))
            """
        )
    }

    /// The file has arrived and is shown from now on.
    ///
    /// - Returns: `false` when the file took too long to arrive, and is being removed.
    func settle(_ id: FileID, in tx: Transaction) async throws -> Bool {
        try await tx.execute("UPDATE files SET state = 'kept' WHERE id = \(id) AND state = 'arriving'") == 1
    }

    func letGo(_ id: FileID, in tx: Transaction) async throws {
        try await tx.execute("UPDATE files SET state = 'leaving' WHERE id = \(id)")
    }

    /// The type of a file that is shown somewhere.
    func findType(of id: FileID, in executor: some SQLExecutor) async throws -> FileType? {
        try await executor.first("SELECT media_type FROM files WHERE id = \(id) AND state = 'kept'") {
            try $0.decode("media_type")
        }
    }

    /// From now on the file cannot be shown.
    ///
    /// - Returns: `false` when it is shown somewhere, or does not exist any more.
    func claim(_ id: FileID, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.execute("UPDATE files SET state = 'leaving' WHERE id = \(id) AND state <> 'kept'")
            == 1
    }

    func delete(_ id: FileID, in executor: some SQLExecutor) async throws {
        try await executor.execute("DELETE FROM files WHERE id = \(id) AND state = 'leaving'")
    }
}
