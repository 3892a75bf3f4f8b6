import Testing

@testable import OutboundHTTP

/// The promise under test: a target that keeps failing is not called, and is called again soon after it recovers.
@Suite struct CircuitBreakerTests {
    private let start = ContinuousClock.now

    private func opened() -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<CircuitBreaker.failureLimit { breaker.record(.failure, at: start) }
        return breaker
    }

    @Test func `it opens at the limit and not before`() {
        var breaker = CircuitBreaker()
        for _ in 1..<CircuitBreaker.failureLimit {
            breaker.record(.failure, at: start)
            #expect(breaker.admits(at: start) == true)
        }
        breaker.record(.failure, at: start)
        #expect(breaker.admits(at: start) == false)
    }

    @Test func `a success in between starts the count later`() {
        var breaker = CircuitBreaker()
        for _ in 0..<3 * CircuitBreaker.failureLimit {
            breaker.record(.failure, at: start)
            breaker.record(.success, at: start)
        }
        #expect(breaker.state == .closed(failures: 0))
    }

    @Test func `after the pause one call is let through, and decides`() {
        let later = start + CircuitBreaker.pause
        var breaker = opened()
        #expect(breaker.admits(at: later - .nanoseconds(1)) == false)
        #expect(breaker.admits(at: later) == true)
        #expect(breaker.admits(at: later) == false)
        var recovered = breaker
        recovered.record(.success, at: later)
        #expect(recovered.state == .closed(failures: 0))
        breaker.record(.failure, at: later)
        #expect(breaker.admits(at: later) == false)
        #expect(breaker.admits(at: later + CircuitBreaker.pause) == true)
    }

    @Test func `a probe that was given up lets the next one through`() {
        let later = start + CircuitBreaker.pause
        var breaker = opened()
        #expect(breaker.admits(at: later) == true)
        breaker.record(.abandoned, at: later)
        #expect(breaker.admits(at: later) == true)
        #expect(breaker.admits(at: later) == false)
    }

    @Test(arguments: [CircuitBreaker.Outcome.success, .failure, .abandoned])
    func `a late result of a call made before it opened changes nothing`(
        outcome: CircuitBreaker.Outcome
    ) {
        var breaker = opened()
        let before = breaker.state
        breaker.record(outcome, at: start + .milliseconds(1))
        #expect(breaker.state == before)
    }

    @Test func `each target has its own, and a healthy one has none`() throws {
        let board = CircuitBoard()
        for _ in 0..<CircuitBreaker.failureLimit {
            _ = board.record(.failure, for: "a:1", at: start)
        }
        #expect(throws: OutboundError.circuitOpen(target: "a:1")) {
            try board.admit("a:1", at: start)
        }
        try board.admit("b:1", at: start)
        #expect(board.openCount == 1)
        for index in 0..<1000 { _ = board.record(.success, for: "\(index)", at: start) }
        #expect(board.openCount == 1)
    }
}
