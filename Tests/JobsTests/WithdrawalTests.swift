import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: an applicant can take an application back as long as nobody negotiates about it, and begin
/// again.
@Suite struct WithdrawalTests {
    @Test(arguments: ApplicationStatus.allCases, GigStatus.allCases)
    func `a withdrawn application is gone for both sides, and both are told`(
        decided: ApplicationStatus, status: GigStatus
    ) async throws {
        try await Market.with { market in
            let gig = try await market.post(title: "Linker work")
            let application = try await market.application(decided, to: gig)
            try await market.change(gig.id, GigUpdate(status: status))
            try await market.forgetAnnouncements()
            market.clock.advance(by: .seconds(1))
            try await market.withdraw(application.id)
            #expect(try await market.allApplications().isEmpty)
            let told = try await market.announced()
            #expect(told.map(\.name) == ["gig.application.updated"])
            #expect(told.first?.recipients == [market.owner, market.worker])
            #expect(told.first?.aggregate.uuid == application.id.uuid)
            #expect(told.first?.sequence == application.version + 1)
            #expect(told.first?.data["withdrawn"] == true)
            #expect(told.first?.data["status"] == .string(decided.rawValue))
            #expect(told.first?.data["gig_title"] == "Linker work")
            #expect(told.first?.data["next_actions"] == [])
            await #expect(throws: ApplicationError.notFound(application.id)) {
                try await market.withdraw(application.id)
            }
        }
    }

    @Test func `a decision of the owner is news of an application that is not withdrawn`() async throws {
        try await Market.with { market in
            let application = try await market.application(.shortlisted)
            #expect(try await market.announced().last?.data["withdrawn"] == false)
            #expect(try await market.announced().last?.aggregate.uuid == application.id.uuid)
        }
    }

    @Test func `a worker who has withdrawn may apply again, and begins afresh`() async throws {
        try await Market.with { market in
            let first = try await market.application(.rejected)
            try await market.withdraw(first.id)
            let second = try await market.apply(to: first.gigID, message: "Better this time")
            #expect(second.id != first.id && second.status == .applied && second.version == 1)
            #expect(try await market.mine().map(\.application) == [second])
        }
    }

    @Test func `only the applicant withdraws: the owner may not, and others see no application`() async throws {
        try await Market.with { market in
            let application = try await market.application(.applied)
            try await market.forgetAnnouncements()
            await #expect(throws: ApplicationError.notYours(application.id)) {
                try await market.withdraw(application.id, by: market.owner)
            }
            await #expect(throws: ApplicationError.notFound(application.id)) {
                try await market.withdraw(application.id, by: market.stranger)
            }
            let missing = ApplicationID.make(at: .start)
            await #expect(throws: ApplicationError.notFound(missing)) { try await market.withdraw(missing) }
            await #expect(throws: Refusal(.preconditionFailed, "1")) {
                try await market.applications.withdraw(
                    application.id, by: market.worker, at: market.clock.now, expecting: onlyVersion(2))
            }
            #expect(try await market.mine().map(\.application) == [application])
            #expect(try await market.announced().isEmpty)
        }
    }

    @Test func `an application stays while it is reserved, negotiated or under contract, and goes once that is over`()
        async throws
    {
        try await Market.with { market in
            let application = try await market.application(.shortlisted)
            var told = ToldNegotiation(application: application, client: market.owner)
            _ = try await market.engage(told.id, on: application)
            await #expect(throws: ApplicationError.inUse(application.id)) {
                try await market.withdraw(application.id)
            }
            try await market.tell(told, .negotiationCreated)
            for state in [NegotiationState.inProgress, .pendingOwnerApproval, .approved] {
                told.state = state
                told.sequence += 1
                try await market.tell(told)
                await #expect(throws: ApplicationError.inUse(application.id)) {
                    try await market.withdraw(application.id)
                }
                #expect(try await market.mine().first?.application.nextActions.isEmpty == true)
            }
            try await market.tell(.completed, ofContractOf: told.id)
            try await market.withdraw(application.id)
            #expect(try await market.mine().isEmpty)
        }
    }

    @Test func `contracts is asked before the applicant is refused, for the news can be on its way`() async throws {
        try await Market.with { market in
            let told = try await market.negotiating()
            market.peers.change { $0.ended = [told.id] }
            try await market.withdraw(told.application.id)
            #expect(try await market.mine().isEmpty)
        }
    }

    @Test func `late news of an old negotiation does not bind the next application`() async throws {
        try await Market.with { market in
            var told = try await market.negotiating()
            market.peers.change { $0.ended = [told.id] }
            try await market.withdraw(told.application.id)
            let next = try await market.apply(to: told.application.gigID)
            told.state = .approved
            told.sequence += 1
            try await market.tell(told)
            #expect(try await !market.isInUse(next))
            #expect(try await market.mine().first?.engagement == nil)
            try await market.withdraw(next.id)
        }
    }

    @Test func `a withdrawal and a reservation at the same time: one of them is refused`() async throws {
        try await Market.with { market in
            for _ in 0..<10 {
                let application = try await market.application(.shortlisted)
                async let withdrawal = outcome { try await market.withdraw(application.id) }
                async let engagement = outcome { try await market.engage(on: application) }
                let isWithdrawn = (try? await withdrawal.get()) != nil
                let isEngaged = (try? await engagement.get()) != nil
                #expect(isWithdrawn != isEngaged)
                #expect(try await market.allApplications().contains(application.id) == isEngaged)
            }
        }
    }
}
