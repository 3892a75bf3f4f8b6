import Synchronization

/// The circuit breakers of all targets that failed recently.
final class CircuitBoard: Sendable {
    /// Targets are our own services, a handful. Beyond this number, new targets get no breaker.
    private static let maximumTargets = 256

    private let breakers = Mutex<[String: CircuitBreaker]>([:])

    /// - Throws: ``OutboundError/circuitOpen(target:)``
    func admit(_ target: String, at now: ContinuousClock.Instant) throws(OutboundError) {
        let admitted = breakers.withLock { $0[target]?.admits(at: now) ?? true }
        guard admitted else { throw .circuitOpen(target: target) }
    }

    /// - Returns: Whether this outcome opened the breaker.
    func record(
        _ outcome: CircuitBreaker.Outcome, for target: String, at now: ContinuousClock.Instant
    ) -> Bool {
        breakers.withLock { breakers in
            guard
                breakers[target] != nil
                    || (outcome == .failure && breakers.count < Self.maximumTargets)
            else {
                return false
            }
            var breaker = breakers[target] ?? CircuitBreaker()
            breaker.record(outcome, at: now)
            breakers[target] = breaker.state == .closed(failures: 0) ? nil : breaker
            if case .open = breaker.state, outcome == .failure { return true }
            return false
        }
    }

    /// Targets that are not called at the moment.
    var openCount: Int {
        breakers.withLock { breakers in
            breakers.values.count { if case .closed = $0.state { false } else { true } }
        }
    }
}
