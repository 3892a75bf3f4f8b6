import Testing

/// Repeats until there is a result, and fails the test when there is no result within `limit`. By default these are minutes,
/// which nothing needs on a machine that works; what a slow one takes is no fault of the stack.
///
/// The stack is another process, so it cannot wake us. The pause leaves it the processor.
func eventually<Result>(
    _ what: Comment, within limit: Duration = .seconds(180), sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Result?
) async throws -> Result {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while clock.now < end {
        if let result = try await condition() { return result }
        try await clock.sleep(for: .milliseconds(50))
    }
    return try #require(try await condition(), what, sourceLocation: sourceLocation)
}
