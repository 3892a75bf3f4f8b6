/// Stops calling a target that keeps failing, so that its callers fail at once instead of piling up.
///
///     closed ──n failures in a row──▶ open ──after a pause──▶ half open ──success──▶ closed
///                                      ▲                          │
///                                      └─────────failure──────────┘
///
/// Half open lets one call through and refuses the others until that call has ended. Pure: callers pass the time.
package struct CircuitBreaker: Sendable {
    package enum State: Equatable, Sendable {
        case closed(failures: Int)
        case open(until: ContinuousClock.Instant)
        case halfOpen
    }

    package enum Outcome: Sendable {
        case success, failure
        /// No information about the target: the caller gave up, or the call was never made.
        case abandoned
    }

    /// Five failures in a row are no accident. A restart of a service takes about a second.
    static let failureLimit = 5
    static let pause: Duration = .seconds(1)

    package private(set) var state: State = .closed(failures: 0)

    package init() {}

    /// Whether a call may be made now. After each admitted call, call ``record(_:at:)`` once.
    package mutating func admits(at now: ContinuousClock.Instant) -> Bool {
        switch state {
        case .closed: return true
        case .halfOpen: return false
        case .open(let until):
            guard now >= until else { return false }
            state = .halfOpen
            return true
        }
    }

    package mutating func record(_ outcome: Outcome, at now: ContinuousClock.Instant) {
        switch (state, outcome) {
        case (.closed, .success), (.halfOpen, .success):
            state = .closed(failures: 0)
        case (.closed(let failures), .failure):
            state =
                failures + 1 >= Self.failureLimit
                ? .open(until: now + Self.pause) : .closed(failures: failures + 1)
        case (.halfOpen, .failure):
            state = .open(until: now + Self.pause)
        case (.halfOpen, .abandoned):
            state = .open(until: now)  // the next call is the probe
        case (.closed, .abandoned), (.open, _):
            break  // a call that was admitted before it opened
        }
    }
}
