import Synchronization

/// One statement on its way to PostgreSQL and back.
final class Request: Expiring, Sendable {
    enum Content: Sendable {
        case statement(SQL)
        /// Several statements in one text, without parameters.
        case script(String)
    }

    /// What the loss of the connection means when it happens before the answer.
    enum IfLost: Sendable {
        /// A read is sent again; the outcome of a write is unknown.
        case dependsOnStatement
        /// The transaction it belongs to is rolled back.
        case rolledBack
        /// It is the commit, so its outcome is unknown.
        case unknownOutcome
    }

    let content: Content
    /// Statements of the same transaction that go in front of it, and whose rows nobody reads. When one fails, the request
    /// fails with its error and the rest is not carried out.
    let before: [SQL]
    let ifLost: IfLost
    let deadline: MonotonicTime
    /// How long it waits for a connection at first. One that has to be sent again waits until its deadline.
    private let patience: MonotonicTime
    var waitsUntil: MonotonicTime { attempts.load(ordering: .relaxed) == 0 ? patience : deadline }
    /// Whether it waits until its deadline even while PostgreSQL is gone, as at start.
    let outwaitsOutage: Bool
    let answer = Answer<Rows>()
    /// How often it was given to a connection. Only the I/O thread counts.
    let attempts = Atomic<Int>(0)
    /// Whether it must not share a `Sync`, because another's failure already prevented it once.
    let standsAlone = Atomic<Bool>(false)

    /// - Parameter patience: How long it waits for a connection; `nil` until its deadline.
    init(
        _ content: Content, after before: [SQL] = [], ifLost: IfLost, deadline: MonotonicTime,
        patience: Duration? = nil,
        outwaitsOutage: Bool = false
    ) {
        self.content = content
        self.before = before
        self.outwaitsOutage = outwaitsOutage
        self.ifLost = ifLost
        self.deadline = deadline
        self.patience = patience.map { min(deadline, .now + $0) } ?? deadline
    }

    /// The kind of connection it goes over.
    var use: Connection.Use {
        if case .statement(let sql) = content, sql.looksLikeQuery { .queries } else { .writes }
    }

    /// Whether it can be sent once more without harm.
    var mayRepeat: Bool {
        guard ifLost == .dependsOnStatement, case .statement(let sql) = content else { return false }
        return sql.isReadOnly
    }
}

/// A caller who wants a connection alone.
final class LeaseRequest: Expiring, Sendable {
    let isolation: IsolationLevel
    let deadline: MonotonicTime
    let waitsUntil: MonotonicTime
    let answer = Answer<Lease>()

    init(isolation: IsolationLevel, deadline: MonotonicTime, patience: Duration) {
        self.isolation = isolation
        self.deadline = deadline
        waitsUntil = min(deadline, .now + patience)
    }
}

/// The right to use one connection until the transaction on it ends. Each lease is unique.
struct Lease: Hashable, Sendable {
    let number: UInt64
}

extension Request {
    /// Sends the request with `submit` and waits for its answer. Cancelling the task ends the wait.
    ///
    /// - Throws: What keeps the request from being sent, what the answer says, or `CancellationError`.
    func value(_ submit: () throws(PostgresError) -> Void) async throws -> Rows {
        if case .statement(let sql) = content, let failure = sql.parameters.failure { throw failure }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard answer.await(continuation) else { return }
                do throws(PostgresError) { try submit() } catch { answer.settle(.failure(error)) }
            }
        } onCancel: {
            answer.settle(.failure(CancellationError()))
        }
    }

    /// Like ``value(_:)``, but a cancelled task waits too. For the end of a transaction, which happens in any case.
    func valueDespiteCancellation(_ submit: () throws(PostgresError) -> Void) async throws -> Rows {
        try await withCheckedThrowingContinuation { continuation in
            _ = answer.await(continuation)
            do throws(PostgresError) { try submit() } catch { answer.settle(.failure(error)) }
        }
    }
}

extension LeaseRequest {
    /// Waits for a connection, until the task is cancelled.
    func value(_ submit: () throws(PostgresError) -> Void) async throws -> Lease {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard answer.await(continuation) else { return }
                do throws(PostgresError) { try submit() } catch { answer.settle(.failure(error)) }
            }
        } onCancel: {
            answer.settle(.failure(CancellationError()))
        }
    }
}
