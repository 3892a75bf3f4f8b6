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
            keys += withdrawal.postings + [withdrawal.undoing]
        }
        if escrow.release != nil, escrow.paymentIntentID == payment {
            keys.append(Posting.releaseKey(of: escrow.milestoneID))
        }
        return try await ledger.sum(under: keys, in: .escrow(escrow.milestoneID, escrow.amount.currency), in: tx)
    }

    /// What of a milestone's payment no deal has: its refunds failed when the deal had gone on without it.
    func unclaimed(of payment: String, _ escrow: Escrow, in tx: Transaction) async throws -> Int64 {
        let isClaimed = escrow.state == .escrowed && escrow.paymentIntentID == payment
        let left = try await left(of: payment, escrow, in: tx)
        return try await isClaimed ? left - present(escrow, in: tx) : left
    }

    /// What a milestone's deal has of its payment, in escrow or released, while disputes are undecided: without what they
    /// took. It has ``Escrow/rest`` once all of them are won.
    func present(_ escrow: Escrow, in tx: Transaction) async throws -> Int64 {
        guard let payment = escrow.paymentIntentID else { return 0 }
        return try await max(0, escrow.rest.minorUnits - disputed(of: payment, in: tx))
    }

    /// The same of a checkout.
    func present(_ checkout: Checkout, in tx: Transaction) async throws -> Int64 {
        guard let payment = checkout.payment?.intentID else { return 0 }
        return try await max(0, checkout.rest.minorUnits - disputed(of: payment, in: tx))
    }

    private func disputed(of payment: String, in tx: Transaction) async throws -> Int64 {
        try await withdrawals.find(of: payment, in: tx).filter(\.isUndecided).map(\.ofDeal.minorUnits).reduce(0, +)
    }

    /// The same of a checkout, whose account has one payment.
    func unclaimed(of checkout: Checkout, in tx: Transaction) async throws -> Int64 {
        let balance = try await ledger.balance(of: .escrow(checkout.id, checkout.currency), in: tx)
        switch checkout.state {
        case .paid, .funded, .returning: return try await balance - present(checkout, in: tx)
        case .opening, .open, .processing, .ended, .released, .refunded, .returned: return balance
        }
    }
}
