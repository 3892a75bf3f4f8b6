import Postgres
import ServiceKit
import SharedModels

/// Brings in the contracts and reviews of another Skillhouse. Nobody hears of it, and what they are due for is not asked:
/// a hire has no deadlines.
struct ContractImportWorkflow: Sendable {
    let database: Database
    let hires = HireStore()
    let settlements = SettlementStore()
    let reviews = ReviewStore()

    func bring(_ contracts: [ImportedContract], isRehearsal: Bool = false) async throws -> [ImportOutcome] {
        try await database.bring(contracts, isRehearsal: isRehearsal) { try await bring($0, in: $1) }
    }

    private func bring(_ contract: ImportedContract, in tx: Transaction) async throws -> ImportOutcome {
        if try await hires.find(contract.id, in: tx) != nil { return .present }
        let hire = Hire(contract)
        if let problem = hire.problem { return problem }
        guard (contract.checkoutID != nil) == hire.isPaid else {
            return .refused("escrowPaid", "does not agree with the payment")
        }
        if let checkout = contract.checkoutID, try await settlements.find(checkout, in: tx) != nil {
            return .refused("escrowPaid", "by a payment that another contract has here")
        }
        guard try await hires.insertIfAbsent(hire, in: tx) else {
            return try await hires.find(of: hire.jobID, in: tx) == nil
                ? .refused("contractId", "is another contract's here")
                : .refused("jobId", "is a job that has another contract here, which is not canceled")
        }
        if let checkout = contract.checkoutID {
            try await settlements.insert(
                checkout, contract: hire.id, isAccepted: true, at: hire.paidAt ?? hire.createdAt, in: tx)
        }
        return .imported
    }

    /// In a rehearsal a contract that would come before is not there yet.
    func bring(_ imported: [ImportedReview], isRehearsal: Bool = false) async throws -> [ImportOutcome] {
        try await database.bring(imported, isRehearsal: isRehearsal) { review, tx in
            if isRehearsal, try await hires.find(review.contractID, in: tx) == nil { return .imported }
            return try await bring(review, in: tx)
        }
    }

    private func bring(_ imported: ImportedReview, in tx: Transaction) async throws -> ImportOutcome {
        guard var hire = try await hires.lock(imported.contractID, in: tx) else {
            return .refused("contractId", "is no contract here")
        }
        if let known = try await reviews.lock(by: .client, of: hire.id, in: tx) {
            return known.id == imported.id
                ? .present : .refused("contractId", "is a contract that has another review here")
        }
        guard hire.status == .completed else {
            return .refused("contractId", "is a contract that is \(hire.status.rawValue) here")
        }
        try await reviews.insert(Review(imported, of: hire), in: tx)
        hire.reviewedAt = imported.createdAt
        try await hires.save(hire, in: tx)
        return .imported
    }
}

extension Hire {
    fileprivate init(_ contract: ImportedContract) {
        self.init(
            id: contract.id, number: contract.number, jobID: contract.jobID, jobTitle: contract.jobTitle,
            parties: Parties(client: contract.clientID, worker: contract.freelancerID),
            amount: Money.inr(paise: contract.amount), status: contract.status,
            release: contract.releaseFundStatus, approvedAt: contract.approvedAt, paidAt: contract.paidAt,
            startedAt: contract.startedAt, ongoingAt: contract.ongoingAt, completedAt: contract.completedAt,
            canceledAt: contract.canceledAt,
            cancellation: HireCancellation(
                by: contract.canceledBy, reason: contract.cancelReason, description: contract.cancelReasonDescription),
            deletedAt: contract.deletedAt, reviewedAt: nil, version: 1, createdAt: contract.createdAt,
            updatedAt: contract.updatedAt)
    }

    /// What no hire of ours can be, as the table's constraints have it.
    fileprivate var problem: ImportOutcome? {
        guard ContractNumber.isValid(number) else { return .refused("contractId", "must be CON and 8 digits") }
        guard parties.client != parties.worker else { return .refused("freelancerId", "is the client, too") }
        return isOfItsStatus && isReleasedInTime
            ? nil : .refused("status", "is \(status.rawValue), which the contract's moments do not agree with")
    }

    private var isOfItsStatus: Bool {
        let isReady = isApproved && isPaid
        guard (completedAt != nil) == (status == .completed), (canceledAt != nil) == (status == .canceled),
            ongoingAt == nil || startedAt != nil, startedAt == nil || isReady
        else { return false }
        switch status {
        case .pending: return startedAt == nil && !isReady
        case .started: return startedAt != nil && ongoingAt == nil
        case .ongoing, .completed: return startedAt != nil && ongoingAt != nil
        case .canceled: return true
        }
    }

    private var isReleasedInTime: Bool {
        switch status {
        case .completed: true
        case .canceled: release == (isPaid ? .approved : .notRequested)
        case .pending, .started, .ongoing: release == .notRequested
        }
    }
}

extension Review {
    fileprivate init(_ imported: ImportedReview, of hire: Hire) {
        self.init(
            id: imported.id, contractID: hire.id, gigTitle: hire.jobTitle, reviewerRole: .client,
            reviewer: hire.parties.client, reviewed: hire.parties.worker, rating: imported.rating,
            text: imported.description, status: .published, publishedAt: imported.createdAt, version: 1,
            createdAt: imported.createdAt, updatedAt: imported.createdAt)
    }
}
