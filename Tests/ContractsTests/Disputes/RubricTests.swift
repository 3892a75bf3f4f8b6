import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: the rubric is what its page says, the same each time, and cites what it counted.
@Suite struct RubricTests {
    private func advice(
        _ status: DisputeStatus = .open, by opener: PartyRole = .client, delivered url: String?? = .some(nil),
        client: [EvidenceType] = [], worker: [EvidenceType] = []
    ) -> Advice {
        Rubric.advice(on: .sample(status, by: opener, delivered: url, client: client, worker: worker))
    }

    @Test func `without a delivery it is for the client`() {
        let advice = advice(delivered: nil)
        #expect(advice.outcome == .client)
        #expect(advice.confidenceBasisPoints == 6_500)
        #expect(advice.reasons.map(\.text) == ["Nothing was delivered."])
    }

    @Test func `a delivery that can be seen is for the worker, one that cannot is a split`() {
        #expect(advice(delivered: "https://example.com/").outcome == .worker)
        let unseen = advice(delivered: .some(nil))
        #expect(unseen.outcome == .split)
        #expect(unseen.confidenceBasisPoints == 5_000)
    }

    @Test(arguments: PartyRole.allCases)
    func `who does not answer in time loses by it`(opener: PartyRole) {
        let answered = advice(.responded, by: opener, client: [.other], worker: [])
        let silent = advice(.underReview, by: opener, client: [.other], worker: [])
        #expect(answered.outcome == .split)
        #expect(silent.outcome == (opener == .client ? .client : .worker))
    }

    @Test func `what can be checked counts twice, each kind once, four at most`() {
        // The delivery is one point for the worker.
        #expect(advice(client: [.screenshot, .screenshot, .screenshot]).outcome == .split)
        #expect(advice(client: [.githubCommit, .screenshot]).outcome == .client)
        #expect(advice(client: [.githubCommit, .screenshot]).confidenceBasisPoints == 6_500)
        let much = advice(client: EvidenceType.allCases)
        #expect(much.outcome == .client)
        #expect(much.confidenceBasisPoints == 5_000 + 3 * 750)
        #expect(advice(client: EvidenceType.allCases, worker: EvidenceType.allCases).outcome == .split)
    }

    @Test func `it never claims more than nine in ten`() {
        let sure = advice(
            .underReview, by: .worker, delivered: "https://example.com/", worker: EvidenceType.allCases)
        #expect(sure.outcome == .worker)
        #expect(sure.confidenceBasisPoints == 9_000)
    }

    @Test func `the same facts give the same advice, and each reason cites its evidence`() throws {
        let file = CaseFile.sample(client: [.githubCommit, .other], worker: [.buildLog])
        let advice = Rubric.advice(on: file)
        #expect(advice == Rubric.advice(on: file))
        #expect(advice.source == .rubric)
        let cited = advice.reasons.flatMap(\.evidenceIDs)
        #expect(Set(cited) == Set(file.evidence.map(\.id)))
        #expect(cited.count == 3)
        #expect(advice.reasons.contains { $0.text == "The client shows github_commit, other." })
    }
}

extension CaseFile {
    /// - Parameter url: `nil` when nothing was delivered; `.some(nil)` when something was, without an address.
    static func sample(
        _ status: DisputeStatus = .open, by opener: PartyRole = .client, delivered url: String?? = .some(nil),
        client: [EvidenceType] = [], worker: [EvidenceType] = [], description: String? = "It is there."
    ) -> Self {
        var contract = Contract.sample(status: .active, milestone: .funded)
        contract.milestones[0].fundedAt = .start
        if let url {
            contract.milestones[0].deliveredAt = .start + .days(1)
            contract.milestones[0].deliveryURL = url
        }
        func evidence(_ types: [EvidenceType], by role: PartyRole) -> [Evidence] {
            types.map {
                Evidence(
                    id: .make(at: .start), by: role, type: $0, url: nil, description: description,
                    createdAt: .start)
            }
        }
        return CaseFile(
            Dispute.sample(status, by: opener), over: contract.milestones[0], of: contract,
            evidence(client, by: .client) + evidence(worker, by: .worker), at: .start)
    }
}
