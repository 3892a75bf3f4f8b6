import Synchronization

/// Counts since the client's start, for `/metrics`.
package struct OutboundStatistics: Equatable, Sendable {
    /// Attempts begun, retries included.
    package var attempts = 0
    /// Attempts that ended in an HTTP answer of any status, or in a mail accepted.
    package var answered = 0
    /// Attempts that ended in an error.
    package var failed = 0
    /// Transfers under way that the caller cancelled.
    package var cancelled = 0
    package var retries = 0
    package var connectionsOpened = 0
    /// How often a circuit breaker opened.
    package var circuitsOpened = 0
    /// Transfers queued or under way now.
    package var outstanding = 0
    /// Targets that are not called now because they kept failing.
    package var openCircuits = 0
}

/// The counters behind ``OutboundStatistics``, fed by callers and the I/O thread.
final class OutboundCounters: Sendable {
    private let totals = Mutex(OutboundStatistics())

    func add(_ counter: WritableKeyPath<OutboundStatistics, Int>, _ count: Int = 1) {
        totals.withLock { $0[keyPath: counter] += count }
    }

    var current: OutboundStatistics { totals.withLock { $0 } }
}
