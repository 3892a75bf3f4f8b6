import Postgres
import Synchronization

/// Lets one loop sleep until it is told that there is work, or until a time is over.
///
/// Signals while nobody waits are kept as one signal for the next wait.
package final class WakeUp: Sendable {
    private struct State {
        var isSignalled = false
        var waiter: CheckedContinuation<Bool, Never>?
        /// Counts the waits, so that a late timer does not end the next wait.
        var round = 0
        /// Whether this round's time is over. This can happen before its task waits.
        var isTimeOver = false
    }

    private let state = Mutex(State())
    private let database: Database?

    /// - Parameter database: Whose thread ends the waits, for a loop that asks it afterwards: that is cheaper (``Alarm``).
    package init(timedBy database: Database? = nil) {
        self.database = database
    }

    package func signal() {
        let waiter: CheckedContinuation<Bool, Never>? = state.withLock { state in
            if let waiter = state.waiter.take() { return waiter }
            state.isSignalled = true
            return nil
        }
        waiter?.resume(returning: true)
    }

    /// Waits for a signal, for `limit`, or for cancellation. One task may wait at a time.
    ///
    /// - Parameter limit: `nil` for as long as it takes.
    /// - Returns: `false` when `limit` has passed without a signal.
    @discardableResult
    package func wait(atMost limit: Duration? = nil) async -> Bool {
        let round = beginRound()
        let cancelTimer = limit.map { endTime(of: round, after: $0) }
        defer { cancelTimer?() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                let answer: Bool? = state.withLock { state in
                    precondition(state.waiter == nil, "one task may wait at a time")
                    if state.isSignalled || Task.isCancelled {
                        state.isSignalled = false
                        return true
                    }
                    if state.isTimeOver { return false }
                    state.waiter = waiter
                    return nil
                }
                if let answer { waiter.resume(returning: answer) }
            }
        } onCancel: {
            signal()
        }
    }

    private func beginRound() -> Int {
        state.withLock { state in
            state.round += 1
            state.isTimeOver = false
            return state.round
        }
    }

    /// - Returns: What makes it unnecessary.
    private func endTime(of round: Int, after limit: Duration) -> () -> Void {
        if let database { return database.alarm(after: limit) { self.endTime(of: round) }.cancel }
        let timer = Task {
            // Cancelled: the wait is over already.
            guard (try? await Task.sleep(for: limit)) != nil else { return }
            endTime(of: round)
        }
        return timer.cancel
    }

    private func endTime(of round: Int) {
        let waiter: CheckedContinuation<Bool, Never>? = state.withLock { state in
            guard state.round == round else { return nil }
            state.isTimeOver = true
            return state.waiter.take()
        }
        waiter?.resume(returning: false)
    }
}
