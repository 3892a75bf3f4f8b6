import Logging
import Postgres
import ServiceKit
import SharedModels
import Synchronization

/// Tells the other replicas that this process is alive, so that they leave its lines alone.
final class SenderLease: Sendable {
    /// After this time another replica takes over from one that died.
    static let length = Duration.seconds(4)
    private static let renewal = Duration.seconds(1)

    private struct State {
        var id: ClaimID
        var heldUntil = ContinuousClock.now
        var isNeeded = false
        /// How many senders were alive at the last renewal.
        var senders = 1
        /// Senders that this process was before.
        var former: [ClaimID] = []
    }

    private let database: Database
    private let clock: any DomainClock
    private let length: Duration
    private let store = LineStore()
    private let state: Mutex<State>
    private let needed = WakeUp()

    init(database: Database, clock: any DomainClock, length: Duration) {
        self.database = database
        self.clock = clock
        self.length = length
        state = Mutex(State(id: .make(at: clock.now)))
    }

    /// The sender that holds our lines.
    var id: ClaimID { state.withLock { $0.id } }
    /// Whether the others leave our lines alone for certain.
    var isHeld: Bool { state.withLock { .now < $0.heldUntil } }

    /// Whether it is held until after its next renewal.
    var isFresh: Bool { state.withLock { .now < $0.heldUntil - length / 2 } }

    /// How many processes send now, as far as is known. Only those count that hold lines.
    var senders: Int { state.withLock { $0.senders } }

    func renew() async throws {
        for former in state.withLock({ $0.former }) {
            try await store.end(former, in: database)
            state.withLock { $0.former.removeAll { $0 == former } }
        }
        let (id, asked) = (self.id, ContinuousClock.now)
        let senders = try await store.keepAlive(id, for: length, in: database)
        state.withLock { state in
            // What was renewed for a sender that was replaced meanwhile is not the new one's.
            guard state.id == id else { return }
            state.heldUntil = asked + length
            state.senders = max(1, senders)
        }
    }

    /// Begins as a new sender: others may have taken over the lines of the old one.
    func replace() {
        state.withLock { state in
            state.former.append(state.id)
            state.id = .make(at: clock.now)
            state.heldUntil = .now
        }
    }

    /// - Parameter isNeeded: Whether there are lines to hold. Otherwise it is left to expire.
    func need(_ isNeeded: Bool) {
        let begins = state.withLock { state in
            defer { state.isNeeded = isNeeded }
            return isNeeded && !state.isNeeded
        }
        if begins { needed.signal() }
    }

    private var isNeeded: Bool { state.withLock { $0.isNeeded } }

    /// Renews the lease while it is needed, until the task is cancelled.
    func keep() async {
        while !Task.isCancelled {
            if !isNeeded { await needed.wait() }
            // Only cancellation cuts it short.
            try? await Task.sleep(for: Self.renewal)
            guard !Task.isCancelled, isNeeded else { continue }
            // The next renewal tries again. A lease that ends meanwhile is replaced by the engine.
            try? await renew()
        }
    }

    /// Frees all lines at once, at shutdown.
    func end() async throws { try await store.end(id, in: database) }
}
