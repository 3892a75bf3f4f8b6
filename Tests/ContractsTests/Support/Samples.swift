import SharedModels

@testable import ContractsService

extension Timestamp {
    /// 2026-01-01T00:00:00Z, where `TestClock` starts.
    static let start = Timestamp(seconds: 1_767_225_600)
}

extension Parties {
    static let sample = Parties(client: .make(at: .start), worker: .make(at: .start))
}

extension Negotiation {
    static func sample(rateCents: Int64?) -> Self {
        Negotiation(
            opening: .make(at: .start),
            EngagedGig(gigID: .make(at: .start), title: "Compiler work", rateCents: rateCents),
            between: .sample, at: .start)
    }
}

extension Contract {
    static func sample(
        status: ContractStatus = .pendingOwnerApproval, milestone: MilestoneStatus = .pending,
        amountCents: Int64 = 50_000
    ) -> Self {
        Contract(
            id: .make(at: .start), negotiationID: .make(at: .start),
            negotiationState: status == .pendingOwnerApproval ? .pendingOwnerApproval : .approved,
            gigID: .make(at: .start), gigTitle: "Compiler work", parties: .sample, status: status,
            terms: Terms(rateCents: 5_000, hoursPerWeek: 10),
            milestones: [.sample(status: milestone, amountCents: amountCents)], version: 1, createdAt: .start,
            updatedAt: .start)
    }
}

extension Milestone {
    static func sample(
        position: Int = 1, status: MilestoneStatus = .pending, amountCents: Int64 = 50_000
    ) -> Self {
        Milestone(
            id: .make(at: .start), position: position, title: "Compiler work", amountCents: amountCents,
            status: status)
    }
}
