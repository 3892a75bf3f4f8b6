import Synchronization

/// Lets several writes commit together, although they are made one after the other and do not know of each other.
///
/// While a scope is current, the first write on its database opens one transaction, which stays open after the write
/// has returned. Every later statement and transaction of the same task and its children joins it. It commits when the
/// scope ends. So the answer for an idempotency key is stored in the same transaction as the effect.
///
/// A write or a transaction that fails inside is undone alone, by a savepoint, as it would be without the scope. Reads
/// before the first write do not open a transaction.
package final class CommitScope: Sendable {
    @TaskLocal package static var current: CommitScope?
    /// How many joined transactions this task is inside of.
    @TaskLocal private static var depth = 0

    private struct State {
        var opening: Task<Transaction, any Error>?
        var isolation = IsolationLevel.readCommitted
        /// How many joined transactions are open, nested in each other.
        var depth = 0
        /// What is to be run after the commit.
        var actions: [@Sendable () -> Void] = []
    }

    private let database: Database
    private let state = Mutex(State())

    private init(on database: Database) {
        self.database = database
    }

    /// Runs `body` in a new scope, and commits what it wrote. An error from it rolls everything back.
    ///
    /// - Throws: What `body` throws, and the errors of ``Database/transaction(isolation:_:)``. Inside
    ///   another scope it is a ``PostgresError/misuse(_:)``.
    @discardableResult
    package static func run<Result>(
        on database: Database, _ body: (CommitScope) async throws -> Result
    ) async throws -> Result {
        guard current == nil, !Transaction.isOpen else {
            throw PostgresError.misuse("a commit scope inside another one, or inside a transaction")
        }
        let scope = CommitScope(on: database)
        let result: Result
        do {
            result = try await $current.withValue(scope) { try await body(scope) }
            try Task.checkCancellation()
        } catch {
            // Without a transaction there is nothing to undo.
            if let transaction = try? await scope.close() { await transaction.rollback() }
            throw error
        }
        try await scope.commit()
        return result
    }

    /// Whether there are uncommitted writes. No network call may be made then.
    package var hasOpenTransaction: Bool {
        state.withLock { $0.opening != nil }
    }

    /// Runs `body` in the scope's transaction. Opens the transaction if it is not open yet.
    @discardableResult
    package func inTransaction<Result>(_ body: (Transaction) async throws -> Result) async throws -> Result {
        try await join(isolation: .readCommitted, body)
    }

    /// Commits the writes so far. A later write opens another transaction.
    package func commit() async throws {
        try await close()?.commit()
        let actions = state.withLock { state in
            defer { state.actions = [] }
            return state.actions
        }
        for action in actions { action() }
    }

    /// Keeps an action for after the commit.
    ///
    /// - Returns: `false` when nothing waits for one.
    func adopts(_ action: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            guard state.opening != nil else { return false }
            state.actions.append(action)
            return true
        }
    }

    func covers(_ database: Database) -> Bool {
        database === self.database
    }

    /// One statement: a write is undone alone when it fails.
    func rows(_ sql: SQL) async throws -> Rows {
        if sql.isReadOnly || Self.depth > 0 { return try await opened(.readCommitted).rows(sql) }
        return try await join(isolation: .readCommitted) { try await $0.rows(sql) }
    }

    /// Runs `body` as a part of the scope's transaction.
    ///
    /// - Throws: ``PostgresError/misuse(_:)`` when another one is under way in a parallel task, because the two could
    ///   not be undone separately, or when the transaction is already open at a weaker isolation level.
    func join<Result>(
        isolation: IsolationLevel, _ body: (Transaction) async throws -> Result
    ) async throws -> Result {
        let transaction = try await opened(isolation)
        let depth = Self.depth
        let isAlone = state.withLock { state in
            guard state.depth == depth else { return false }
            state.depth += 1
            return true
        }
        guard isAlone else { throw PostgresError.misuse("two transactions at a time in one commit scope") }
        defer { state.withLock { $0.depth -= 1 } }
        return try await transaction.part {
            try await Self.$depth.withValue(depth + 1) {
                try await Transaction.$isOpen.withValue(true) { try await body(transaction) }
            }
        }
    }

    private func opened(_ isolation: IsolationLevel) async throws -> Transaction {
        let opening = try state.withLock { state in
            if let opening = state.opening {
                guard isolation <= state.isolation else {
                    throw PostgresError.misuse("the commit scope's transaction has a weaker isolation level")
                }
                return opening
            }
            let opening = Task { [database] in try await database.begin(isolation: isolation) }
            state.opening = opening
            state.isolation = isolation
            return opening
        }
        do {
            return try await opening.value
        } catch {
            state.withLock { if $0.opening == opening { $0.opening = nil } }
            throw error
        }
    }

    /// Releases the transaction, if there is one.
    private func close() async throws -> Transaction? {
        let opening = state.withLock { $0.opening.take() }
        return try await opening?.value
    }
}
