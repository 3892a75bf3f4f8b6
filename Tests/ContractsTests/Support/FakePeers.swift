import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport

@testable import ContractsService

/// Jobs and payments, as far as contracts calls them, with faults that a test can plant.
final class FakePeers: DealPeers, Fake {
    /// A process that dies while it waits for an answer.
    struct Crash: Error {}

    /// Calls while a transaction is open are refused, as by the real client.
    struct CalledInTransaction: Error {}

    struct State {
        var escrows: [MilestoneID: EscrowState] = [:]
        /// What the next questions for a state are answered with: it is past when the answer arrives.
        var pastStates: [EscrowState] = []
        /// How many releases moved money. A repeat moves nothing.
        var releases = 0
        /// What went back to the client before the release, in cents, without contracts.
        var gone: [MilestoneID: Int64] = [:]
        /// The worker's part of each milestone's money, by the divisions that were carried out.
        var settlements: [MilestoneID: Int64] = [:]
        /// The fees recorded for disputes, and who owes them.
        var fees: [DisputeID: [AccountID: Int64]] = [:]
        /// Thrown by the next calls that record a fee.
        var feeFaults: [any Error] = []
        /// Thrown by the next calls of payments, before they do anything.
        var faults: [any Error] = []
        /// Thrown by the next calls of payments, after they did it.
        var lateFaults: [any Error] = []
        var linksGiven = 0
        var ledgersAsked: [LedgerQuery] = []
        /// How many recommendations every hosted agent has left; `nil` means no limit.
        var advicesLeft: Int?
        /// What agents have spent, by the spending.
        var spent: [SpendingID: HostedAgentID] = [:]
        /// Thrown by every spending, after it was recorded.
        var spendingFault: (any Error)?
        /// Thrown by every giving back.
        var givingBackFault: (any Error)?
        /// Accounts that talent has never heard of.
        var unknown: Set<AccountID> = []
        /// Run once, inside the next cancellation.
        var meanwhile: (@Sendable () async throws -> Void)?
    }

    let state = Shared(State())

    func engage(_ gig: GigID, _ engagement: EngagementInput) async throws -> EngagedGig {
        EngagedGig(gigID: gig, title: "Compiler work", rateCents: 5_000)
    }

    func onboardingLink(of worker: AccountID) async throws -> String {
        try fail()
        state.change { $0.linksGiven += 1 }
        return "https://onboarding.example/\(worker)"
    }

    func fund(_ milestone: MilestoneID, _ escrow: EscrowInput) async throws -> EscrowView {
        try move(milestone) { $0 == .unfunded ? .authorizing : $0 }
    }

    func release(_ milestone: MilestoneID) async throws -> EscrowView {
        try move(milestone) { before in
            switch before {
            case .held, .escrowed:
                state.change { $0.releases += 1 }
                return .released
            case .released, .paid: return before
            case .unfunded, .authorizing: return nil
            }
        }
    }

    func settle(_ milestone: MilestoneID, workersShare: Money) async throws -> EscrowView {
        let workerCents = workersShare.minorUnits
        let view = try move(milestone) { state in
            switch state {
            case .held, .escrowed: workerCents == 0 ? .unfunded : .released
            case .unfunded: workerCents == 0 ? state : nil
            case .released, .paid: workerCents == 0 ? nil : state
            case .authorizing: nil
            }
        }
        state.change { $0.settlements[milestone] = workerCents }
        let rest = workerCents - state.change { $0.gone[milestone] ?? 0 }
        let fee = rest * 500 / 10_000
        return EscrowView(
            milestoneID: milestone, state: view.state, amountCents: view.amountCents, platformFeeCents: fee,
            transferCents: rest - fee, payoutAt: view.payoutAt, paymentIntentID: nil, clientSecret: nil
        )
    }

    func chargeArbitration(of dispute: DisputeID, to payer: AccountID, _ fee: Money) async throws {
        let fault = state.change { $0.feeFaults.isEmpty ? nil : $0.feeFaults.removeFirst() }
        if let fault { throw fault }
        state.change { $0.fees[dispute, default: [:]][payer, default: 0] = fee.minorUnits }
    }

    func cancelHold(of milestone: MilestoneID) async throws -> EscrowView {
        if let meanwhile = state.change({ $0.meanwhile.take() }) { try await meanwhile() }
        guard state.change({ $0.escrows[milestone] }) != nil else { throw PeerRefusal.sample(.notFound) }
        return try move(milestone) { state in
            switch state {
            case .unfunded, .authorizing, .held, .escrowed: .unfunded
            case .released, .paid: nil
            }
        }
    }

    func escrowState(of milestone: MilestoneID) async throws -> EscrowState {
        if let past = state.change({ $0.pastStates.isEmpty ? nil : $0.pastStates.removeFirst() }) { return past }
        guard let escrow = state.change({ $0.escrows[milestone] }) else { throw PeerRefusal.sample(.notFound) }
        return escrow
    }

    func postings(
        about milestones: [MilestoneID], _ disputes: [DisputeID], paidFor hire: ContractID?, isWhole: Bool
    ) async throws -> ContractLedger {
        try fail()
        state.change {
            $0.ledgersAsked.append(
                LedgerQuery(milestoneIDs: milestones, disputeIDs: disputes, contractID: hire, isWhole: isWhole))
        }
        return ContractLedger(entries: [])
    }

    func spendAdvice(_ spending: SpendingID, of agent: HostedAgentID) async throws {
        try state.change { state in
            if let left = state.advicesLeft, state.spent.count >= left { throw PeerRefusal.sample(.agentPaused) }
            state.spent[spending] = agent
            if let fault = state.spendingFault { throw fault }
        }
    }

    func giveAdviceBack(_ spending: SpendingID, of agent: HostedAgentID) async throws {
        if CommitScope.current?.hasOpenTransaction == true { throw CalledInTransaction() }
        try state.change { state in
            if let fault = state.givingBackFault { throw fault }
            state.spent[spending] = nil
        }
    }

    func isKnown(_ account: AccountID) async throws -> Bool {
        try fail()
        return state.change { !$0.unknown.contains(account) }
    }

    private func fail() throws {
        if let fault = state.change({ $0.faults.isEmpty ? nil : $0.faults.removeFirst() }) { throw fault }
    }

    private func move(_ milestone: MilestoneID, _ next: (EscrowState) -> EscrowState?) throws -> EscrowView {
        try fail()
        guard let moved = next(state.change { $0.escrows[milestone] } ?? .unfunded) else {
            throw PeerRefusal.sample(.conflict)
        }
        state.change { $0.escrows[milestone] = moved }
        if let fault = state.change({ $0.lateFaults.isEmpty ? nil : $0.lateFaults.removeFirst() }) {
            throw fault
        }
        let rest = 50_000 - state.change { $0.gone[milestone] ?? 0 }
        return EscrowView(
            milestoneID: milestone, state: moved, amountCents: 50_000, platformFeeCents: rest / 20,
            transferCents: rest - rest / 20,
            payoutAt: moved == .released || moved == .paid ? .start + .days(3) : nil, paymentIntentID: "pi_1",
            clientSecret: "pi_1_secret")
    }
}
