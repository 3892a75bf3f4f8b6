import ServiceKit
import SharedModels

/// Does scheduled work at the provider, and tries again at a steady pace while it is away, instead of ever more rarely.
///
/// - Parameter pause: Until the next try: with 15 s what was accepted finishes within two minutes of the fault's end.
func patiently(
    by clock: any DomainClock, pause: Duration = .seconds(15), _ work: () async throws -> ScheduledOutcome
) async throws -> ScheduledOutcome {
    do {
        return try await work()
    } catch ProviderError.unavailable, EscrowError.busy {
        return .again(at: clock.now + pause)
    }
}
