import SharedModels
import TestSupport
import Testing

@testable import JobsService

/// The promise under test: every next action that a gig or an application offers exists as an endpoint.
@Suite struct NextActionTests {
    @Test(arguments: [
        (GigStatus.draft, ["gigs.update"]), (.active, ["gigs.apply"]), (.closed, ["gigs.update"]),
    ])
    func `a gig names published operations only`(status: GigStatus, operations: [String]) throws {
        let actions = try Gig.sample(status: status).shown().nextActions
        #expect(actions.map { $0.operation?.id } == operations)
        let body: JSONValue = status == .active ? ["message": nil] : ["status": "active"]
        #expect(actions.map(\.body) == [body] && actions.allSatisfy { $0.hasFittingBody })
    }

    @Test(arguments: [
        (ApplicationStatus.applied, ["applications.update", "applications.update", "applications.withdraw"]),
        (.shortlisted, ["negotiations.negotiate", "applications.update", "applications.withdraw"]),
        (.rejected, ["applications.update", "applications.withdraw"]),
    ])
    func `an application names published operations only`(status: ApplicationStatus, operations: [String]) {
        let actions = Application.sample(status: status).nextActions
        #expect(actions.map { $0.operation?.id } == operations)
        #expect(actions.allSatisfy { $0.hasFittingBody })
    }

    @Test func `each action of an application says what to send for it`() {
        let application = Application.sample()
        let actions = application.nextActions + Application.sample(status: .shortlisted).nextActions
        func bodies(_ action: String) -> [JSONValue] { actions.filter { $0.action == action }.map(\.body) }
        #expect(bodies("shortlist") == [["status": "shortlisted"]])
        #expect(bodies("reject") == [["status": "rejected"], ["status": "rejected"]])
        #expect(bodies("withdraw") == [.null, .null])
        let negotiating = Application.sample(status: .shortlisted)
        let negotiate = negotiating.nextActions.first { $0.action == "negotiate" }?.body
        // The terms are the client's to propose.
        #expect(
            negotiate == [
                "gig_id": .string("\(negotiating.gigID)"), "worker_user_id": .string("\(negotiating.workerID)"),
                "rate_cents": nil, "hours_per_week": nil, "start_date": nil, "payout_delay_days": nil,
            ])
    }
}
