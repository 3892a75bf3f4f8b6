import Logging
import ServiceKit
import SharedModels
import Synchronization
import TestSupport

/// Auth, as seen by a resolver.
final class FakeAuth: Sendable {
    private struct State {
        var unspent: [Int] = []
        var isRefusing = false
        var failure: (any Error)?
        var held: [CheckedContinuation<Void, Never>]?
        var askWaiters: [CheckedContinuation<Void, Never>] = []
    }

    let account = AccountID.make(at: Timestamp(seconds: 0))
    let windowEnd: Timestamp
    private let clock: TestClock
    private let grantSize: Int
    private let concurrent: Int
    private let lag: Duration
    private let state = Mutex(State())

    init(_ clock: TestClock, grantSize: Int = 10, concurrent: Int = 5, lag: Duration = .zero) {
        self.clock = clock
        self.grantSize = grantSize
        self.concurrent = concurrent
        self.lag = lag
        windowEnd = clock.now + .seconds(60)
    }

    var asked: Int { state.withLock { $0.unspent.count } }
    var unspent: [Int] { state.withLock { $0.unspent } }

    func refuse() { state.withLock { $0.isRefusing = true } }
    func accept() { state.withLock { $0.isRefusing = false } }
    func fail(_ error: (any Error)? = CancellationError()) { state.withLock { $0.failure = error } }

    func resolver(isTrusted: Bool = true, limit: Int = 1000, patience: Duration? = nil) -> CredentialResolver {
        let resolver = CredentialResolver(
            ask: { try await self.answer($0) }, clock: clock, logger: .quiet, limit: limit, patience: patience)
        if isTrusted { resolver.trust(true) }
        return resolver
    }

    /// Answers wait until ``letGo()``.
    func hold() { state.withLock { $0.held = [] } }

    func letGo() {
        let held = state.withLock { $0.held.take() ?? [] }
        for answer in held { answer.resume() }
    }

    func waitUntilAsked() async {
        await withCheckedContinuation { waiter in
            let isAsked = state.withLock { state in
                if state.held?.isEmpty == false { return true }
                state.askWaiters.append(waiter)
                return false
            }
            if isAsked { waiter.resume() }
        }
    }

    private func answer(_ input: CredentialInput) async throws -> CredentialResolution {
        await withCheckedContinuation { continuation in
            let waiters = state.withLock { state -> [CheckedContinuation<Void, Never>]? in
                state.unspent.append(input.unspent)
                guard state.held != nil else { return nil }
                state.held?.append(continuation)
                defer { state.askWaiters = [] }
                return state.askWaiters
            }
            guard let waiters else { return continuation.resume() }
            for waiter in waiters { waiter.resume() }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        if state.withLock({ $0.isRefusing }) { return CredentialResolution(refusal: "No.") }
        let now = clock.now - lag
        let end = now + .seconds(60)
        return CredentialResolution(
            principal: Principal(
                accountID: account, userType: .client, isAdmin: false, plan: .free, credential: .apiKey),
            grant: Grant(
                requests: grantSize, expiresAt: end, limit: 60, remaining: 60 - grantSize, resetsAt: end,
                concurrent: concurrent, retryAfterSeconds: grantSize == 0 ? 1 : 0))
    }
}
