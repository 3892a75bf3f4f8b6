import Synchronization

/// An I/O thread for one kind of transfers, started with the first one.
final class SideThread: Sendable {
    private enum State {
        case unused
        case started(TransferThread)
        case stopped
    }

    private let state = Mutex(State.unused)
    private let userAgent: String
    private let maximumConcurrent: Int
    private let queueLimit: Int
    private let counters: OutboundCounters

    init(userAgent: String, maximumConcurrent: Int, queueLimit: Int, counters: OutboundCounters) {
        self.userAgent = userAgent
        self.maximumConcurrent = maximumConcurrent
        self.queueLimit = queueLimit
        self.counters = counters
    }

    /// - Throws: ``OutboundError/shutDown``
    func inbox() throws(OutboundError) -> TransferInbox {
        let inbox = state.withLock { state -> TransferInbox? in
            switch state {
            case .started(let thread):
                return thread.inbox
            case .stopped:
                return nil
            case .unused:
                let thread = TransferThread(
                    userAgent: userAgent, maximumConcurrent: maximumConcurrent,
                    queueLimit: queueLimit, counters: counters
                )
                state = .started(thread)
                return thread.inbox
            }
        }
        guard let inbox else { throw .shutDown }
        return inbox
    }

    var outstandingCount: Int {
        state.withLock {
            if case .started(let thread) = $0 { thread.inbox.outstandingCount } else { 0 }
        }
    }

    func stop(by moment: ContinuousClock.Instant) async {
        let started = state.withLock { state -> TransferThread? in
            if case .started(let thread) = state { return thread }
            state = .stopped
            return nil
        }
        await started?.stop(by: moment)
    }
}
