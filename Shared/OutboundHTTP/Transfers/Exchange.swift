import Synchronization

/// One transfer between its caller and the I/O thread. The first result, cancellation or deadline settles it.
final class Exchange: Sendable {
    private enum State {
        case open
        case awaited(CheckedContinuation<OutboundResponse, any Error>)
        case settled(Result<OutboundResponse, any Error>)
        case delivered
    }

    let order: TransferOrder
    private let state = Mutex<State>(.open)

    init(_ order: TransferOrder) {
        self.order = order
    }

    /// Whether nobody waits for the result any more.
    var isSettled: Bool {
        state.withLock {
            switch $0 {
            case .open, .awaited: false
            case .settled, .delivered: true
            }
        }
    }

    /// Hands the result to the caller.
    ///
    /// - Returns: Whether this was the first result; later ones are dropped.
    @discardableResult
    func settle(_ result: Result<OutboundResponse, any Error>) -> Bool {
        let (isFirst, caller) = state.withLock {
            state -> (Bool, CheckedContinuation<OutboundResponse, any Error>?) in
            switch state {
            case .open:
                state = .settled(result)
                return (true, nil)
            case .awaited(let continuation):
                state = .delivered
                return (true, continuation)
            case .settled, .delivered:
                return (false, nil)
            }
        }
        caller?.resume(with: result)
        return isFirst
    }

    /// Waits for the result. Called once.
    func response() async throws -> OutboundResponse {
        try await withCheckedThrowingContinuation { continuation in
            let ready = state.withLock { state -> Result<OutboundResponse, any Error>? in
                guard case .settled(let result) = state else {
                    state = .awaited(continuation)
                    return nil
                }
                state = .delivered
                return result
            }
            if let ready { continuation.resume(with: ready) }
        }
    }
}
