import Postgres
import ServiceKit
import SharedModels

/// Looks after a file from before it is stored until after it is removed.
///
/// Storage knows no transactions. So a file is noted, with a time to remove it, before it is stored; shown in
/// the transaction that calls its removal off; and let go in the one that shows it no longer, which has it
/// removed.
struct FileWorkflow: Sendable {
    /// How long a file may take from its first byte to being shown: far longer than any request.
    static let patience = Duration.hours(1)

    let database: Database
    let files: FileStore
    let storage: any FileStorage
    let scheduler: Scheduler

    /// Stores a file that is removed again unless ``keep(_:in:)`` follows. Outside any transaction.
    ///
    /// - Throws: 503 while storage does not work.
    func store(_ file: FileInput, at now: Timestamp) async throws -> FileID {
        let id = FileID.make(at: now)
        try await database.transaction { tx in
            try await files.insert(id, file.type, at: now, in: tx)
            try await scheduler.schedule(RemoveFile(id), at: now + Self.patience, in: tx)
        }
        try await answering { try await storage.put(file.bytes, as: id, file.type) }
        return id
    }

    /// The file is shown from the commit on.
    ///
    /// - Throws: 503 when it took so long to arrive that it is being removed.
    func keep(_ id: FileID, in tx: Transaction) async throws {
        guard try await files.keep(id, in: tx) else {
            throw TalentError.storageUnavailable(reason: "the file \(id) came too late")
        }
        try await scheduler.cancel(RemoveFile(id), in: tx)
    }

    /// The file is shown no longer from the commit on, and removed after it.
    func letGo(_ id: FileID, at now: Timestamp, in tx: Transaction) async throws {
        try await files.letGo(id, in: tx)
        try await scheduler.schedule(RemoveFile(id), at: now, in: tx)
    }

    /// - Returns: `nil` when there is no such file.
    /// - Throws: 503 while storage does not work.
    func read(_ id: FileID) async throws -> (type: FileType, bytes: [UInt8])? {
        guard let type = try await files.type(of: id, in: database) else { return nil }
        return try await answering { try await storage.get(id) }.map { (type, $0) }
    }

    /// Has files removed when their time has come; tried again until it works.
    func keepRemoving() {
        scheduler.on(RemoveFile.self) { work -> Void in
            guard try await files.claim(work.subject, in: database) else { return }
            try await storage.remove(work.subject)
            try await files.delete(work.subject, in: database)
        }
    }

    private func answering<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as StorageFailure {
            throw TalentError.storageUnavailable(reason: failure.reason)
        }
    }
}

/// A file that nobody shows is removed from storage.
struct RemoveFile: WorkOnSubject {
    static let kind = "talent.file.remove"
    let subject: FileID
}
