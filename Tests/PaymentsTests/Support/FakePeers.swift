import OutboundHTTP
import ServiceKit
import SharedModels
import TestSupport

@testable import PaymentsService

/// The answers of auth, contracts and talent. Contracts decides as the real one does.
final class FakePeers: PaymentsPeers, Fake {
    struct State {
        /// The accounts that auth knows.
        var accounts: Set<AccountID> = []
        /// Those of them whose owners had an account before.
        var returning: Set<AccountID> = []
        /// Contracts' answer about every hold.
        var isNeeded = false
        var contracts: [ContractID: CheckoutContract] = [:]
        /// The contract that a payment was taken for; `nil` for one that was turned down.
        var settlements: [CheckoutID: ContractID?] = [:]
        var stages: [ContractID: CheckoutContractStatus] = [:]
        var cancellations: [ContractID: CheckoutCancellation] = [:]
        var people: [Person] = []
        var isAway = false
        /// What the next calls fail with, before or after they have their effect.
        var faults: [any Error] = []
        var lateFaults: [any Error] = []
    }

    let state: Shared<State>

    init(accounts: Set<AccountID> = [], returning: Set<AccountID> = [], isNeeded: Bool = false) {
        state = Shared(State(accounts: accounts, returning: returning, isNeeded: isNeeded))
    }

    func isReturning(_ account: AccountID) async throws -> Bool? {
        current.accounts.contains(account) ? current.returning.contains(account) : nil
    }
    func isNeeded(holdOf _: MilestoneID) async throws -> Bool { current.isNeeded }

    // MARK: - What a test sets and sees

    func need(_ isNeeded: Bool) { change { $0.isNeeded = isNeeded } }
    func add(_ contract: CheckoutContract) { change { $0.contracts[contract.contractID] = contract } }
    func add(_ person: Person) { change { $0.people.append(person) } }
    /// Nobody answers, or everybody does again.
    func leave(_ isAway: Bool = true) { change { $0.isAway = isAway } }
    func fail(_ error: any Error = OutboundError.timedOut) { change { $0.faults.append(error) } }
    func failLate(_ error: any Error = OutboundError.timedOut) { change { $0.lateFaults.append(error) } }
    func contract(_ id: ContractID) -> CheckoutContract? { current.contracts[id] }
    func cancellation(of id: ContractID) -> CheckoutCancellation? { current.cancellations[id] }

    func change(
        _ id: ContractID, status: CheckoutContractStatus? = nil, isPaid: Bool? = nil,
        release: ReleaseFundStatus? = nil
    ) {
        change { state in
            state.contracts[id] = state.contracts[id]?.with(status: status, isPaid: isPaid, release: release)
        }
    }

    // MARK: - Contracts' and talent's answers

    func quote(_ offer: CheckoutOffer) async throws -> CheckoutQuote {
        try answer { state in
            guard let contract = state.contracts.values.first(where: { $0.isFor(offer) }) else {
                return CheckoutQuote(contractID: nil, jobTitle: "A logo")
            }
            guard !contract.isPaid else { throw PeerRefusal.sample(.conflict, "The contract is paid.") }
            guard contract.amount == offer.amount else {
                throw PeerRefusal.sample(.conflict, "The price is another one.")
            }
            return CheckoutQuote(contractID: contract.contractID, jobTitle: contract.jobTitle)
        }
    }

    func settle(_ checkout: CheckoutID, _ offer: CheckoutOffer) async throws -> CheckoutSettlement {
        try answer { state in
            if let known = state.settlements[checkout] {
                return CheckoutSettlement(isAccepted: known != nil, contract: known.flatMap { state.contracts[$0] })
            }
            var contract =
                offer.contractID.flatMap { state.contracts[$0] }
                ?? state.contracts.values.first { $0.isFor(offer) }
            if contract == nil { contract = .sample(offer) }
            guard let paid = contract, !paid.isPaid, paid.status != .canceled else {
                state.settlements[checkout] = .some(nil)
                return CheckoutSettlement(isAccepted: false, contract: contract)
            }
            state.contracts[paid.contractID] = paid.with(isPaid: true)
            state.settlements[checkout] = paid.contractID
            return CheckoutSettlement(isAccepted: true, contract: state.contracts[paid.contractID])
        }
    }

    func release(_ id: ContractID) async throws {
        try answer { state in
            guard let contract = state.contracts[id] else { throw PeerRefusal.sample(.notFound, "no contract") }
            if contract.releaseFundStatus == .approved { return }
            guard contract.status == .completed, contract.releaseFundStatus == .requested else {
                throw PeerRefusal.sample(.badRequest, "The client has not asked for the release.")
            }
            state.contracts[id] = contract.with(release: .approved)
        }
    }

    func cancel(_ id: ContractID, _ cancellation: CheckoutCancellation) async throws -> CheckoutDivision {
        try answer { state in
            guard let contract = state.contracts[id] else { throw PeerRefusal.sample(.notFound, "no contract") }
            if let stage = state.stages[id] { return CheckoutDivision(contract: contract, stage: stage) }
            guard contract.status != .completed, contract.status != .canceled else {
                throw PeerRefusal.sample(.badRequest, "The contract is over.")
            }
            state.stages[id] = contract.status
            state.cancellations[id] = cancellation
            let canceled = contract.with(status: .canceled, release: .approved)
            state.contracts[id] = canceled
            return CheckoutDivision(contract: canceled, stage: contract.status)
        }
    }

    func contracts(_ ids: [ContractID]) async throws -> [CheckoutContract] {
        try answer { state in ids.compactMap { state.contracts[$0] } }
    }

    func people(_ ids: [AccountID]) async throws -> [Person] {
        try answer { state in state.people.filter { ids.contains($0.userID) } }
    }

    private func answer<Answer: Sendable>(_ decide: (inout State) throws -> Answer) throws -> Answer {
        try state.change { state in
            if state.isAway { throw OutboundError.connectFailed(reason: "away") }
            if !state.faults.isEmpty { throw state.faults.removeFirst() }
            let answer = try decide(&state)
            if !state.lateFaults.isEmpty { throw state.lateFaults.removeFirst() }
            return answer
        }
    }
}

extension CheckoutContract {
    static func sample(_ offer: CheckoutOffer, status: CheckoutContractStatus = .pending) -> Self {
        Self(
            contractID: .make(at: .start), number: "CON12345678", jobID: offer.jobID, jobTitle: "A logo",
            clientUserID: offer.clientUserID, freelancerUserID: offer.freelancerUserID, amount: offer.amount,
            status: status, isApproved: status != .pending, isPaid: false, releaseFundStatus: .notRequested, version: 1,
            createdAt: .start, updatedAt: .start)
    }

    func with(
        status: CheckoutContractStatus? = nil, isPaid: Bool? = nil, release: ReleaseFundStatus? = nil
    ) -> Self {
        Self(
            contractID: contractID, number: number, jobID: jobID, jobTitle: jobTitle, clientUserID: clientUserID,
            freelancerUserID: freelancerUserID, amount: amount, status: status ?? self.status, isApproved: isApproved,
            isPaid: isPaid ?? self.isPaid, releaseFundStatus: release ?? releaseFundStatus, version: version + 1,
            createdAt: createdAt, updatedAt: updatedAt)
    }

    fileprivate func isFor(_ offer: CheckoutOffer) -> Bool {
        jobID == offer.jobID && clientUserID == offer.clientUserID && freelancerUserID == offer.freelancerUserID
            && status != .canceled
    }
}
