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

    /// - Returns: `false` when the file took too long to arrive, and is being removed.
    func keep(_ id: FileID, in tx: Transaction) async throws -> Bool {
        try await tx.execute("UPDATE files SET state = 'kept' WHERE id = \(id) AND state = 'arriving'") == 1
    }

    func letGo(_ id: FileID, in tx: Transaction) async throws {
        try await tx.execute("UPDATE files SET state = 'leaving' WHERE id = \(id)")
    }

    /// The type of a file that is shown somewhere.
    func type(of id: FileID, in database: Database) async throws -> FileType? {
        try await database.first("SELECT media_type FROM files WHERE id = \(id) AND state = 'kept'") {
            try $0.decode("media_type")
        }
    }

    /// From now on the file cannot be shown.
    ///
    /// - Returns: `false` when it is shown somewhere, or does not exist any more.
    func claim(_ id: FileID, in database: Database) async throws -> Bool {
        try await database.execute("UPDATE files SET state = 'leaving' WHERE id = \(id) AND state <> 'kept'")
            == 1
    }

    func delete(_ id: FileID, in database: Database) async throws {
        try await database.execute("DELETE FROM files WHERE id = \(id) AND state = 'leaving'")
    }
}
