import Synchronization

/// How much a transaction sees of other transactions (PostgreSQL manual, section 13.2).
package enum IsolationLevel: Int, Sendable, Comparable {
    case readCommitted, repeatableRead, serializable

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    var begin: String {
        switch self {
        case .readCommitted: "BEGIN ISOLATION LEVEL READ COMMITTED"
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        }
    }
}

/// Statements that take effect together or not at all, on a connection reserved for them.
///
/// Created by ``Database/transaction(isolation:_:)``. Useless after its body has returned.
package final class Transaction: SQLExecutor {
    /// Whether this task runs inside a transaction's body, where no network call may be made.
    @TaskLocal package static var isOpen = false

    private let database: Database
    private let lease: Lease
    private let actions = Mutex<[@Sendable () -> Void]>([])
    private let later = Mutex(Later())

    /// What was not sent yet.
    private struct Later {
        var statements: [SQL] = []
        /// How many were sent before these.
        var sentCount = 0
        /// Whether a statement failed, so that the server may refuse all until it is rolled back.
        var hasFailed = false
        /// Whether some may never have been sent, because their task was cancelled.
        var isLost = false
        /// How many parts are open, one inside the other.
        var depth = 0

        /// What goes with the next statement.
        mutating func take() throws(PostgresError) -> [SQL] {
            guard !isLost else { throw .rolledBack }
            defer { statements = [] }
            sentCount += statements.count + 1
            return statements
        }
    }

    /// How many statements wait for the next one at most.
    private static let laterLimit = 32

    init(on database: Database, lease: Lease) {
        self.database = database
        self.lease = lease
    }

    package func rows(_ sql: SQL) async throws -> Rows {
        if let failure = sql.parameters.failure { throw failure }
        let before = try later.withLock { later throws(PostgresError) in try later.take() }
        let request = Request(
            .statement(sql), after: before, ifLost: .rolledBack, deadline: .now + database.configuration.deadline)
        do {
            return try await request.value { () throws(PostgresError) in
                try database.submit(.runLeased(request, lease))
            }
        } catch {
            later.withLock { later in
                later.hasFailed = true
                later.isLost = later.isLost || (error is CancellationError && !before.isEmpty)
            }
            throw error
        }
    }

    package func executeLater(_ sql: SQL) async throws {
        if let failure = sql.parameters.failure { throw failure }
        let isKept = later.withLock { later in
            guard later.statements.count < Self.laterLimit else { return false }
            later.statements.append(sql)
            return true
        }
        if !isKept { try await execute(sql) }
    }

    /// Runs `body` as a part that is undone alone when it throws, by a savepoint.
    package func part<Result>(_ body: () async throws -> Result) async throws -> Result {
        let start = place
        // A name of its own: one that was never made must not stand for that of the part around it.
        let savepoint = beginPart()
        defer { later.withLock { $0.depth -= 1 } }
        try await executeLater("SAVEPOINT \(fragment: savepoint)")
        do {
            let result = try await body()
            // What the body left to be sent may fail, and is then undone with the body.
            if isSound {
                try await executeLater("RELEASE SAVEPOINT \(fragment: savepoint)")
            } else {
                try await execute("RELEASE SAVEPOINT \(fragment: savepoint)")
            }
            return result
        } catch {
            if forget(from: start) { throw error }
            // What waited from before this part has failed with it when this fails, too: then the part around it is lost, or
            // the whole transaction.
            let isUndone = (try? await execute("ROLLBACK TO SAVEPOINT \(fragment: savepoint)")) != nil
            if isUndone { try? await executeLater("RELEASE SAVEPOINT \(fragment: savepoint)") }
            throw error
        }
    }

    /// - Returns: The name of the part's savepoint.
    private func beginPart() -> SQL {
        let depth = later.withLock { later in
            later.depth += 1
            return later.depth
        }
        return SQL(stringLiteral: "part_\(depth)")
    }

    /// Whether every statement so far was carried out. Otherwise the next one may fail for another's sake.
    private var isSound: Bool { later.withLock { $0.statements.isEmpty && !$0.hasFailed } }

    /// The place after everything that was said so far, for ``forget(from:)``.
    private var place: Int { later.withLock { $0.sentCount + $0.statements.count } }

    /// Forgets the statements after `place` that were not sent.
    ///
    /// - Returns: Whether none of them was sent, so that there is nothing to undo.
    private func forget(from place: Int) -> Bool {
        later.withLock { later in
            let kept = place - later.sentCount
            later.statements.removeLast(later.statements.count - max(0, kept))
            return kept >= 0
        }
    }

    package func afterCommit(_ action: @escaping @Sendable () -> Void) {
        actions.withLock { $0.append(action) }
    }

    /// Runs a text of several statements, such as a migration. No other statement may be under way on this transaction.
    ///
    /// - Parameter limit: The time limit. The server's `statement_timeout` applies too.
    package func script(_ text: String, within limit: Duration) async throws {
        guard !text.utf8.contains(0) else { throw PostgresError.invalidText }
        guard isSound else { throw PostgresError.misuse("a script after a statement that was not sent yet, or failed") }
        let request = Request(.script(text), ifLost: .rolledBack, deadline: .now + limit)
        _ = try await request.value { () throws(PostgresError) in
            try database.submit(.runLeased(request, lease))
        }
    }

    /// Commits, and gives the connection back. Cancellation does not interrupt it.
    ///
    /// - Throws: What PostgreSQL found at the end (a deferred constraint, a serialization conflict),
    ///   ``PostgresError/rolledBack``, or ``PostgresError/unknownOutcome(reason:)`` when the answer was lost.
    func commit() async throws {
        let before: [SQL]
        do throws(PostgresError) {
            before = try later.withLock { later throws(PostgresError) in try later.take() }
        } catch {
            await rollback()
            throw error
        }
        let request = Request(
            .statement("COMMIT"), after: before, ifLost: .unknownOutcome,
            deadline: .now + database.configuration.deadline)
        let answer = try await request.valueDespiteCancellation { () throws(PostgresError) in
            try database.submit(.end(request, lease))
        }
        if answer.commandTag == "ROLLBACK" { throw PostgresError.rolledBack }
        for action in actions.withLock({ $0 }) { action() }
    }

    /// Rolls back, and gives the connection back. A cancelled task does not wait for it.
    func rollback() async {
        let request = Request(
            .statement("ROLLBACK"), ifLost: .rolledBack, deadline: .now + database.configuration.deadline)
        if Task.isCancelled {
            // Fails only when the connections are closed, which rolls back as well.
            try? database.submit(.end(request, lease))
        } else {
            // An error means that the connection is lost, which rolls back as well.
            _ = try? await request.valueDespiteCancellation { () throws(PostgresError) in
                try database.submit(.end(request, lease))
            }
        }
    }
}

extension Database {
    /// How often a transaction is run again after a serialization failure or a deadlock.
    private static let furtherTries = 3

    /// Runs `body` and commits its changes. An error from it rolls back.
    ///
    /// After a serialization failure or a deadlock the whole body is run again, up to three times, so it must have no
    /// other effects. In a ``CommitScope`` it becomes a part of the scope's transaction, and is not run again.
    ///
    /// - Throws: What `body` throws, ``PostgresError/unknownOutcome(reason:)`` when the answer to
    ///   `COMMIT` was lost, and the other ``PostgresError``s. Inside another transaction's body it is a
    ///   ``PostgresError/misuse(_:)``.
    @discardableResult
    package func transaction<Result: Sendable>(
        isolation: IsolationLevel = .readCommitted,
        _ body: (Transaction) async throws -> Result
    ) async throws -> Result {
        if let scope = CommitScope.current, scope.covers(self) {
            return try await scope.join(isolation: isolation, body)
        }
        guard !Transaction.isOpen else {
            throw PostgresError.misuse("a transaction inside a transaction: pass the outer one on")
        }
        var conflicts = 0
        while true {
            do {
                return try await transactOnce(isolation: isolation, body)
            } catch let error as PostgresError where error.isSerializationConflict {
                guard conflicts < Self.furtherTries else { throw error }
                conflicts += 1
                try await Task.sleep(for: .milliseconds(Double.random(in: 1...10) * Double(1 << conflicts)))
            }
        }
    }

    /// Passes the rows of a query of any size to `row`. The memory used does not grow with their number.
    ///
    /// Reads through a cursor, in one snapshot, on a separate connection. So it does not see the changes of a
    /// transaction that is still open around it. The deadline and the limit on results apply to each batch of at most
    /// 1,000 rows.
    package func stream(_ sql: SQL, _ row: (Row) throws -> Void) async throws {
        try await transactOnce(isolation: .readCommitted) { transaction in
            try await transaction.execute("SET LOCAL cursor_tuple_fraction = 1")
            try await transaction.execute("DECLARE streamed NO SCROLL CURSOR FOR \(fragment: sql)")
            var batch = CursorBatch.one
            while true {
                let rows = try await transaction.rows(batch.fetch)
                for next in rows { try row(next) }
                if rows.count < batch.rawValue { return }
                batch = batch.next(after: rows.memorySize)
            }
        }
    }

    /// Opens a transaction. The caller must end it.
    func begin(isolation: IsolationLevel) async throws -> Transaction {
        let request = LeaseRequest(
            isolation: isolation, deadline: .now + configuration.deadline, patience: configuration.queuePatience)
        let lease = try await request.value { () throws(PostgresError) in try submit(.lease(request)) }
        return Transaction(on: self, lease: lease)
    }

    private func transactOnce<Result: Sendable>(
        isolation: IsolationLevel, _ body: (Transaction) async throws -> Result
    ) async throws -> Result {
        let transaction = try await begin(isolation: isolation)
        let result: Result
        do {
            result = try await Transaction.$isOpen.withValue(true) { try await body(transaction) }
            try Task.checkCancellation()
        } catch {
            await transaction.rollback()
            throw error
        }
        try await transaction.commit()
        return result
    }
}

/// How many rows a stream fetches at once: few when rows are large.
private enum CursorBatch: Int {
    case one = 1, ten = 10, hundred = 100, thousand = 1000

    /// A row count cannot be a parameter.
    var fetch: SQL {
        switch self {
        case .one: "FETCH FORWARD 1 FROM streamed"
        case .ten: "FETCH FORWARD 10 FROM streamed"
        case .hundred: "FETCH FORWARD 100 FROM streamed"
        case .thousand: "FETCH FORWARD 1000 FROM streamed"
        }
    }

    /// The size of the next batch after one of `size` bytes. The aim is 100 kB to 1 MB.
    func next(after size: Int) -> Self {
        switch size {
        case ..<100_000: Self(rawValue: rawValue * 10) ?? self
        case 1_000_000...: Self(rawValue: rawValue / 10) ?? self
        default: self
        }
    }
}
