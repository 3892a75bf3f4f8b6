import ServiceKit
import SharedModels

/// What this service asks of others. Every call may be repeated; none is made inside a transaction.
///
/// All throw `PeerRefusal` when the other side says no, and `OutboundError` when it cannot be reached.
protocol DealPeers: Sendable {
    /// Has jobs reserve a shortlisted applicant.
    func engage(_ gig: GigID, _ engagement: EngagementInput) async throws -> EngagedGig
    /// The worker's one-time link to the payment provider's onboarding.
    func onboardingLink(of worker: AccountID) async throws -> String
    func fund(_ milestone: MilestoneID, _ escrow: EscrowInput) async throws -> EscrowView
    func release(_ milestone: MilestoneID) async throws -> EscrowView
    /// Divides the money: the worker's share, before the platform's fee, and the rest for the client.
    func settle(_ milestone: MilestoneID, workersShare: Money) async throws -> EscrowView
    /// Books the fee of a dispute, once, as owed by `payer`.
    func chargeArbitration(of dispute: DisputeID, to payer: AccountID, _ fee: Money) async throws
    /// Lets a hold go.
    func cancelHold(of milestone: MilestoneID) async throws -> EscrowView
    /// Where the money is right now.
    func escrowState(of milestone: MilestoneID) async throws -> EscrowState
    /// Spends one recommendation of a hosted agent's month, once for each `spending`; refused with
    /// `agentPaused` when there is none left.
    func spendAdvice(_ spending: SpendingID, of agent: HostedAgentID) async throws
    /// What was spent came to nothing.
    func giveAdviceBack(_ spending: SpendingID, of agent: HostedAgentID) async throws
    /// Whether there is such an account, by the profile it would have.
    func isKnown(_ account: AccountID) async throws -> Bool
}

/// The services themselves.
struct LiveDealPeers: DealPeers {
    /// An approval stands with or without the link, so its caller does not wait long for it.
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
    /// Whether asking again will not help: the other side has decided. Otherwise it, or what it depends on,
    /// is down.
    var isFinal: Bool { code.status < 500 && code != .rateLimitExceeded }
}
