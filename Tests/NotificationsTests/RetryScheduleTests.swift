import SharedModels
import Testing

@testable import NotificationsService

@Suite struct RetryScheduleTests {
    private func delay(
        _ attempt: Int, _ policy: RetryPolicy = .standard, elapsed: Duration = .zero, retryAfter: Duration? = nil
    ) -> Duration? {
        RetrySchedule.delay(after: attempt, policy, elapsed: elapsed, retryAfter: retryAfter, jitter: 0.5)
    }

    @Test(arguments: RetryPolicy.allCases)
    func `the first five retries come after 1, 2, 4, 8 and 16 s`(policy: RetryPolicy) {
        #expect((1...5).map { delay($0, policy) } == [1, 2, 4, 8, 16].map { .seconds($0) })
    }

    @Test func `a standard delivery ends after six attempts`() {
        #expect(delay(6) == nil)
    }

    @Test func `a durable delivery goes on for 72 hours`() {
        #expect(delay(6, .durable) == .seconds(24))
        #expect(delay(40, .durable, elapsed: .hours(70)) == .minutes(90))
        #expect(delay(41, .durable, elapsed: .hours(71)) == nil)

        var (attempt, elapsed) = (1, Duration.zero)
        while let wait = delay(attempt, .durable, elapsed: elapsed) {
            (attempt, elapsed) = (attempt + 1, elapsed + wait)
        }
        #expect((Duration.hours(70)...Duration.hours(72)).contains(elapsed))
        #expect(attempt < 100)
    }

    @Test func `a receiver may ask for a longer wait, not for a shorter one`() {
        #expect(delay(1, retryAfter: .seconds(30)) == .seconds(30))
        #expect(delay(5, retryAfter: .seconds(1)) == .seconds(16))
        #expect(delay(1, retryAfter: .days(365)) == .hours(24))
    }
}
