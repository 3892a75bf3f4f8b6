import Logging
import Synchronization

/// Whether Stripe takes our key. While it does not, no money moves: the log has an error, and the service is not ready.
final class StripeStanding: Sendable {
    private let isRefused = Mutex(false)
    private let logger: Logger

    init(logger: Logger) {
        self.logger = logger
    }

    var isKeyTaken: Bool { isRefused.withLock { !$0 } }

    /// Looks at the status of an answer. Faults of Stripe's say nothing about the key.
    func note(status: Int) {
        let refuses = status == 401 || status == 403
        guard refuses || status < 500 else { return }
        let before = isRefused.withLock { isRefused in
            defer { isRefused = refuses }
            return isRefused
        }
        switch (before, refuses) {
        case (false, true):
            logger.error("stripe does not take our key (STRIPE_SECRET_KEY)", metadata: ["status": "\(status)"])
        case (true, false): logger.info("stripe takes our key again")
        case (true, true), (false, false): break
        }
    }
}
