import Postgres
import ServiceKit
import SharedModels

/// Where a deal's money is, and what left beyond it.
///
/// More can leave than a payment brought: somebody refunds in the dashboard what a bank takes back as well. What is beyond
/// the deal's money is a loss. When a refund fails or a dispute is won, that loss is covered by what comes back; otherwise
/// the deal and the loss would have the same money.
extension WithdrawalBook {
    /// What the accounts of a deal get when it has `after` instead of `before`. The fee is of what is left.
    func entries(
        of escrow: Escrow, from before: Int64, to after: Int64, in tx: Transaction
    ) async throws -> [(LedgerAccount, Int64)] {
        let currency = escrow.amount.currency
        switch escrow.state {
        case .escrowed: return [(.escrow(escrow.milestoneID, currency), after - before)]
        case .released, .paid:
            let fee = try await missingFee(of: escrow, with: after, in: tx)
            return [(.revenue(currency), fee), (worker(of: escrow), after - before - fee)]
        case .unfunded, .authorizing, .held: throw EscrowError.illegalMove(.init(escrow.state, .refund))
        }
    }

    /// What a released milestone's fee lacks of that of `amount`.
    private func missingFee(of escrow: Escrow, with amount: Int64, in tx: Transaction) async throws -> Int64 {
        let currency = escrow.amount.currency
        let wanted = FeeSplit(
            rest: Money(minorUnits: amount, currency: currency), basisPoints: book.feeBasisPoints
        ).fee
        return try await wanted.minorUnits
            - ledger.sum(about: escrow.milestoneID.uuid, in: .revenue(currency), in: tx)
    }

    private func worker(of escrow: Escrow) -> LedgerAccount {
        let currency = escrow.amount.currency
        return escrow.state == .paid ? .receivable(escrow.workerID, currency) : .payable(escrow.workerID, currency)
    }

    /// Whether an account has a part of a released milestone's money.
    func isShare(_ account: LedgerAccount, _ escrow: Escrow) -> Bool {
        let currency = escrow.amount.currency
        return [.payable(escrow.workerID, currency), .receivable(escrow.workerID, currency), .revenue(currency)]
            .contains(account)
    }

    /// What comes back to a released milestone, divided as its money is now: several parts that left one by one were
    /// rounded one by one. A worker who was paid meanwhile is owed a part that had not been; one whose payout came back is
    /// paid a part that had been owed.
    func divide(
        _ sums: inout [LedgerAccount: Int64], of withdrawal: Withdrawal, _ escrow: Escrow, in tx: Transaction
    ) async throws {
        let currency = escrow.amount.currency
        let payable = LedgerAccount.payable(escrow.workerID, currency)
        // What a dispute took was in the earning when that was owed again.
        if escrow.state == .released, withdrawal.kind == .refund,
            let part = sums.removeValue(forKey: .receivable(escrow.workerID, currency))
        {
            sums[payable, default: 0] += part
        }
        if escrow.state == .paid, let part = sums.removeValue(forKey: payable) {
            sums[worker(of: escrow), default: 0] += part
        }
        let fee = try await missingFee(of: escrow, with: money.present(escrow, in: tx), in: tx)
        let share = sums[.revenue(currency)] ?? 0
        sums[.revenue(currency)] = fee
        let place = sums[payable] == nil ? worker(of: escrow) : payable
        sums[place, default: 0] += share - fee
    }

    /// Something came back of a payment: it covers first what left beyond the deal's money.
    func cover(behind payment: String, _ escrow: inout Escrow, in tx: Transaction) async throws {
        for known in try await withdrawals.find(of: payment, in: tx) where known.state != .undone && known.excess > 0 {
            try await coverByDeal(known, &escrow, in: tx)
            try await coverByUnclaimed(known, escrow, in: tx)
        }
    }

    /// The deal has more than what others left of it.
    private func coverByDeal(_ known: Withdrawal, _ escrow: inout Escrow, in tx: Transaction) async throws {
        let isHere = [.escrowed, .released, .paid].contains(escrow.state)
        guard isHere, escrow.paymentIntentID == known.paymentIntentID else { return }
        let currency = escrow.amount.currency
        let present = try await money.present(escrow, in: tx)
        let part = min(known.excess, present)
        guard part > 0 else { return }
        let lost = try await min(part, losses.left(of: known, in: tx))
        let entries = try await entries(of: escrow, from: present, to: present - part, in: tx)
        var covered = known
        covered.excess -= part
        let others: [(LedgerAccount, Int64)] = [
            (.loss(currency), lost), (.escrow(escrow.milestoneID, currency), part - lost),
        ]
        try await losses.rebook(&covered, entries + others, in: tx)
        if escrow.state == .paid, covered.kind == .dispute {
            try await book.scheduler.schedule(ReverseTransfer(covered.id), at: now, in: tx)
        }
        if !covered.isUndecided {
            try await reduce(&escrow, by: Money(minorUnits: part, currency: currency), in: tx)
        }
    }

    /// What no deal has is the payer's, who got it already.
    private func coverByUnclaimed(_ known: Withdrawal, _ escrow: Escrow, in tx: Transaction) async throws {
        // As it was booked last.
        guard var covered = try await withdrawals.find(known.id, in: tx) else { return }
        let currency = escrow.amount.currency
        let unclaimed = try await money.unclaimed(of: known.paymentIntentID, escrow, in: tx)
        let part = try await min(unclaimed, losses.left(of: covered, in: tx))
        guard part > 0 else { return }
        try await losses.rebook(
            &covered, [(.loss(currency), part), (.escrow(escrow.milestoneID, currency), -part)], in: tx)
    }
}
