import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: a dispute is opened once, both sides are heard, and the money stays until it is decided.
@Suite struct DisputeWorkflowTests {
    @Test(arguments: PartyRole.allCases)
    func `either party opens a dispute, and both are told in the same moment`(role: PartyRole) async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let dispute = try await deals.disputed(contract, by: role)
            #expect(dispute.status == .open)
            #expect(dispute.openedBy == role)
            #expect(dispute.standing.responseDeadline == .start + .hours(24))
            #expect(try await deals.count(.disputeCreated) == 1)
            let told = try await deals.database.one(
                "SELECT recipients, data FROM outbox WHERE name = 'dispute.created'"
            ) { row in
                let data: JSONB = try row.decode("data")
                return (try row.decode("recipients", as: [AccountID].self), try JSONValue.parse(data.bytes))
            }
            #expect(Set(told.0) == [deals.client, deals.worker])
            #expect(told.1["disputing_party"]?.string == role.rawValue)
            #expect(told.1["gig_title"] == "Compiler work")
            #expect(told.1["evidence"] == .null)
            let after = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(after.milestones[0].dispute == dispute.standing)
            #expect(after.version == contract.version + 1)
        }
    }

    @Test func `opening it at the same time opens one`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let opened = await attempts(6) { index in
                try await deals.disputed(contract, by: index.isMultiple(of: 2) ? .client : .worker)
            }
            #expect(opened.successes.count == 1)
            #expect(
                opened.failures.allSatisfy {
                    if case ActionError.disputed = $0 { true } else { false }
                })
            #expect(try await deals.count(.disputeCreated) == 1)
        }
    }

    @Test func `the database itself takes one open dispute for each milestone`() async throws {
        try await Deals.with { deals in
            let dispute = try await deals.disputed()
            let second = Dispute(
                opening: dispute.milestoneID, of: dispute.contractID, by: .worker, reason: "no", at: .start)
            do {
                try await deals.database.transaction {
                    try await DisputeStore().insert(second, in: $0)
                }
                Issue.record("a second open dispute was taken")
            } catch let error as PostgresError {
                #expect(error.isUniqueViolation(of: "disputes_one_open"))
            }
        }
    }

    @Test func `nobody opens a dispute for the other side, a stranger none at all`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            await #expect(throws: DisputeError.notYourSide(.worker)) {
                _ = try await deals.disputes.open(.sample(contract, by: .client), by: deals.worker)
            }
            await #expect(throws: ContractError.notFound) {
                _ = try await deals.disputes.open(.sample(contract, by: .client), by: .make(at: .start))
            }
            let elsewhere = DisputeInput(
                contractID: contract.id, milestoneID: .make(at: .start), disputingParty: .client, reason: "no"
            )
            await #expect(throws: MilestoneError.notFound) {
                _ = try await deals.disputes.open(elsewhere, by: deals.client)
            }
            #expect(try await deals.count(.disputeCreated) == 0)
        }
    }

    @Test func `evidence that shows nothing is refused, with its place`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            let evidence = [EvidenceInput.commit, EvidenceInput(type: .other), EvidenceInput(type: .video)]
            let error = await #expect(throws: DisputeError.self) {
                try await deals.disputed(contract, evidence: evidence)
            }
            #expect(error?.issues.map(\.path) == ["evidence.1", "evidence.2"])
            let id = try await deals.disputed(contract, evidence: []).id
            let answer = await #expect(throws: DisputeError.self) {
                try await deals.disputes.respond(
                    to: id, with: [EvidenceInput(type: .other)], by: deals.worker, expecting: anyVersion)
            }
            #expect(answer?.issues.map(\.path) == ["evidence.0"])
        }
    }

    @Test func `it is too late to dispute 14 days after the delivery, and after the release`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.delivered()
            deals.clock.advance(by: .days(14))
            await #expect(throws: ActionError.notNow(.dispute, state: "delivered", allowed: ["release"])) {
                try await deals.disputed(contract)
            }
            _ = try await deals.releases.release(
                contract.milestones[0].id, of: contract.id, by: deals.client)
            await #expect(throws: ActionError.notNow(.dispute, state: "released", allowed: ["review"])) {
                try await deals.disputed(contract)
            }
        }
    }

    @Test func `the other party answers once, and both sides' evidence is kept apart`() async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            let counter = EvidenceInput(type: .buildLog, description: "It builds. <b>\u{2028}Really.</b>")
            await #expect(throws: DisputeError.notFound) {
                try await deals.disputes.respond(
                    to: id, with: [counter], by: .make(at: .start), expecting: anyVersion)
            }
            await #expect(throws: DisputeError.openedByYou) {
                try await deals.disputes.respond(
                    to: id, with: [counter], by: deals.client, expecting: anyVersion)
            }
            let answered = await attempts(4) {
                try await deals.disputes.respond(
                    to: id, with: [counter, .commit], by: deals.worker, expecting: anyVersion
                ).0.status
            }
            #expect(answered.successes == [.responded])
            #expect(
                answered.failures.allSatisfy {
                    $0 as? ActionError
                        == .notNow(.respond, state: "responded", allowed: ["recommend"])
                })
            let (dispute, contract, evidence) = try await deals.disputes.get(
                id, by: .sample(deals.client), withEvidence: true)
            let view = dispute.view(of: contract, for: .client, evidence: evidence, at: deals.clock.now)
            #expect(view.evidence?.map(\.type) == [.githubCommit])
            #expect(view.counterEvidence?.map(\.type) == [.buildLog, .githubCommit])
            #expect(view.counterEvidence?.first?.description == counter.description)
            #expect(view.respondedAt == .start)
        }
    }

    @Test func `a dispute is seen by its parties and by admins, the evidence when they ask`() async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            for caller in [
                Principal.sample(deals.client), .sample(deals.worker),
                .sample(.make(at: .start), isAdmin: true),
            ] {
                #expect(try await deals.disputes.get(id, by: caller, withEvidence: false).evidence == nil)
                #expect(try await deals.disputes.get(id, by: caller, withEvidence: true).evidence?.count == 1)
            }
            await #expect(throws: DisputeError.notFound) {
                _ = try await deals.disputes.get(id, by: .sample(.make(at: .start)), withEvidence: false)
            }
            await #expect(throws: DisputeError.notFound) {
                _ = try await deals.disputes.get(
                    .make(at: .start), by: .sample(deals.client), withEvidence: true)
            }
        }
    }

    @Test func `after 24 hours a dispute goes on without the answer, noted once by several replicas`()
        async throws
    {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            deals.clock.advance(by: .hours(24) - .microseconds(1))
            try await deals.disputes.reviewUnanswered(id)
            #expect(try await DisputeStore().find(id, in: deals.database)?.status == .open)
            deals.clock.advance(by: .microseconds(1))
            let noted = await attempts(4) { try await deals.disputes.reviewUnanswered(id) }
            #expect(noted.failures.isEmpty)
            try await deals.runScheduled("nothing is left to do") {
                try await deals.database.one(
                    "SELECT count(*) AS left FROM scheduled WHERE kind = 'dispute.response'"
                ) { try $0.decode("left", as: Int64.self) } == 0
            }
            let dispute = try await DisputeStore().find(id, in: deals.database)
            #expect(dispute?.status == .underReview)
            #expect(dispute?.version == 2)
            await #expect(
                throws: ActionError.notNow(.respond, state: "under_review", allowed: ["recommend"])
            ) {
                try await deals.disputes.respond(
                    to: id, with: [.commit], by: deals.worker, expecting: anyVersion)
            }
        }
    }

    @Test func `an answer in time leaves nothing to the deadline`() async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            _ = try await deals.disputes.respond(
                to: id, with: [.commit], by: deals.worker, expecting: anyVersion)
            deals.clock.advance(by: .days(2))
            try await deals.disputes.reviewUnanswered(id)
            #expect(
                try await DisputeStore().find(id, in: deals.database)?.status == .responded)
        }
    }

    @Test func `a change of what somebody has not seen is refused`() async throws {
        try await Deals.with { deals in
            let dispute = try await deals.disputed()
            struct Stale: Error {}
            await #expect(throws: Stale.self) {
                try await deals.disputes.respond(
                    to: dispute.id, with: [.commit], by: deals.worker,
                    expecting: { if $0 != dispute.version + 1 { throw Stale() } })
            }
        }
    }
}
