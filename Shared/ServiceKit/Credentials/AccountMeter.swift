import SharedModels
import Synchronization

/// How many requests one service may still let through for one account. All the account's keys and tokens share it.
final class AccountMeter: Sendable {
    fileprivate struct State {
        /// How long a refusal is repeated without asking auth again. It is short, because another service may give back
        /// unused requests, or the plan may change.
        static let longestLocalRefusal = Duration.seconds(5)

        var requests = 0
        /// Of the granted requests that are not spent yet. They are at most as many.
        var places: [PlaceID] = []
        /// Whether auth counts the account's requests in flight, so that none is let in without a place.
        var needsPlace = false
        var inFlight = 0
        var grant: Grant?
        var refusedUntil: Timestamp?
        /// Whether a request waits for a place.
        var isWaiting = false
    }

    enum Outcome {
        /// With the place to be given back in the end, if auth counts.
        case admitted(RateLimitState, PlaceID?)
        case refused(RateLimitState)
        /// Nothing is left to spend, so auth must be asked.
        case exhausted
    }

    private let state = Mutex(State())

    /// Adds what auth granted, and the place that it gave.
    func add(_ grant: Grant, _ place: PlaceID?, at now: Timestamp) {
        state.withLock { $0.add(grant, place, at: now) }
    }

    /// Adds what auth granted and lets one request in, in one step.
    ///
    /// A grant that just arrived is valid, even when our clock is ahead of auth's.
    func enter(adding grant: Grant, _ place: PlaceID?, at now: Timestamp) -> Outcome {
        state.withLock { state in
            state.add(grant, place, at: now)
            return state.enter(at: min(now, grant.expiresAt - .microseconds(1)))
        }
    }

    /// Whether nothing is left to spend and no request is in flight.
    var isIdle: Bool { state.withLock { $0.requests == 0 && $0.inFlight == 0 } }

    /// Whether every request must ask auth.
    var needsPlace: Bool { state.withLock { $0.needsPlace } }

    /// Takes out the unspent requests and their places, to give them back to auth.
    func drain() -> (requests: Int, places: [PlaceID]) {
        state.withLock { state in
            defer { (state.requests, state.places) = (0, []) }
            return (state.requests, state.places)
        }
    }

    /// Puts back what ``drain()`` took out, after auth could not be told.
    func putBack(_ requests: Int) {
        state.withLock { $0.requests += requests }
    }

    /// Lets one request at a time wait for a place; the others are refused at once, so that a full account does not ask auth
    /// several times for each request. Call ``endWaiting()`` after `true`.
    func beginWaiting() -> Bool {
        state.withLock { state in
            defer { state.isWaiting = true }
            return !state.isWaiting
        }
    }

    func endWaiting() {
        state.withLock { $0.isWaiting = false }
    }

    /// Drops what is known, so that auth decides again: the account's plan may have changed.
    func forget() {
        state.withLock { $0.grant = nil }
    }

    /// Lets one request in. Call ``leave()`` after each one.
    func enter(at now: Timestamp) -> Outcome {
        state.withLock { $0.enter(at: now) }
    }

    func leave() {
        state.withLock { $0.inFlight -= 1 }
    }
}

extension AccountMeter.State {
    fileprivate mutating func add(_ grant: Grant, _ place: PlaceID?, at now: Timestamp) {
        requests += max(grant.requests, 0)
        if let place { places.append(place) }
        needsPlace = grant.hasPlace || grant.isFull || needsPlace && grant.requests == 0
        self.grant = grant
        let refusal = min(.seconds(grant.retryAfterSeconds), Self.longestLocalRefusal)
        refusedUntil = grant.requests > 0 || grant.isFull ? nil : now + refusal
    }

    fileprivate mutating func enter(at now: Timestamp) -> AccountMeter.Outcome {
        guard let grant, now < grant.expiresAt else { return .exhausted }
        if inFlight >= grant.concurrent {
            // A request in flight most likely ends within a second.
            return .refused(grant.headers(unspent: requests, at: now, retryAfterSeconds: 1))
        }
        if requests == 0 || needsPlace && places.isEmpty {
            guard let refusedUntil, now < refusedUntil else { return .exhausted }
            return .refused(grant.headers(unspent: 0, at: now, retryAfterSeconds: grant.retryAfterSeconds))
        }
        requests -= 1
        inFlight += 1
        return .admitted(grant.headers(unspent: requests, at: now, retryAfterSeconds: nil), places.popLast())
    }
}

extension Grant {
    func headers(unspent: Int, at now: Timestamp, retryAfterSeconds: Int?) -> RateLimitState {
        let untilReset = (resetsAt.microseconds - now.microseconds + 999_999) / 1_000_000
        return RateLimitState(
            limit: limit, remaining: max(0, remaining + unspent), resetsAt: resetsAt,
            retryAfterSeconds: max(1, retryAfterSeconds ?? Int(untilReset))
        )
    }
}

/// One request that was let in.
///
/// It counts as in flight until ``release()`` or until the last reference is gone.
package final class Admission: Sendable {
    package let principal: Principal
    /// The rate limit to show to the caller; `nil` for sessions, which are not metered.
    package let rateLimit: RateLimitState?
    private let meter: Mutex<AccountMeter?>
    private let endPlace: @Sendable () -> Void

    /// - Parameter endPlace: Called once, when the request has ended.
    init(
        principal: Principal, rateLimit: RateLimitState? = nil, meter: AccountMeter? = nil,
        endPlace: @escaping @Sendable () -> Void = {}
    ) {
        self.principal = principal
        self.rateLimit = rateLimit
        self.meter = Mutex(meter)
        self.endPlace = endPlace
    }

    deinit {
        release()
    }

    /// Call when the response has ended. A repeat is harmless.
    package func release() {
        guard let meter = meter.withLock({ $0.take() }) else { return }
        meter.leave()
        endPlace()
    }
}
