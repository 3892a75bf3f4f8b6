import ServiceKit
import SharedModels

/// The calls of this service to others. Every call may be repeated. Never call inside a transaction.
///
/// All throw `PeerRefusal` when the other side refuses, and `OutboundError` when it cannot be reached.
protocol DealPeers: Sendable {
    /// Has jobs reserve a shortlisted applicant.
    func engage(_ gig: GigID, _ engagement: EngagementInput) async throws -> EngagedGig
    /// The worker's one-time link to the payment provider's onboarding.
    func onboardingLink(of worker: AccountID) async throws -> String
    func fund(_ milestone: MilestoneID, _ escrow: EscrowInput) async throws -> EscrowView
    func release(_ milestone: MilestoneID) async throws -> EscrowView
    /// Divides the money: the worker's share, before the platform's fee, and the rest for the client.
    func settle(_ milestone: MilestoneID, workersShare: Money) async throws -> EscrowView
    /// Records the arbitration fee of a dispute, once, as owed by `payer`.
    func chargeArbitration(of dispute: DisputeID, to payer: AccountID, _ fee: Money) async throws
    /// Cancels a hold.
    func cancelHold(of milestone: MilestoneID) async throws -> EscrowView
    /// Where the money is at the moment.
    func escrowState(of milestone: MilestoneID) async throws -> EscrowState
    /// What was posted about milestones and disputes.
    ///
    /// - Parameters:
    ///   - hire: A contract of Skillhouse, whose payment is asked for.
    ///   - isWhole: Whether the reader may see what the platform's and other accounts hold.
    func postings(
        about milestones: [MilestoneID], _ disputes: [DisputeID], paidFor hire: ContractID?, isWhole: Bool
    ) async throws -> ContractLedger
    /// Spends one recommendation of a hosted agent's month, once for each `spending`. Refused with `agentPaused` when
    /// the month is used up.
    func spendAdvice(_ spending: SpendingID, of agent: HostedAgentID) async throws
    /// Undoes a spending that led to no advice.
    func giveAdviceBack(_ spending: SpendingID, of agent: HostedAgentID) async throws
    /// Whether the account exists, judged by its profile.
    func isKnown(_ account: AccountID) async throws -> Bool
}

/// Calls the real services.
struct LiveDealPeers: DealPeers {
    /// The approval stands with or without the link, so its caller does not wait long.
    private static let linkDeadline = Duration.seconds(5)

    let peers: Peers

    func engage(_ gig: GigID, _ engagement: EngagementInput) async throws -> EngagedGig {
        try await peers.call(Endpoints.jobsInternal.engage, engagement, path: ["id": "\(gig)"])
    }

    func onboardingLink(of worker: AccountID) async throws -> String {
        try await peers.call(
            Endpoints.paymentsInternal.onboardingLink, NoInput(), path: ["id": "\(worker)"], deadline: Self.linkDeadline
        ).url
    }

    func fund(_ milestone: MilestoneID, _ escrow: EscrowInput) async throws -> EscrowView {
        try await peers.call(Endpoints.paymentsInternal.fund, escrow, path: ["id": "\(milestone)"])
    }

    func release(_ milestone: MilestoneID) async throws -> EscrowView {
        try await peers.call(Endpoints.paymentsInternal.release, NoInput(), path: ["id": "\(milestone)"])
    }

    func settle(_ milestone: MilestoneID, workersShare: Money) async throws -> EscrowView {
        try await peers.call(
            Endpoints.paymentsInternal.settle, SettlementInput(workerCents: workersShare.minorUnits),
            path: ["id": "\(milestone)"])
    }

    func chargeArbitration(of dispute: DisputeID, to payer: AccountID, _ fee: Money) async throws {
        _ = try await peers.call(
            Endpoints.paymentsInternal.chargeArbitration,
            ArbitrationInput(payerUserID: payer, amountCents: fee.minorUnits),
            path: ["id": "\(dispute)"])
    }

    func cancelHold(of milestone: MilestoneID) async throws -> EscrowView {
        try await peers.call(Endpoints.paymentsInternal.cancel, NoInput(), path: ["id": "\(milestone)"])
    }

    func escrowState(of milestone: MilestoneID) async throws -> EscrowState {
        try await peers.call(Endpoints.paymentsInternal.ledger, NoInput(), path: ["id": "\(milestone)"]).state
    }

    func postings(
        about milestones: [MilestoneID], _ disputes: [DisputeID], paidFor hire: ContractID?, isWhole: Bool
    ) async throws -> ContractLedger {
        try await peers.call(
            Endpoints.paymentsInternal.postings,
            LedgerQuery(milestoneIDs: milestones, disputeIDs: disputes, contractID: hire, isWhole: isWhole))
    }

    func spendAdvice(_ spending: SpendingID, of agent: HostedAgentID) async throws {
        _ = try await peers.call(
            Endpoints.authInternal.spendAdvice, NoInput(), path: ["id": "\(agent)", "spendingId": "\(spending)"])
    }

    func giveAdviceBack(_ spending: SpendingID, of agent: HostedAgentID) async throws {
        _ = try await peers.call(
            Endpoints.authInternal.giveAdviceBack, NoInput(), path: ["id": "\(agent)", "spendingId": "\(spending)"])
    }

    func isKnown(_ account: AccountID) async throws -> Bool {
        try await !peers.call(Endpoints.talentInternal.profiles, ProfileQuery(userIDs: [account])).profiles.isEmpty
    }
}

extension PeerRefusal {
    /// Whether a repeat is useless because the other side has decided. Otherwise it, or a service that it depends on,
    /// is down.
    var isFinal: Bool { code.status < 500 && code != .rateLimitExceeded }
}
