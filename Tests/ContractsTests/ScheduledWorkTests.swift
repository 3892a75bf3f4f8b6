import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: work that was scheduled before an upgrade is done after it.
@Suite struct ScheduledWorkTests {
    private let id = "019cabcd-0010-7000-8000-000000000010"
    private let other = "019cabcd-0010-7000-8000-000000000011"

    @Test func `rows keep their kinds and keys`() throws {
        #expect(try ExpireNegotiation(key: id, payload: .null).subject == NegotiationID(id))
        #expect(try ExpireContract(key: id, payload: .null).subject == ContractID(id))
        #expect(try RecheckFunding(key: id, payload: .null).subject == MilestoneID(id))
        #expect(try DropUnwantedHold(key: id, payload: .null).subject == MilestoneID(id))
        #expect(try ReviewUnanswered(key: id, payload: .null).subject == DisputeID(id))
        #expect(try ResumeResolution(key: id, payload: .null).subject == DisputeID(id))
        #expect(try PublishReview(key: id, payload: .null).subject == ReviewID(id))
        #expect(try ResumeWithdrawal(key: id, payload: .null).subject == MilestoneID(id))
        #expect(try ReleaseUndisputed(key: id, payload: .null).subject == MilestoneID(id))
        #expect(try RemindOfRelease(key: id, payload: .null).subject == MilestoneID(id))
        #expect(try ResumeEnd(key: id, payload: .null).subject == ContractID(id))
        #expect(try EndDeals(key: id, payload: .null).subject == AccountID(id))
        #expect(
            [
                ExpireNegotiation.kind, ExpireContract.kind, RecheckFunding.kind, DropUnwantedHold.kind,
                ReviewUnanswered.kind, ResumeResolution.kind, PublishReview.kind, EndDeals.kind, ResumeRevision.kind,
                ResumeRelease.kind, ResumeWithdrawal.kind, ReleaseUndisputed.kind, RemindOfRelease.kind, ResumeEnd.kind,
            ] == [
                "negotiation.idle", "contract.expire", "milestone.recheck", "milestone.unwanted_hold",
                "dispute.response", "dispute.settle", "review.publish", "account.left", "contract.revise",
                "milestone.release", "milestone.withdraw", "milestone.deadline", "milestone.reminder", "contract.end",
            ])
    }

    @Test func `a revision and a release keep what they have to know`() throws {
        let notes: JSONValue = ["notes": "less", "user_id": .string(other)]
        let revision = try ResumeRevision(key: id, payload: notes)
        #expect(revision.contract == ContractID(id) && revision.notes == "less" && revision.caller == AccountID(other))
        #expect(revision.key == id && revision.payload == notes)
        let contract: JSONValue = ["contract_id": .string(other)]
        let release = try ResumeRelease(key: id, payload: contract)
        #expect(release.milestone == MilestoneID(id) && release.contract == ContractID(other))
        #expect(release.key == id && release.payload == contract)
    }

    @Test func `what does not say whose it is cannot be done`() {
        #expect(throws: UnreadableWork.self) { try ResumeRevision(key: id, payload: ["notes": "less"]) }
        #expect(throws: UnreadableWork.self) { try ResumeRelease(key: id, payload: .null) }
        #expect(throws: UnreadableWork.self) { try ExpireContract(key: "contract", payload: .null) }
    }
}
