import Testing

/// Waits for a condition that is bound to come, and fails the test when it has not after 20 s.
func eventually(
    _ what: Comment, sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now + .seconds(20)
    while try await !condition() {
        guard ContinuousClock.now < end else {
            Issue.record(what, sourceLocation: sourceLocation)
            throw CancellationError()
        }
        await Task.yield()
    }
}
