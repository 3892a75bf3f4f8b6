import Foundation
import Glibc
import ServiceKit
import SharedModels

/// Files in one folder, named by their ids.
///
/// Only this service uses the folder. Its replicas share it, or use S3.
struct DiskStorage: FileStorage {
    private let folder: URL
    /// Disk access blocks, so it does not run on the threads that everything else shares.
    private let queue = BlockingQueue("storage")
    /// How much is copied at a time, in bytes.
    private static let piece = 1 << 20

    /// - Throws: ``BadSetting`` when the folder does not exist and cannot be created, or cannot be written to.
    init(folder path: String) throws(BadSetting) {
        folder = URL(filePath: path, directoryHint: .isDirectory)
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw BadSetting("STORAGE_FOLDER", "names a folder that cannot be made: \(path)")
        }
        guard access(folder.path, R_OK | W_OK | X_OK) == 0 else {
            throw BadSetting("STORAGE_FOLDER", "names a folder that cannot be written to: \(path)")
        }
    }

    func put(_ content: FileContent, as id: FileID, _: FileType) async throws {
        try await blocking {
            let file = try open(unfinished(id), O_CREAT | O_WRONLY | O_TRUNC)
            for range in content.pieces(of: Self.piece) {
                try file.write(contentsOf: Data(try content.read(range)))
            }
            try file.synchronize()
            try file.close()
            guard rename(unfinished(id), finished(id)) == 0 else { throw Self.failure("rename") }
            try synchronizeFolder()
        }
    }

    func get(_ id: FileID, _ range: Range<Int>) async throws -> [UInt8]? {
        try await blocking {
            guard access(finished(id), F_OK) == 0 || errno != ENOENT else { return nil }
            let file = try open(finished(id), O_RDONLY)
            try file.seek(toOffset: UInt64(range.lowerBound))
            return [UInt8](try file.read(upToCount: range.count) ?? Data())
        }
    }

    func remove(_ id: FileID, length _: Int) async throws {
        try await blocking {
            for path in [unfinished(id), finished(id)] {
                guard unlink(path) == 0 || errno == ENOENT else { throw Self.failure("unlink") }
            }
            try synchronizeFolder()
        }
    }

    private func finished(_ id: FileID) -> String { folder.appending(path: "\(id)").path }
    private func unfinished(_ id: FileID) -> String { finished(id) + ".part" }

    private func open(_ path: String, _ flags: Int32) throws -> FileHandle {
        let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Self.failure("open") }
        return FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// A file's name survives a crash only once its folder is synced.
    private func synchronizeFolder() throws {
        let handle = try open(folder.path, O_RDONLY | O_DIRECTORY)
        guard fsync(handle.fileDescriptor) == 0 else { throw Self.failure("fsync") }
    }

    private func blocking<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws
        -> Result
    {
        do {
            return try await queue.run(work)
        } catch {
            throw error as? StorageFailure ?? StorageFailure(reason: "\(error)")
        }
    }

    private static func failure(_ call: String) -> StorageFailure {
        StorageFailure(reason: "\(call) failed with errno \(errno)")
    }
}
