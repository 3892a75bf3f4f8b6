import Testing

@testable import OutboundHTTP

/// The promise under test: failures that may pass are retried, a limited number of times, and not sooner than the other
/// side asked for.
@Suite struct RetryTests {
    private let service = OutboundPolicy.service.retry
    private let provider = OutboundPolicy.provider.retry

    private func delay(
        _ rule: RetryRule, _ outcome: AttemptOutcome, attempt: Int = 1,
        remaining: Duration = .seconds(60),
        jitter: Double = 1
    ) -> Duration? {
        rule.delay(after: outcome, attempt: attempt, remaining: remaining, jitter: jitter)
    }

    @Test(arguments: [409, 429, 500, 502, 503, 504, 599])
    func `a provider's plea is heard, a service's answer is final`(status: Int) {
        #expect(delay(provider, .answered(status: status, retryAfter: nil)) == .milliseconds(500))
        #expect(delay(service, .answered(status: status, retryAfter: nil)) == nil)
    }

    @Test(arguments: [200, 201, 302, 400, 401, 402, 404, 422])
    func `other answers are final`(status: Int) {
        #expect(delay(provider, .answered(status: status, retryAfter: .seconds(1))) == nil)
    }

    @Test func `only what was not sent is repeated to a service`() {
        #expect(delay(service, .connectFailed) == .milliseconds(50))
        #expect(delay(service, .timedOut) == nil)
        #expect(delay(service, .broken) == nil)
        #expect(delay(provider, .timedOut) != nil)
        #expect(delay(provider, .broken) != nil)
        #expect(delay(provider, .hopeless) == nil)
    }

    @Test func `waits double up to their limit, spread by chance`() {
        #expect(
            (1...4).map { delay(provider, .timedOut, attempt: $0) }
                == [.milliseconds(500), .seconds(1), .seconds(2), nil])
        #expect(delay(provider, .timedOut, jitter: 0) == .milliseconds(250))
        #expect(
            (1...3).map { delay(service, .connectFailed, attempt: $0) }
                == [.milliseconds(50), .milliseconds(100), nil])
    }

    @Test func `a wait never outlasts the deadline`() {
        #expect(delay(provider, .timedOut, remaining: .milliseconds(500)) == nil)
        #expect(delay(provider, .timedOut, remaining: .milliseconds(501)) == .milliseconds(500))
        #expect(
            delay(provider, .answered(status: 429, retryAfter: .seconds(9)), remaining: .seconds(8))
                == nil)
    }

    @Test func `Retry-After is obeyed, and what asks for too long is final`() {
        #expect(delay(provider, .answered(status: 429, retryAfter: .seconds(7))) == .seconds(7))
        #expect(delay(provider, .answered(status: 429, retryAfter: .zero)) == .milliseconds(500))
        #expect(delay(provider, .answered(status: 429, retryAfter: .seconds(21))) == nil)
    }

    @Test func `an attempt leaves time for another`() {
        #expect(provider.timeout(attempt: 1, remaining: .seconds(10)) == .seconds(5))
        #expect(provider.timeout(attempt: 4, remaining: .seconds(10)) == .seconds(10))
        #expect(service.timeout(attempt: 1, remaining: .seconds(10)) == .seconds(10))
    }

    @Test(arguments: [
        ("0", 0), ("120", 120), ("99999999999999999999", 999_999_999),
        ("Sun, 06 Nov 1994 08:49:47 GMT", 10),
        ("Sun, 06 Nov 1994 08:49:27 GMT", 0),
    ])
    func `both forms of Retry-After are read`(text: String, seconds: Int) {
        #expect(RetryAfter.parse(text, now: 784_111_777) == .seconds(seconds))
    }

    @Test(arguments: ["", "soon", "-1", "1.5"])
    func `another Retry-After is ignored`(text: String) {
        #expect(RetryAfter.parse(text, now: 784_111_777) == nil)
    }
}
