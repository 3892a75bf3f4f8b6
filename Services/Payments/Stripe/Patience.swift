import ServiceKit
import SharedModels

/// Until a provider that cannot be reached is tried again: what was accepted finishes within two minutes of the
/// fault's end.
private let retryAfter = Duration.seconds(15)

/// Does scheduled work at the provider, and tries again at a steady pace while it is away, instead of ever more rarely.
func patiently(
    by clock: any DomainClock, _ work: () async throws -> ScheduledOutcome
) async throws -> ScheduledOutcome {
    do {
        return try await work()
    } catch PaymentsError.providerUnavailable, PaymentsError.busy {
        return .again(at: clock.now + retryAfter)
    }
}
