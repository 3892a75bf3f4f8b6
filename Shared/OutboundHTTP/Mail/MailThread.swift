import Synchronization

/// The I/O thread for mail, started with the first one.
///
/// Mail has a separate thread because libcurl blocks when it ends a mail connection: it says QUIT and waits for the
/// answer, up to the response time-out (curl, lib/smtp.c, smtp_disconnect). Here only other mails wait with it.
final class MailThread: Sendable {
    private enum State {
        case unused
        case started(TransferThread)
        case stopped
    }

    /// One server takes all our mail, and servers seldom accept more than a few connections from one client.
    private static let maximumConcurrent = 4

    private let state = Mutex(State.unused)
    private let userAgent: String
    private let counters: OutboundCounters

    init(userAgent: String, counters: OutboundCounters) {
        self.userAgent = userAgent
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
                    userAgent: userAgent, maximumConcurrent: Self.maximumConcurrent,
                    queueLimit: 256, counters: counters
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
