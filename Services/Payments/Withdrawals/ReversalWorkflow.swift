import Logging
import Postgres
import ServiceKit
import SharedModels

/// Takes transfers back when their payments are disputed, and follows what others take back.
///
/// In three steps, like all money: the dispute is booked, Stripe is asked under the dispute's own key, and what came back
/// is booked. What does not come back stays owed by the worker.
struct ReversalWorkflow: Sendable {
    let database: Database
    let book: EscrowBook
    let stripe: StripeClient
    let logger: Logger
    let withdrawals = WithdrawalStore()

    private var cases: CaseStore { book.cases }

    /// Takes back what the worker was paid of a disputed payment. A repeat changes nothing.
    func reverse(for disputeID: String) async throws {
        guard let dispute = try await withdrawals.find(disputeID, in: database), dispute.state != .undone,
            let milestone = dispute.subject.milestoneID,
            let escrow = try await book.escrows.find(milestone, in: database), escrow.state == .paid,
            let transferID = escrow.transferID
        else { return }
        let owed = try await book.ledger.sum(
            under: dispute.postings, in: .receivable(escrow.workerID, escrow.amount.currency), in: database)
        guard owed < 0 else { return }
        let amount = Money(minorUnits: -owed, currency: escrow.amount.currency)
        let key = Self.key(of: disputeID)
        do {
            let reversal = try await stripe.once(under: key) { () async throws(ProviderError) in
                try await stripe.reversals(of: transferID).first { $0.action == key }
            } make: { idempotencyKey async throws(ProviderError) in
                try await stripe.reverse(transferID, amount, for: key, idempotencyKey: idempotencyKey)
            }
            try await database.transaction { tx in try await note(reversal, of: milestone, in: tx) }
            // The dispute has taken more from the worker since: it covers what a failed refund brought back.
            guard reversal.amount < amount.minorUnits else { return }
            try await cases.open(
                .owedByWorker, disputeID, of: escrow,
                Money(minorUnits: amount.minorUnits - reversal.amount, currency: amount.currency),
                believed: "the worker was paid for a payment that is disputed",
                reported: "only \(reversal.amount) of the transfer was taken back", at: book.clock.now, in: database)
        } catch ProviderError.refused(let reason) {
            try await cases.open(
                .owedByWorker, disputeID, of: escrow, amount,
                believed: "the worker was paid for a payment that is disputed",
                reported: "the transfer cannot be taken back: \(reason)", at: book.clock.now, in: database)
            logger.error("a transfer could not be taken back", metadata: ["dispute": "\(disputeID)"])
        }
    }

    /// Follows a transfer of which something was taken back.
    func follow(transfer id: String) async throws {
        let transfer = try await stripe.transfer(id)
        guard let milestone = transfer.milestoneID,
            let escrow = try await book.escrows.find(milestone, in: database)
        else { return }
        for reversal in try await stripe.reversals(of: id) {
            try await database.transaction { tx in
                guard try await note(reversal, of: milestone, in: tx), reversal.action == nil else { return }
                try await cases.open(
                    .transferReversed, reversal.id, of: escrow,
                    Money(minorUnits: reversal.amount, currency: escrow.amount.currency),
                    believed: "the worker was paid", reported: "\(reversal.amount) of \(id) was taken back by hand",
                    at: book.clock.now, in: tx)
            }
        }
    }

    /// Books what came back. When its dispute has been won meanwhile, the worker is paid again.
    ///
    /// - Returns: Whether it was not booked before.
    @discardableResult
    private func note(_ reversal: StripeReversal, of milestone: MilestoneID, in tx: Transaction) async throws -> Bool {
        guard var escrow = try await book.escrows.lock(milestone, in: tx) else { return false }
        let amount = Money(minorUnits: reversal.amount, currency: escrow.amount.currency)
        let posted = try await book.ledger.post(
            .transferReversed(milestone, from: escrow.workerID, reversal.id, amount), at: book.clock.now, in: tx)
        guard posted != nil else { return false }
        if let action = reversal.action, let dispute = try await dispute(behind: action, in: tx),
            dispute.state == .undone
        {
            try await WithdrawalBook(book: book).repay(&escrow, dispute, in: tx)
            try await book.save(&escrow, in: tx)
        }
        return true
    }

    private static func key(of dispute: String) -> String { "dispute:\(dispute):reversal" }

    /// The dispute for which we took a transfer back.
    private func dispute(behind action: String, in tx: Transaction) async throws -> Withdrawal? {
        let parts = action.split(separator: ":")
        guard parts.count == 3, Self.key(of: String(parts[1])) == action else { return nil }
        return try await withdrawals.find(String(parts[1]), in: tx)
    }
}
