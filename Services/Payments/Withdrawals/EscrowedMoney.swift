import Postgres
import SharedModels

/// What of one payment is in escrow. A milestone's account may hold money of several payments: it was paid again, and a
/// refund of the payment before failed. So the account's balance says nothing of one payment.
///
/// The milestone's or the checkout's row is locked, as for every move of this money.
struct EscrowedMoney: Sendable {
    let ledger = Ledger()
    let withdrawals = WithdrawalStore()

    /// What came of a milestone's payment, without what went back or was released.
    func left(of payment: String, _ escrow: Escrow, in tx: Transaction) async throws -> Int64 {
        var keys = [Posting.captureKey(of: payment)]
        for withdrawal in try await withdrawals.find(of: payment, in: tx) {
            keys += [withdrawal.posting, withdrawal.undoing]
        }
        if escrow.release != nil, escrow.paymentIntentID == payment {
            keys.append(Posting.releaseKey(of: escrow.milestoneID))
        }
        return try await ledger.sum(under: keys, in: .escrow(escrow.milestoneID, escrow.amount.currency), in: tx)
    }

    /// What of a milestone's payment no deal has: its refunds failed when the deal had gone on without it.
    func unclaimed(of payment: String, _ escrow: Escrow, in tx: Transaction) async throws -> Int64 {
        let isClaimed = escrow.state == .escrowed && escrow.paymentIntentID == payment
        return try await left(of: payment, escrow, in: tx) - (isClaimed ? escrow.rest.minorUnits : 0)
    }

    /// The same of a checkout, whose account is of its one payment.
    func unclaimed(of checkout: Checkout, in tx: Transaction) async throws -> Int64 {
        let balance = try await ledger.balance(of: .escrow(checkout.id, checkout.currency), in: tx)
        switch checkout.state {
        case .paid, .funded, .returning: return balance - checkout.rest.minorUnits
        case .opening, .open, .processing, .ended, .released, .refunded, .returned: return balance
        }
    }
}
