import Postgres
import SharedModels
import Synchronization

/// Tells the relay for whom events were committed, so that it need not look for that.
final class OutboxNews: Sendable {
    private struct State {
        var destinations: Set<ServiceName> = []
        /// Whether there may be events for anybody.
        var isAny = true
    }

    private let wakeUp: WakeUp
    private let state = Mutex(State())

    init(database: Database) {
        wakeUp = WakeUp(timedBy: database)
    }

    func tell(of destinations: [ServiceName]) {
        state.withLock { $0.destinations.formUnion(destinations) }
        wakeUp.signal()
    }

    func tellOfAny() {
        state.withLock { $0.isAny = true }
        wakeUp.signal()
    }

    /// For whom there was news since this was asked last; `nil` when that is not known.
    func take() -> Set<ServiceName>? {
        state.withLock { state in
            defer { state = State(isAny: false) }
            return state.isAny ? nil : state.destinations
        }
    }

    /// - Returns: `false` when `limit` has passed without news.
    func wait(atMost limit: Duration) async -> Bool { await wakeUp.wait(atMost: limit) }
}
