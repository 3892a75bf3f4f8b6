import Postgres
import SharedModels

/// Every statement on the table `media`.
struct MediaStore: Sendable {
    func insert(_ file: StoredFile, of owner: AccountID, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO media (file_id, owner_id, length, created_at)
            VALUES (\(file.id), \(owner), \(file.length), \(now))
            """)
    }

    /// How many bytes an account has stored.
    func bytes(of owner: AccountID, in executor: some SQLExecutor) async throws -> Int {
        try await executor.one(
            "SELECT coalesce(sum(length), 0)::bigint AS bytes FROM media WHERE owner_id = \(owner)"
        ) { try $0.decode("bytes") }
    }

    /// A file that is somebody's image or video, or the picture of a profile.
    func isShown(_ id: FileID, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.one(
            """
            SELECT EXISTS (SELECT FROM media WHERE file_id = \(id))
                OR EXISTS (SELECT FROM profiles WHERE picture_file_id = \(id)) AS is_shown
            """
        ) { try $0.decode("is_shown") }
    }

    func isOwned(_ id: FileID, by owner: AccountID, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.one(
            "SELECT EXISTS (SELECT FROM media WHERE file_id = \(id) AND owner_id = \(owner)) AS is_owned"
        ) { try $0.decode("is_owned") }
    }

    /// - Returns: `false` when the account has no such file.
    func delete(_ id: FileID, of owner: AccountID, in tx: Transaction) async throws -> Bool {
        try await tx.execute("DELETE FROM media WHERE file_id = \(id) AND owner_id = \(owner)") == 1
    }

    /// - Returns: The files that were the account's.
    func deleteAll(of owner: AccountID, in tx: Transaction) async throws -> [FileID] {
        try await tx.all("DELETE FROM media WHERE owner_id = \(owner) RETURNING file_id") { try $0.decode("file_id") }
    }
}
