import ServiceKit
import ServiceLifecycle
import SharedModels

/// Stands before every provider and makes the calls fail that were asked to.
struct FaultGate: Sendable {
    /// How long a call goes without an answer: longer than any of our services waits for a provider.
    static let silence = Duration.seconds(60)

    let store: FaultStore

    /// Lets one call through, or fails it.
    ///
    /// - Parameters:
    ///   - refusals: What this provider answers to a call that is made to fail with an answer.
    ///   - body: Does what was asked for.
    func pass(
        _ request: RawRequest, to target: FaultTarget, refusals: ProviderRefusals,
        _ body: () async throws -> Answer
    ) async throws -> Answer {
        switch try await store.take(target, path: request.path, isRead: request.method == .get) {
        case nil: return try await body()
        case .error: return refusals.error
        case .rateLimit: return refusals.rateLimit
        case .decline: return refusals.decline
        case .timeout:
            await Self.stayingSilent()
            return refusals.error
        case .timeoutAfterSuccess:
            let answer = try await body()
            await Self.stayingSilent()
            return answer
        }
    }

    /// Ends early when the sandbox is shut down.
    static func stayingSilent() async {
        await cancelWhenGracefulShutdown {
            // Cancelled: the caller has gone, or the sandbox goes.
            try? await Task.sleep(for: silence)
        }
    }
}

/// A provider's own ways to say no.
struct ProviderRefusals: Sendable {
    let error: Answer
    let rateLimit: Answer
    let decline: Answer
}
