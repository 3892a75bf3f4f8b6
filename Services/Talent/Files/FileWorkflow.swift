import Postgres
import ServiceKit
import SharedModels

/// Manages a file from before it is stored until after it is removed.
///
/// Storage has no transactions. So before a file is stored, it is recorded with a time for its removal. The transaction
/// that shows the file cancels the removal. The transaction that stops showing it schedules the removal again.
struct FileWorkflow: Sendable {
    /// How long a file may take from its first byte until it is shown: far longer than any request.
    static let patience = Duration.hours(1)

    let database: Database
    let files: FileStore
    let storage: any FileStorage
    let scheduler: Scheduler

    /// Stores a file, which is removed again unless ``keep(_:in:)`` follows. Call it outside any transaction.
    ///
    /// - Throws: 503 while storage does not work.
    func store(_ content: FileContent, _ type: FileType, at now: Timestamp) async throws -> FileID {
        let id = FileID.make(at: now)
        try await database.transaction { tx in
            try await files.insert(id, type, length: content.length, at: now, in: tx)
            try await scheduler.schedule(RemoveFile(id), at: now + Self.patience, in: tx)
        }
        try await answering { try await storage.put(content, as: id, type) }
        return id
    }

    /// The file is shown from the commit on.
    ///
    /// - Throws: 503 when it took so long to arrive that it is being removed.
    func keep(_ id: FileID, in tx: Transaction) async throws {
        guard try await files.settle(id, in: tx) else {
            throw FileError.storageUnavailable(reason: "the file \(id) came too late")
        }
        try await scheduler.cancel(RemoveFile(id), in: tx)
    }

    /// From the commit on the file is not shown any more. It is removed afterwards.
    func letGo(_ id: FileID, at now: Timestamp, in tx: Transaction) async throws {
        try await files.letGo(id, in: tx)
        try await scheduler.schedule(RemoveFile(id), at: now, in: tx)
    }

    /// - Returns: `nil` when there is no such file.
    /// - Throws: 503 while storage does not work.
    func read(_ id: FileID) async throws -> (type: FileType, bytes: [UInt8])? {
        guard let file = try await files.find(id, in: database) else { return nil }
        return try await read(file, 0..<file.length).map { (file.type, $0) }
    }

    /// Reads a part of a file.
    ///
    /// - Returns: `nil` when the file is gone.
    /// - Throws: 503 while storage does not work.
    func read(_ file: StoredFile, _ range: Range<Int>) async throws -> [UInt8]? {
        try await answering { try await storage.get(file.id, range) }
    }

    /// Removes files when their time has come. It tries again until it works.
    func register(on scheduler: Scheduler) {
        scheduler.on(RemoveFile.self) { work -> Void in
            guard let file = try await files.claim(work.subject, in: database) else { return }
            try await storage.remove(work.subject, length: file.length)
            try await files.delete(work.subject, in: database)
        }
    }

    private func answering<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let failure as StorageFailure {
            throw FileError.storageUnavailable(reason: failure.reason)
        }
    }
}

/// Remove a file from storage that is not shown anywhere.
struct RemoveFile: WorkOnSubject {
    static let kind = "talent.file.remove"
    let subject: FileID
}
