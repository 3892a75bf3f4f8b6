import Postgres
import ServiceKit
import SharedModels

/// Where a payment's money is after its division, and what left beyond it. As ``WithdrawalBook`` does for milestones.
extension CheckoutWithdrawalBook {
    /// The accounts that lose `part` of what the contract has, and the parts that its parties and the platform have less of
    /// a divided payment. A wallet gives what it has, and its owner owes the rest.
    ///
    /// Before the division the checkout's row guards what is in escrow: every posting to that account is made while it is
    /// locked. Wallets are of many contracts: they are locked by ``lock(_:beside:in:)``.
    func sources(of part: Money, _ checkout: Checkout, in tx: Transaction) async throws -> (
        entries: [(LedgerAccount, Int64)], parts: CheckoutShares?
    ) {
        let currency = checkout.currency
        guard let parts = try await parts(of: part, checkout, in: tx) else {
            let escrow = LedgerAccount.escrow(checkout.id, currency)
            let taken = try await min(part.minorUnits, ledger.balance(of: escrow, in: tx))
            return ([(escrow, -taken)], nil)
        }
        var entries = [(LedgerAccount.revenue(currency), -parts.fee.minorUnits)]
        for (owner, wanted) in [(checkout.clientID, parts.client), (checkout.freelancerID, parts.freelancer)] {
            entries += try await wallets.taking(wanted.minorUnits, from: owner, currency, in: tx)
        }
        return (entries, parts)
    }

    /// Locks the wallets of a divided payment before they are looked at, and what is posted to with them.
    func lock(_ checkout: Checkout, beside others: [LedgerAccount], in tx: Transaction) async throws {
        guard checkout.division != nil else { return }
        try await wallets.lock(
            owners(of: checkout), checkout.currency, beside: others + own(of: checkout), in: tx)
    }

    /// Whose wallets a payment is in.
    func owners(of checkout: Checkout) -> [AccountID] {
        checkout.division == nil ? [] : [checkout.clientID, checkout.freelancerID]
    }

    /// The accounts besides wallets that a payment comes from, is in, or costs more than it brought.
    func own(of checkout: Checkout) -> [LedgerAccount] {
        let currency = checkout.currency
        return [
            .provider(currency), .loss(currency), .escrow(checkout.id, currency), .revenue(currency),
        ]
    }

    /// What the parties and the platform have less when `part` more of a divided payment goes back; `nil` before it is
    /// divided.
    ///
    /// After a release the fee is of what is left. After a refund the client gives back what the wallet got of it first,
    /// then the freelancer, then the platform.
    func parts(of part: Money, _ checkout: Checkout, in tx: Transaction) async throws -> CheckoutShares? {
        guard let present = try await presentShares(checkout, in: tx) else { return nil }
        guard checkout.state == .refunded else {
            let rest = Money(
                minorUnits: max(0, present.whole.minorUnits - part.minorUnits), currency: part.currency)
            return present - CheckoutShares(releasing: rest, basisPoints: book.feeBasisPoints)
        }
        var left = part.minorUnits
        func taken(_ share: Money) -> Money {
            let taken = min(left, share.minorUnits)
            left -= taken
            return Money(minorUnits: taken, currency: share.currency)
        }
        let (client, freelancer) = (taken(present.client), taken(present.freelancer))
        return CheckoutShares(fee: taken(present.fee), client: client, freelancer: freelancer)
    }

    /// The shares while disputes are undecided: without what they took.
    private func presentShares(_ checkout: Checkout, in tx: Transaction) async throws -> CheckoutShares? {
        guard let shares = checkout.division?.shares, let payment = checkout.payment?.intentID else { return nil }
        let disputes = try await withdrawals.find(of: payment, in: tx).filter(\.isUndecided)
        return disputes.compactMap(\.parts).reduce(shares, -)
    }

    /// Whether what was taken was taken from a divided payment.
    func isShare(_ taken: [Posting.Entry], _ checkout: Checkout) -> Bool {
        let givers: [LedgerAccount] = [
            .revenue(checkout.currency), .wallet(checkout.clientID, checkout.currency),
            .wallet(checkout.freelancerID, checkout.currency),
        ]
        return taken.contains { givers.contains($0.account) }
    }

    /// A refund failed: those who had less by it have it again, also what a wallet could not give.
    func giveBackShares(_ withdrawal: Withdrawal, _ taken: [Posting.Entry], _ checkout: inout Checkout) {
        guard let shares = checkout.division?.shares else { return }
        let currency = checkout.currency
        func given(_ account: LedgerAccount) -> Money {
            Money(minorUnits: -taken.filter { $0.account == account }.map(\.amount).reduce(0, +), currency: currency)
        }
        // What was booked before the parts were kept says only what was given.
        let parts =
            withdrawal.parts
            ?? CheckoutShares(
                fee: given(.revenue(currency)), client: given(.wallet(checkout.clientID, currency)),
                freelancer: given(.wallet(checkout.freelancerID, currency)))
        checkout.divideAnew(shares + parts)
    }

    /// Something came back: it covers first what left beyond the payment.
    func cover(_ checkout: inout Checkout, in tx: Transaction) async throws {
        guard let payment = checkout.payment?.intentID else { return }
        for known in try await withdrawals.find(of: payment, in: tx) where known.state != .undone && known.excess > 0 {
            try await coverByDeal(known, &checkout, in: tx)
            try await coverByUnclaimed(known, checkout, in: tx)
        }
    }

    /// The contract has more than what others left of it.
    private func coverByDeal(_ known: Withdrawal, _ checkout: inout Checkout, in tx: Transaction) async throws {
        let currency = checkout.currency
        let part = try await Money(minorUnits: min(known.excess, money.present(checkout, in: tx)), currency: currency)
        guard !part.isZero else { return }
        let (sources, parts) = try await sources(of: part, checkout, in: tx)
        let given = -sources.map(\.1).reduce(0, +)
        let lost = try await min(given, losses.left(of: known, in: tx))
        var covered = known
        covered.excess -= part.minorUnits
        if let parts { covered.parts = covered.parts.map { $0 + parts } ?? parts }
        let others: [(LedgerAccount, Int64)] = [
            (.loss(currency), lost), (.escrow(checkout.id, currency), given - lost),
        ]
        try await losses.rebook(&covered, sources + others, in: tx)
        try await wallets.report(sources, of: owners(of: checkout), checkout, in: tx)
        if !covered.isUndecided { try await reduce(&checkout, by: part, parts, in: tx) }
    }

    /// What no contract has is the payer's, who got it already.
    private func coverByUnclaimed(_ known: Withdrawal, _ checkout: Checkout, in tx: Transaction) async throws {
        // As it was booked last.
        guard var covered = try await withdrawals.find(known.id, in: tx) else { return }
        let part = try await min(money.unclaimed(of: checkout, in: tx), losses.left(of: covered, in: tx))
        guard part > 0 else { return }
        try await losses.rebook(
            &covered, [(.loss(checkout.currency), part), (.escrow(checkout.id, checkout.currency), -part)], in: tx)
    }
}
