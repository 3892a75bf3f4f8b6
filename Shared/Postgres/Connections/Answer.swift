import Synchronization

/// The place where one caller waits for one answer.
///
/// The first result, cancellation or deadline settles it. Later answers are dropped.
struct Answer<Value: Sendable>: ~Copyable, Sendable {
    enum State: Sendable {
        case open
        case awaited(CheckedContinuation<Value, any Error>)
        case settled
    }

    private let state = Mutex(State.open)

    var isSettled: Bool {
        state.withLock { if case .settled = $0 { true } else { false } }
    }

    /// - Returns: `false` when the caller was cancelled before it began to wait; it has then been told already.
    func await(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        let isCancelled = state.withLock { state in
            if case .settled = state { return true }
            state = .awaited(continuation)
            return false
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        return !isCancelled
    }

    /// - Returns: Whether somebody was still waiting.
    @discardableResult
    func settle(_ result: Result<Value, any Error>) -> Bool {
        let continuation = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            defer { state = .settled }
            if case .awaited(let continuation) = state { return continuation }
            return nil
        }
        continuation?.resume(with: result)
        return continuation != nil
    }
}
