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
        #expect(try Gig.sample(status: status).shown().nextActions.map { $0.operation?.id } == operations)
    }

    @Test(arguments: [
        (ApplicationStatus.applied, ["applications.update", "applications.update", "applications.withdraw"]),
        (.shortlisted, ["negotiations.negotiate", "applications.update", "applications.withdraw"]),
        (.rejected, ["applications.update", "applications.withdraw"]),
    ])
    func `an application names published operations only`(status: ApplicationStatus, operations: [String]) {
        #expect(Application.sample(status: status).nextActions.map { $0.operation?.id } == operations)
    }
}
