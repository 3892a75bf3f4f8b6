import Foundation
import Synchronization

/// Hashes passwords on separate threads, a few at a time, because each hash keeps a processor busy.
final class PasswordHasher: Sendable {
    /// Limits the memory and processors that sign-ins take from everything else.
    private static let threads = 2
    /// The last one in the queue waits about five seconds. People do not wait longer.
    static let standardLimit = 48

    private let cost: PasswordHash.Cost
    private let decoy: PasswordHash
    private let limit: Int
    private let queue = OperationQueue()
    /// How many are under way or waiting.
    private let pending = Mutex(0)

    /// - Parameter limit: How many may be under way or waiting; one more is refused.
    init(cost: PasswordHash.Cost = .standard, limit: Int = standardLimit) {
        (self.cost, self.limit) = (cost, limit)
        decoy = PasswordHash(decoy: cost)
        queue.maxConcurrentOperationCount = Self.threads
    }

    /// - Throws: ``PasswordError/tooManySignIns``.
    func hash(_ password: String) async throws -> PasswordHash {
        try await run { [cost] in try PasswordHash(of: password, cost: cost) }
    }

    /// Whether `password` matches the hash. Without a hash it does the same work, and nothing matches.
    ///
    /// - Throws: ``PasswordError/tooManySignIns``.
    func matches(_ password: String, _ hash: PasswordHash?) async throws -> Bool {
        let isMatch = try await run { [decoy] in try (hash ?? decoy).matches(password) }
        return isMatch && hash != nil
    }

    /// Like ``matches(_:_:)``, also for hashes that were imported.
    ///
    /// - Parameter isMixed: Whether there are imported ones. Then every check does the work of both kinds, so that its time
    ///   does not tell which one an address has, or whether it has any.
    func matches(_ password: String, _ stored: StoredHash?, isMixed: Bool) async throws -> Bool {
        try await run { [decoy] in
            switch stored {
            case .own(let hash):
                if isMixed { _ = BcryptHash.decoy.matches(password) }
                return try hash.matches(password)
            case .imported(let hash):
                _ = try decoy.matches(password)
                return hash.matches(password)
            case nil:
                if isMixed { _ = BcryptHash.decoy.matches(password) }
                _ = try decoy.matches(password)
                return false
            }
        }
    }

    private func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try pending.withLock { [limit] count throws(PasswordError) in
            guard count < limit else { throw .tooManySignIns }
            count += 1
        }
        defer { pending.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
