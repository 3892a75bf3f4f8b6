/// Where one handler stops until the test lets it go on.
final class Gate: Sendable {
    private let arrivals = AsyncStream.makeStream(of: Void.self)
    private let opening = AsyncStream.makeStream(of: Void.self)

    /// The handler's side. Ends with the task's cancellation too.
    func pass() async {
        arrivals.continuation.yield()
        for await _ in opening.stream {}
    }

    /// The test's side: until a handler has come.
    func waitForArrival() async {
        for await _ in arrivals.stream { return }
    }

    /// Lets it go on, and everybody who comes later.
    func open() { opening.continuation.finish() }
}
