import SharedModels
import Testing

@testable import AuthService

@Suite struct GrantPolicyTests {
    private let now = Timestamp(seconds: 1_767_225_600)

    @Test(
        arguments: [
            (Plan.free, PlanLimits(perMinute: 60, perDay: 1000, burst: 100, concurrent: 5)),
            (.pro, PlanLimits(perMinute: 300, perDay: 10_000, burst: 500, concurrent: 20)),
            (.enterprise, PlanLimits(perMinute: 1000, perDay: 50_000, burst: 2000, concurrent: 100)),
            (.custom, nil),
        ] as [(Plan, PlanLimits?)])
    func `the plans are the published ones`(plan: Plan, limits: PlanLimits?) {
        #expect(plan.limits == limits)
    }

    @Test(arguments: Plan.allCases)
    func `a grant ends with the minute, and says what is left of it`(plan: Plan) throws {
        guard let limits = plan.limits else { return }
        let charge = GrantPolicy.Charge(
            requests: 7, bucket: 0, windowStartedAt: now - .seconds(20), windowUsed: 7, dayUsed: 7)
        let grant = GrantPolicy.grant(charge, under: limits, at: now)
        #expect(grant.requests == 7)
        #expect(grant.limit == limits.perMinute)
        #expect(grant.remaining == limits.perMinute - 7)
        #expect(grant.resetsAt == now + .seconds(40))
        #expect(grant.expiresAt == grant.resetsAt)
        #expect(grant.concurrent == limits.concurrent)
        #expect(grant.retryAfterSeconds == 0)
    }

    @Test(arguments: [(Plan.free, 1), (.pro, 1), (.enterprise, 1)])
    func `an empty bucket has a request after less than a second`(plan: Plan, seconds: Int) throws {
        let limits = try #require(plan.limits)
        let charge = GrantPolicy.Charge(requests: 0, bucket: 0, windowStartedAt: now, windowUsed: 100, dayUsed: 100)
        #expect(GrantPolicy.grant(charge, under: limits, at: now).retryAfterSeconds == seconds)
    }

    @Test(arguments: [Plan.free, .pro, .enterprise])
    func `a used up day ends at midnight in UTC`(plan: Plan) throws {
        let limits = try #require(plan.limits)
        let evening = now + .hours(23)
        let charge = GrantPolicy.Charge(
            requests: 0, bucket: 5_000_000, windowStartedAt: evening, windowUsed: 0, dayUsed: limits.perDay)
        #expect(GrantPolicy.grant(charge, under: limits, at: evening).retryAfterSeconds == 3600)
    }

    @Test func `the custom plan has a minute of anything`() {
        let grant = GrantPolicy.unlimited(at: now)
        #expect(grant.requests == 10_000_000)
        #expect(grant.limit == 1_000_000)
        #expect(grant.expiresAt == now + .seconds(60))
        #expect(grant.remaining + grant.requests == grant.limit)
    }
}
