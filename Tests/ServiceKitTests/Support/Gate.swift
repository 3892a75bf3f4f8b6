import TestSupport
import Testing

/// Stops handlers until the test lets them continue.
final class Gate: Sendable {
    private let arrivals = Shared(0)
    private let opening = AsyncStream.makeStream(of: Void.self)

    /// The handler's side. It also ends when the task is cancelled.
    func pass() async {
        arrivals.change { $0 += 1 }
        for await _ in opening.stream {}
    }

    /// The test's side. It waits until a handler has arrived.
    func waitForArrival() async throws {
        try await eventually("a handler has come to the gate") { arrivals.value > 0 }
    }

    /// Lets the handler continue, and all that come later.
    func open() { opening.continuation.finish() }
}
