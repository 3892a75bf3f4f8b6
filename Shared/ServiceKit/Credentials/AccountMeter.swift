import SharedModels
import Synchronization

/// What one service may still let through for one account: all its keys and tokens draw from it.
final class AccountMeter: Sendable {
    fileprivate struct State {
        /// How long a refusal is repeated without asking auth again: a moment, since another service may give back
        /// what it did not use, or the plan may change.
        static let longestLocalRefusal = Duration.seconds(5)

        var requests = 0
        var inFlight = 0
        var grant: Grant?
        var refusedUntil: Timestamp?
    }

    enum Outcome {
        case admitted(RateLimitState)
        case refused(RateLimitState)
        /// There is nothing left to spend: ask auth.
        case exhausted
    }

    private let state = Mutex(State())

    /// Adds what auth granted.
    func add(_ grant: Grant, at now: Timestamp) {
        state.withLock { $0.add(grant, at: now) }
    }

    /// Adds what auth granted and lets one request in, with no other in between.
    ///
    /// What auth has granted just now is valid, even when our clock is ahead of its.
    func enter(adding grant: Grant, at now: Timestamp) -> Outcome {
        state.withLock { state in
            state.add(grant, at: now)
            return state.enter(at: min(now, grant.expiresAt - .microseconds(1)))
        }
    }

    /// Whether there is nothing to spend and nothing in flight.
    var isIdle: Bool { state.withLock { $0.requests == 0 && $0.inFlight == 0 } }

    /// Takes out what may still be spent, to give it back to auth.
    func drain() -> Int {
        state.withLock { state in
            defer { state.requests = 0 }
            return state.requests
        }
    }

    /// Takes back what ``drain()`` took out and auth never heard of.
    func putBack(_ requests: Int) {
        state.withLock { $0.requests += requests }
    }

    /// Auth decides anew: the account's plan may be another now.
    func forget() {
        state.withLock { $0.grant = nil }
    }

    /// Lets one request in, which must be followed by ``leave()``.
    func enter(at now: Timestamp) -> Outcome {
        state.withLock { $0.enter(at: now) }
    }

    func leave() {
        state.withLock { $0.inFlight -= 1 }
    }
}

extension AccountMeter.State {
    fileprivate mutating func add(_ grant: Grant, at now: Timestamp) {
        requests += max(grant.requests, 0)
        self.grant = grant
        let refusal = min(.seconds(grant.retryAfterSeconds), Self.longestLocalRefusal)
        refusedUntil = grant.requests > 0 ? nil : now + refusal
    }

    fileprivate mutating func enter(at now: Timestamp) -> AccountMeter.Outcome {
        guard let grant, now < grant.expiresAt else { return .exhausted }
        if inFlight >= grant.concurrent {
            // One of those in flight ends within a second, most likely.
            return .refused(grant.headers(unspent: requests, at: now, retryAfterSeconds: 1))
        }
        if requests == 0 {
            guard let refusedUntil, now < refusedUntil else { return .exhausted }
            return .refused(grant.headers(unspent: 0, at: now, retryAfterSeconds: grant.retryAfterSeconds))
        }
        requests -= 1
        inFlight += 1
        return .admitted(grant.headers(unspent: requests, at: now, retryAfterSeconds: nil))
    }
}

extension Grant {
    fileprivate func headers(unspent: Int, at now: Timestamp, retryAfterSeconds: Int?) -> RateLimitState {
        let untilReset = (resetsAt.microseconds - now.microseconds + 999_999) / 1_000_000
        return RateLimitState(
            limit: limit, remaining: max(0, remaining + unspent), resetsAt: resetsAt,
            retryAfterSeconds: max(1, retryAfterSeconds ?? Int(untilReset))
        )
    }
}

/// One request that was let in.
///
/// Counts as in flight until ``release()``, at the latest until nobody holds it any more.
package final class Admission: Sendable {
    package let principal: Principal
    /// What to tell the caller; `nil` for sessions, which are not metered.
    package let rateLimit: RateLimitState?
    private let meter: Mutex<AccountMeter?>

    init(principal: Principal, rateLimit: RateLimitState? = nil, meter: AccountMeter? = nil) {
        self.principal = principal
        self.rateLimit = rateLimit
        self.meter = Mutex(meter)
    }

    deinit {
        release()
    }

    /// The response has ended. More than once is harmless.
    package func release() {
        meter.withLock { $0.take() }?.leave()
    }
}
