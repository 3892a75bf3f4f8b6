import SharedModels
import Synchronization

@testable import TalentService

/// A storage that can be made to fail, and reports what it holds.
final class FaultyStorage: FileStorage {
    private struct State {
        var held: Set<FileID> = []
        var isAway = false
        /// Run once, before the next file is stored.
        var meanwhile: (@Sendable () async throws -> Void)?
    }

    private let inner: any FileStorage
    private let state = Mutex(State())

    init(_ inner: any FileStorage) {
        self.inner = inner
    }

    /// The files it holds.
    var held: Set<FileID> { state.withLock { $0.held } }

    func go(away isAway: Bool) { state.withLock { $0.isAway = isAway } }

    func before(_ next: @escaping @Sendable () async throws -> Void) {
        state.withLock { $0.meanwhile = next }
    }

    func put(_ content: FileContent, as id: FileID, _ type: FileType) async throws {
        if let meanwhile = state.withLock({ $0.meanwhile.take() }) { try await meanwhile() }
        try check()
        try await inner.put(content, as: id, type)
        state.withLock { _ = $0.held.insert(id) }
    }

    func get(_ id: FileID, _ range: Range<Int>) async throws -> [UInt8]? {
        try check()
        return try await inner.get(id, range)
    }

    func remove(_ id: FileID, length: Int) async throws {
        try check()
        try await inner.remove(id, length: length)
        state.withLock { _ = $0.held.remove(id) }
    }

    private func check() throws {
        if state.withLock({ $0.isAway }) { throw StorageFailure(reason: "away") }
    }
}

extension FileStorage {
    func put(_ bytes: [UInt8], as id: FileID, _ type: FileType) async throws {
        try await put(.bytes(bytes), as: id, type)
    }

    /// The whole file, of at most 9 MiB.
    func get(_ id: FileID) async throws -> [UInt8]? { try await get(id, 0..<(9 << 20)) }

    func remove(_ id: FileID) async throws { try await remove(id, length: 9 << 20) }
}
