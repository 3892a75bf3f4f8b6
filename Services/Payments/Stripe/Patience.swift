import ServiceKit
import SharedModels

/// Does scheduled work at the provider. While the provider is down it tries again at a steady pace, without growing
/// pauses.
///
/// - Parameter pause: The time until the next try. With 15 s, accepted work finishes within two minutes after the fault
///   ends.
func patiently(
    by clock: any DomainClock, pause: Duration = .seconds(15), _ work: () async throws -> ScheduledOutcome
) async throws -> ScheduledOutcome {
    do {
        return try await work()
    } catch ProviderError.unavailable, EscrowError.busy {
        return .again(at: clock.now + pause)
    }
}
