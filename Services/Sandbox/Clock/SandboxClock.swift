import Postgres
import ServiceKit
import SharedModels
import Synchronization

/// The system's time plus an offset that only grows, kept in the database. Every other service follows it.
final class SandboxClock: DomainClock {
    /// How far one call moves it, in seconds: ten years.
    static let longestAdvance: Int64 = 10 * 365 * 86_400
    /// How far all calls move it, in seconds: a century, well inside what PostgreSQL and JSON libraries can
    /// hold.
    static let furthestOffset: Int64 = 100 * 365 * 86_400
    /// More watchers than this are answered at once.
    private static let watcherLimit = 1000

    /// How long after a move the simulated providers wait. In that time the services do what they would have done on
    /// the way, such as capturing a hold before it lapses.
    static let settling = Duration.seconds(4)

    private struct State {
        var offset: Int64 = 0
        /// The offset before the moves that have not settled yet, and when the last of them was made.
        var unsettled: (offset: Int64, movedAt: ContinuousClock.Instant)?
        var watchers: [ObjectIdentifier: WakeUp] = [:]
        var hooks: [@Sendable () -> Void] = []

        /// ``offset``, or its earlier value while a move has not settled.
        var settledOffset: Int64 {
            guard let unsettled, unsettled.movedAt.duration(to: .now) < SandboxClock.settling else { return offset }
            return unsettled.offset
        }
    }

    private let database: Database
    private let system = SystemClock()
    private let state = Mutex(State())

    init(database: Database) {
        self.database = database
    }

    var now: Timestamp { system.now + .seconds(offsetSeconds) }

    /// The time for the deadlines of the simulated providers: ``now``, except for ``settling`` after a move.
    var settledNow: Timestamp { system.now + .seconds(state.withLock { $0.settledOffset }) }

    var offsetSeconds: Int64 { state.withLock { $0.offset } }

    func onAdvance(_ hook: @escaping @Sendable () -> Void) {
        state.withLock { $0.hooks.append(hook) }
    }

    /// Reads the stored offset, at start.
    func load() async throws {
        let offset = try await database.one("SELECT offset_seconds FROM sandbox_clock") {
            try $0.int64(at: 0)
        }
        state.withLock { $0.offset = offset }
    }

    /// Moves the clock and tells every waiter.
    ///
    /// - Parameter seconds: 0 to ``longestAdvance``.
    /// - Returns: `false` when it would go beyond ``furthestOffset``; then it does not move.
    func advance(seconds: Int64) async throws -> Bool {
        let offset = try await database.first(
            """
            UPDATE sandbox_clock SET offset_seconds = offset_seconds + \(seconds)
             WHERE offset_seconds + \(seconds) <= \(Self.furthestOffset)
            RETURNING offset_seconds
            """
        ) { try $0.int64(at: 0) }
        guard let offset else { return false }
        guard seconds > 0 else { return true }
        let (watchers, hooks) = state.withLock { state in
            state.unsettled = (state.settledOffset, .now)
            // Two advances may return in either order.
            state.offset = max(state.offset, offset)
            return (Array(state.watchers.values), state.hooks)
        }
        for watcher in watchers { watcher.signal() }
        for hook in hooks { hook() }
        return true
    }

    /// Returns once the offset is not `known`, after `limit`, or when the task is cancelled.
    func waitForChange(from known: Double, atMost limit: Duration) async {
        let watcher = WakeUp()
        let waits = state.withLock { state in
            guard Double(state.offset) == known, state.watchers.count < Self.watcherLimit else {
                return false
            }
            state.watchers[ObjectIdentifier(watcher)] = watcher
            return true
        }
        guard waits else { return }
        await watcher.wait(atMost: limit)
        state.withLock { $0.watchers[ObjectIdentifier(watcher)] = nil }
    }
}
