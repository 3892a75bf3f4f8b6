import Synchronization

/// The I/O thread's own figures, as of its last turn.
final class Gauges: Sendable {
    private let values = Mutex(Database.Statistics())

    var current: Database.Statistics { values.withLock { $0 } }

    func update(from engine: Engine) {
        let now = Database.Statistics(
            pipelinedConnections: engine.pipelined.count(where: \.isReady),
            statementsInFlight: engine.pipelined.reduce(0) { $0 + $1.segments.count },
            statementsQueued: engine.waiting.count,
            transactionConnections: engine.leasable.count(where: \.isReady),
            transactionsOpen: engine.leased.count,
            transactionsQueued: engine.waitingForLease.count)
        values.withLock { $0 = now }
    }
}
