import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import JobsService

/// The promise under test: what an owner may decide, and how refusals read.
@Suite struct ApplicationTests {
    private static let decisions: [ApplicationStatus] = [.shortlisted, .rejected]

    @Test(arguments: ApplicationStatus.allCases, decisions)
    func `shortlist and rejection may follow each other, and the same again changes nothing`(
        from: ApplicationStatus, decision: ApplicationStatus
    ) {
        let application = Application.sample(status: from)
        let decided = application.deciding(decision, at: .start + .seconds(1))
        if from == decision {
            #expect(decided == nil)
        } else {
            #expect(decided?.status == decision && decided?.version == 2)
            #expect(decided?.updatedAt == .start + .seconds(1) && decided?.createdAt == .start)
        }
    }

    @Test(arguments: [
        ApplicationStatus.applied: ["shortlist", "reject"], .shortlisted: ["negotiate", "reject"],
        .rejected: ["shortlist"],
    ])
    func `the owner decides, and the worker may withdraw`(status: ApplicationStatus, actions: [String]) {
        let application = Application.sample(status: status)
        #expect(application.nextActions.map(\.action) == actions + ["withdraw"])
        #expect(application.nextActions.map(\.by) == actions.map { _ in [.client] } + [[.worker]])
        #expect(application.withdrawing(at: .start).nextActions.isEmpty)
    }

    @Test(arguments: [
        ApplicationStatus.applied: ["shortlist", "reject"], .shortlisted: [], .rejected: ["shortlist"],
    ])
    func `what is negotiated about stays shortlisted`(status: ApplicationStatus, actions: [String]) {
        var application = Application.sample(status: status)
        application.isEngaged = true
        #expect(application.nextActions.map(\.action) == actions)
        #expect(application.isHeld == (status == .shortlisted))
    }

    @Test func `an event shows the application as answers do, and its gig's title`() throws {
        let application = Application.sample()
        for (isWithdrawn, shown) in [(false, application), (true, application.withdrawing(at: .start))] {
            let event = shown.change(of: "“Compiler”\nwork", to: [application.workerID])
            let members = try #require(JSONValue.parse(event.json).object)
            #expect(
                members.dropLast(2) == ((try JSONValue(encoding: shown.view).object ?? []) + .milestoneCapture)[...])
            #expect(
                members.suffix(2) == [
                    JSONMember("gig_title", "“Compiler”\nwork"), JSONMember("withdrawn", .bool(isWithdrawn)),
                ])
        }
    }

    @Test func `refusals have the codes of the contract`() {
        let gig = GigID.make(at: .start)
        let application = ApplicationID.make(at: .start)
        let account = AccountID.make(at: .start)
        let codes: [(any APIError, ErrorCode)] = [
            (GigError.notFound(gig), .notFound), (ApplicationError.notFound(application), .notFound),
            (EngagementError.noApplicant(account, of: gig), .notFound),
            (GigError.notTheOwner(account, of: gig), .forbidden),
            (ApplicationError.ownGig(gig), .forbidden), (ApplicationError.notYours(application), .forbidden),
            (GigError.notActive(gig), .conflict), (ApplicationError.alreadyApplied(gig), .conflict),
            (GigError.dealUnderWay(gig), .conflict),
            (ApplicationError.shortlistInUse(application), .conflict), (ApplicationError.inUse(application), .conflict),
            (EngagementError.notShortlisted(.applied), .conflict),
            (EngagementError.alreadyNegotiating(application), .conflict),
        ]
        for (error, code) in codes {
            #expect(error.code == code, "\(error)")
            // A refusal tells neither the gig nor its owner.
            #expect(!error.publicMessage.contains("\(gig)") && !error.publicMessage.contains("\(account)"))
        }
        #expect(GigError.notActive(gig).allowed == [])
        #expect(EngagementError.notShortlisted(.rejected).allowed == ["shortlist"])
        #expect(ApplicationError.shortlistInUse(application).allowed == [])
        #expect(ApplicationError.inUse(application).allowed == [])
    }
}
