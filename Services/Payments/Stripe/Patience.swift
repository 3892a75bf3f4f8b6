import OutboundHTTP
import ServiceKit
import SharedModels

/// Does scheduled work at the provider, or in another service, at a steady pace. With 15 s, accepted work finishes within
/// a minute after a fault ends.
func patiently(
    by clock: any DomainClock, pause: Duration = .seconds(15), _ work: () async throws -> ScheduledOutcome
) async throws -> ScheduledOutcome {
    try await ServiceKit.patiently(by: clock, pause: pause, while: { $0.isPassing }, work)
}

extension Error {
    /// Whether the same work may succeed a little later.
    fileprivate var isPassing: Bool {
        switch self {
        case let error as ProviderError: error.isPassing
        case let error as EscrowError: error.isPassing
        case let error as CheckoutError: error.isPassing
        case is OutboundError: true
        case let refusal as PeerRefusal: refusal.code.status >= 500 || refusal.code == .rateLimitExceeded
        default: false
        }
    }
}

extension EscrowError {
    fileprivate var isPassing: Bool { if case .busy = self { true } else { false } }
}

extension CheckoutError {
    fileprivate var isPassing: Bool { if case .busy = self { true } else { false } }
}

extension ProviderError {
    fileprivate var isPassing: Bool {
        switch self {
        case .unavailable, .missing, .spent: true
        case .refused, .unexpected: false
        }
    }
}

/// How long to wait before another look at something that should have changed by itself: minutes at first, then hours.
func pause(lookingSince begin: Timestamp, at now: Timestamp) -> Duration {
    min(max(now - begin, .minutes(2)), .hours(6))
}
