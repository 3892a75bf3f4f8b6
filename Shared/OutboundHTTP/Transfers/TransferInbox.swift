import Synchronization

/// Messages from other threads to the I/O thread.
final class TransferInbox: Sendable {
    enum Message: Sendable {
        case start(Exchange)
        case cancel(Exchange)
        case resume(Exchange)
        /// Take no more transfers, and end those still running at that moment. A later message may name an earlier
        /// moment.
        case stop(by: ContinuousClock.Instant)
    }

    private struct State {
        var messages: [Message] = []
        /// Exchanges that were started and that the I/O thread has not released yet.
        var outstanding = 0
        var isAsleep = false
        var isStopping = false
        var isClosed = false
        var hasEnded = false
        var endWaiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let limit: Int
    private let wakeUp: @Sendable () -> Void

    /// - Parameters:
    ///   - limit: The maximum number of outstanding exchanges. More are refused.
    ///   - wakeUp: Ends the I/O thread's sleep. Not called once the inbox is closed.
    init(limit: Int, wakeUp: @escaping @Sendable () -> Void) {
        self.limit = limit
        self.wakeUp = wakeUp
    }

    /// - Throws: ``OutboundError/shutDown`` or ``OutboundError/overloaded``
    func start(_ exchange: Exchange) throws(OutboundError) {
        let refusal = state.withLock { state -> OutboundError? in
            if state.isStopping { return .shutDown }
            if state.outstanding >= limit { return .overloaded }
            state.outstanding += 1
            deliver(.start(exchange), &state)
            return nil
        }
        if let refusal { throw refusal }
    }

    func post(_ message: Message) {
        state.withLock { state in
            if case .stop = message { state.isStopping = true }
            if !state.isClosed { deliver(message, &state) }
        }
    }

    var outstandingCount: Int { state.withLock { $0.outstanding } }

    /// Waits until the I/O thread has nothing left to do.
    func untilEnded() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.endWaiters.append(continuation) }
                return state.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    // MARK: - Called by the I/O thread

    /// Takes all messages. When there are no messages, the next one will wake the thread.
    func take() -> [Message] {
        state.withLock { state in
            state.isAsleep = state.messages.isEmpty
            defer { state.messages.removeAll() }
            return state.messages
        }
    }

    func release(_ count: Int) {
        state.withLock { $0.outstanding -= count }
    }

    /// Takes no more messages and wakes the thread no more.
    ///
    /// - Returns: What came in since the last ``take()``.
    func close() -> [Message] {
        state.withLock { state in
            state.isClosed = true
            defer { state.messages = [] }
            return state.messages
        }
    }

    /// The last thing that the I/O thread does.
    func announceEnd() {
        let waiters = state.withLock { state in
            state.hasEnded = true
            defer { state.endWaiters = [] }
            return state.endWaiters
        }
        for waiter in waiters { waiter.resume() }
    }

    private func deliver(_ message: Message, _ state: inout State) {
        state.messages.append(message)
        if state.isAsleep {
            state.isAsleep = false
            wakeUp()
        }
    }
}
