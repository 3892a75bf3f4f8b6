import Foundation
import Postgres
import SharedModels
import Synchronization

/// The ``MatchIndex`` of this process. It follows the table `match_features`, which all replicas share, and works on
/// its own thread, because a search keeps a processor busy for some milliseconds.
final class MatchDirectory: Sendable {
    private static let batch = 5_000

    private struct State {
        var index: MatchIndex
        var position: Int64 = 0
    }

    private let database: Database
    private let features: FeatureStore
    private let state: Mutex<State>
    private let thread = OperationQueue()

    init(database: Database, features: FeatureStore, scorer: MatchScorer) {
        self.database = database
        self.features = features
        state = Mutex(State(index: MatchIndex(scorer)))
        thread.maxConcurrentOperationCount = 1
    }

    /// Reads what changed.
    ///
    /// - Parameter batches: How many batches to read at most; the next call goes on.
    /// - Returns: Whether it is up to date now.
    @discardableResult
    func catchUp(atMost batches: Int = .max) async throws -> Bool {
        for _ in 0..<batches {
            let position = try await run { $0.position }
            let changes = try await features.changes(after: position, limit: Self.batch, in: database)
            guard !changes.isEmpty else { return true }
            try await run { state in
                for change in changes {
                    state.index.put(change.user, try change.features)
                    state.position = max(state.position, change.position)
                }
            }
            if changes.count < Self.batch { return true }
        }
        return false
    }

    /// The accounts that fit best, the best first.
    func best(_ most: Int, for features: MatchFeatures) async throws -> [AccountID] {
        try await run { $0.index.best(most, for: features) }
    }

    private func run<Result: Sendable>(_ work: @escaping @Sendable (inout State) throws -> Result) async throws
        -> Result
    {
        try await withCheckedThrowingContinuation { continuation in
            thread.addOperation { [self] in
                continuation.resume(with: Swift.Result { try state.withLock { try work(&$0) } })
            }
        }
    }
}
