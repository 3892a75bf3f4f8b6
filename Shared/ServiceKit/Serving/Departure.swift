import Synchronization

/// The moment at which a server begins to shut down. Handlers that only wait then stop waiting.
package final class Departure: Sendable {
    private struct State {
        var hasBegun = false
        var waits: [Int: @Sendable () -> Void] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    package init() {}

    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    func begin() {
        let waits = state.withLock { state in
            state.hasBegun = true
            return state.waits.values.map(\.self)
        }
        for cancel in waits { cancel() }
    }

    /// Runs `wait`, and cancels it when the shutdown begins.
    package func ending(_ wait: @escaping @Sendable () async -> Void) async {
        let task = Task { await wait() }
        let id = state.withLock { state in
            state.count += 1
            if state.hasBegun { task.cancel() } else { state.waits[state.count] = { task.cancel() } }
            return state.count
        }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        state.withLock { $0.waits[id] = nil }
    }
}
