import Postgres
import SharedModels

extension FileType: PostgresValue {}

/// Every statement on the table `files`.
struct FileStore: Sendable {
    static let columns: SQL = "id, media_type, length"

    /// Records a file that is about to be stored.
    func insert(
        _ id: FileID, _ type: FileType, length: Int, at now: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO files (id, media_type, length, state, created_at)
            VALUES (\(id), \(type), \(length), 'arriving', \(now))
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

    /// A file that is shown somewhere.
    func find(_ id: FileID, in executor: some SQLExecutor) async throws -> StoredFile? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM files WHERE id = \(id) AND state = 'kept'", StoredFile.init(row:))
    }

    /// From now on the file cannot be shown.
    ///
    /// - Returns: `nil` when it is shown somewhere, or does not exist any more.
    func claim(_ id: FileID, in executor: some SQLExecutor) async throws -> StoredFile? {
        try await executor.first(
            """
            UPDATE files SET state = 'leaving' WHERE id = \(id) AND state <> 'kept'
            RETURNING \(fragment: Self.columns)
            """, StoredFile.init(row:))
    }

    func delete(_ id: FileID, in executor: some SQLExecutor) async throws {
        try await executor.execute("DELETE FROM files WHERE id = \(id) AND state = 'leaving'")
    }
}

/// What is known of a file that storage holds.
struct StoredFile: Sendable, Equatable {
    let id: FileID
    let type: FileType
    /// In bytes.
    let length: Int
}

extension StoredFile {
    fileprivate init(row: Row) throws {
        self.init(
            id: try row.decode("id"), type: try row.decode("media_type"), length: try row.decode("length"))
    }
}
