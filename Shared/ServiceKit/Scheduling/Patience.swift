import SharedModels

/// Does scheduled work that somebody else must answer for. While they are away it tries again at a steady pace, without
/// growing pauses, so that what was accepted finishes soon after they are back.
///
/// - Parameters:
///   - pause: The time until the next try.
///   - isPassing: Whether the same work may succeed a little later.
package func patiently(
    by clock: any DomainClock, pause: Duration = .seconds(15), while isPassing: (any Error) -> Bool,
    _ work: () async throws -> ScheduledOutcome
) async throws -> ScheduledOutcome {
    do {
        return try await work()
    } catch  where isPassing(error) {
        return .again(at: clock.now + pause)
    }
}
