import ServiceKit
import SharedModels

/// Stands before every provider and makes the chosen calls fail.
struct FaultGate: Sendable {
    /// How long a call gets no answer: longer than any of our services waits for a provider.
    static let silence = Duration.seconds(60)

    let store: FaultStore

    /// Lets one call through, or fails it.
    ///
    /// - Parameters:
    ///   - refusals: The provider's answers to a call that must fail with an answer.
    ///   - body: Carries out the call.
    func pass(
        _ request: RawRequest, to target: FaultTarget, refusals: ProviderRefusals,
        _ body: () async throws -> Answer
    ) async throws -> Answer {
        switch try await store.take(target, request) {
        case nil: return try await body()
        case .error: return refusals.error
        case .rateLimit: return refusals.rateLimit
        case .decline: return refusals.decline
        case .timeout:
            await Self.stayingSilent(request)
            return refusals.error
        case .timeoutAfterSuccess:
            let answer = try await body()
            await Self.stayingSilent(request)
            return answer
        case .storedError, .errorAfterSuccess, .unauthorized, .proxyRefusal, .processing, .requiresAction,
            .eventsFirst:
            // Stripe's alone, and refused where they are planted.
            return try await body()
        }
    }

    /// Ends early when the sandbox is shut down.
    static func stayingSilent(_ request: RawRequest) async {
        await request.departure.ending {
            // Cancelled: the sandbox shuts down.
            try? await Task.sleep(for: silence)
        }
    }
}

/// The refusals of one provider.
struct ProviderRefusals: Sendable {
    let error: Answer
    let rateLimit: Answer
    let decline: Answer
}
