import TestSupport

@testable import ContractsService
@testable import SharedModels

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
        let id = ContractID.make(at: .start)
        let terms = Terms(rate: .usd(cents: 5_000), hoursPerWeek: 10)
        return Contract(
            id: id,
            negotiation: NegotiationStanding(
                id: .make(at: .start), state: status == .pendingOwnerApproval ? .pendingOwnerApproval : .approved,
                roundNumber: 1, terms: terms, contractID: id,
                waitsFor: status == .pendingOwnerApproval ? Set(PartyRole.allCases) : []),
            gigID: .make(at: .start), gigTitle: "Compiler work", parties: .sample, status: status,
            terms: terms, workerIsOnboarded: true,
            milestones: [.sample(status: milestone, amountCents: amountCents)], version: 1, createdAt: .start,
            updatedAt: .start)
    }
}

extension Milestone {
    static func sample(
        position: Int = 1, status: MilestoneStatus = .pending, amountCents: Int64 = 50_000
    ) -> Self {
        Milestone(
            id: .make(at: .start), position: position, title: "Compiler work", amount: .usd(cents: amountCents),
            status: status)
    }
}

extension EvidenceInput {
    static let commit = EvidenceInput(
        type: .githubCommit, url: "https://example.com/commit/1", description: "It is there.")
}

extension DisputeInput {
    static func sample(
        _ contract: Contract, by role: PartyRole, evidence: [EvidenceInput] = [.commit]
    ) -> Self {
        DisputeInput(
            contractID: contract.id, milestoneID: contract.milestones[0].id, disputingParty: role,
            reason: "It does not parse.", evidence: evidence)
    }
}

extension DisputeStanding {
    static func sample(_ status: DisputeStatus = .open, by role: PartyRole = .client) -> Self {
        DisputeStanding(
            id: .make(at: .start), status: status, openedBy: role, responseDeadline: .start + .hours(24))
    }
}

extension Dispute {
    static func sample(_ status: DisputeStatus = .open, by role: PartyRole = .client) -> Self {
        Dispute(
            standing: .sample(status, by: role), contractID: .make(at: .start),
            milestoneID: .make(at: .start),
            reason: "It does not parse.", version: 1, createdAt: .start, updatedAt: .start)
    }
}

extension Principal {
    static func sample(_ account: AccountID, isAdmin: Bool = false, agent: HostedAgentID? = nil) -> Self {
        Principal(
            accountID: account, userType: .client, isAdmin: isAdmin, plan: .pro, credential: .apiKey,
            hostedAgentID: agent)
    }
}
