import TestSupport
import Testing

/// Where handlers stop until the test lets them go on.
final class Gate: Sendable {
    private let arrivals = Shared(0)
    private let opening = AsyncStream.makeStream(of: Void.self)

    /// The handler's side. Ends with the task's cancellation too.
    func pass() async {
        arrivals.change { $0 += 1 }
        for await _ in opening.stream {}
    }

    /// The test's side: until a handler has come.
    func waitForArrival() async throws {
        try await eventually("a handler has come to the gate") { arrivals.value > 0 }
    }

    /// Lets it go on, and everybody who comes later.
    func open() { opening.continuation.finish() }
}
