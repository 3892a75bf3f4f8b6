import Postgres
import ServiceKit
import SharedModels

/// What money of a client's payment that goes back to its card changes in our own database, in the caller's transaction
/// and on a locked row.
///
/// It is taken from where the payment's money is: from the escrow before the release, from the wallets and the platform's
/// fee after it. So the client never has it twice. Where it came from, it comes back to when a refund fails or a dispute
/// is won.
struct CheckoutWithdrawalBook: Sendable {
    let book: CheckoutBook
    let withdrawals = WithdrawalStore()

    private var cases: CaseStore { book.cases }
    private var ledger: Ledger { book.ledger }
    private var now: Timestamp { book.clock.now }

    /// The money leaves.
    func take(
        _ withdrawal: Withdrawal, from checkout: inout Checkout, because cause: Posting.Cause = .request(),
        in tx: Transaction
    ) async throws {
        try await withdrawals.insert(withdrawal, at: now, in: tx)
        let currency = checkout.currency
        let (sources, missing) = try await sources(of: withdrawal.amount, checkout, in: tx)
        let goal: LedgerAccount =
            withdrawal.leavesLater ? .refunding(withdrawal.subject, currency) : .provider(currency)
        try await ledger.post(
            Posting(
                withdrawal.kind == .refund ? .refund : .dispute, key: withdrawal.posting, of: checkout.id.uuid,
                sources + [(.loss(currency), -missing), (goal, withdrawal.amount.minorUnits)]),
            because: cause, at: now, in: tx)
        if missing > 0 {
            try await cases.open(
                .tooMuchWithdrawn, withdrawal.id, of: checkout, Money(minorUnits: missing, currency: currency),
                believed: "escrow and wallets have \(withdrawal.amount.minorUnits - missing) of it left",
                reported: "\(withdrawal.id) took \(withdrawal.amount.minorUnits)", at: now, in: tx)
        }
        switch withdrawal.kind {
        case .refund: try await reduce(&checkout, by: withdrawal.amount, in: tx)
        case .dispute: checkout.isFrozen = true
        }
    }

    /// A refund that was on its way has left Stripe, or arrived.
    func follow(_ refund: StripeRefund, of withdrawal: Withdrawal, in tx: Transaction) async throws {
        if !refund.isPending { try await withdrawals.settle(withdrawal, as: .final, at: now, in: tx) }
        if refund.hasLeft { try await ledger.postArrival(of: withdrawal, at: now, in: tx) }
    }

    /// A dispute was lost: what was withdrawn stays away.
    func lose(_ withdrawal: Withdrawal, _ checkout: inout Checkout, in tx: Transaction) async throws {
        try await withdrawals.settle(withdrawal, as: .final, at: now, in: tx)
        try await thaw(&checkout, in: tx)
        try await reduce(&checkout, by: withdrawal.amount, in: tx)
    }

    /// A refund failed, or a dispute was won: the money is where it was before.
    ///
    /// - Returns: Whether it is where it belongs. If not, it is still owed to the payer, and a case was opened.
    @discardableResult
    func undo(_ withdrawal: Withdrawal, _ checkout: inout Checkout, in tx: Transaction) async throws -> Bool {
        try await withdrawals.settle(withdrawal, as: .undone, at: now, in: tx)
        let taken = try await ledger.entries(under: withdrawal.posting, in: tx)
        let arrived = try await ledger.entries(under: withdrawal.posting + ":arrived", in: tx)
        try await ledger.post(.undoing(withdrawal, taken + arrived), at: now, in: tx)
        try await PayBack(cases: cases).settleCase(behind: withdrawal, at: now, in: tx)
        guard withdrawal.kind == .refund else {
            try await thaw(&checkout, in: tx)
            return true
        }
        let back = Money.zero(withdrawal.amount.currency) - withdrawal.amount
        let wasEscrowed = taken.contains { $0.account == .escrow(checkout.id, checkout.currency) }
        switch checkout.state {
        case .returned where wasEscrowed:
            checkout.changeReturned(by: back)
            try checkout.comeBack()
            return try await offerAgain(withdrawal, &checkout, in: tx)
        case .paid where wasEscrowed, .funded where wasEscrowed, .returning where wasEscrowed:
            checkout.changeReturned(by: back)
            return true
        case .released where !wasEscrowed, .refunded where !wasEscrowed:
            // What no account of the deal gave does not come back to it.
            let givers: [LedgerAccount] = [
                .revenue(checkout.currency), .wallet(checkout.clientID, checkout.currency),
                .wallet(checkout.freelancerID, checkout.currency),
            ]
            guard taken.contains(where: { givers.contains($0.account) }) else { return true }
            // More than the whole payment left when a dispute and refunds did, and only the payment comes back.
            let part = min(withdrawal.amount.minorUnits, checkout.payment?.returned.minorUnits ?? 0)
            checkout.changeReturned(by: Money(minorUnits: -part, currency: withdrawal.amount.currency))
            giveBackShares(taken, &checkout)
            return true
        case .opening, .open, .processing, .ended, .paid, .funded, .released, .refunded, .returning, .returned:
            try await open(.refundFailed, withdrawal, checkout, in: tx)
            return false
        }
    }

    /// The first time it is sent to the card again. A second time somebody must find another way.
    private func offerAgain(
        _ withdrawal: Withdrawal, _ checkout: inout Checkout, in tx: Transaction
    ) async throws -> Bool {
        let failures = try await withdrawals.find(of: withdrawal.paymentIntentID, in: tx).filter {
            $0.kind == .refund && $0.state == .undone
        }
        guard failures.count < 2 else {
            try await open(.refundFailed, withdrawal, checkout, in: tx)
            return false
        }
        // It is performed when it is resumed.
        _ = try await book.returnPayment(&checkout, in: tx)
        return true
    }

    private func open(
        _ kind: CaseKind, _ withdrawal: Withdrawal, _ checkout: Checkout, in tx: Transaction
    ) async throws {
        try await cases.open(
            kind, withdrawal.id, of: checkout, withdrawal.amount,
            believed: "\(withdrawal.amount.minorUnits) went back to the client",
            reported: "\(withdrawal.id) failed: the money is ours again, and owed to the client", at: now, in: tx)
    }

    /// There is less money now, for good.
    private func reduce(_ checkout: inout Checkout, by amount: Money, in tx: Transaction) async throws {
        let part = Money(minorUnits: min(amount.minorUnits, checkout.rest.minorUnits), currency: amount.currency)
        let shares = less(part, of: checkout)
        checkout.changeReturned(by: part)
        if let shares { checkout.divideAnew(shares) }
        guard checkout.rest.isZero else { return }
        switch checkout.state {
        case .returning: try checkout.giveBack()
        case .funded:
            try await cases.open(
                .contractUnpaid, "\(checkout.id)", of: checkout, amount, believed: "the contract is paid",
                reported: "all of its money went back to the client's card; cancel the contract", at: now, in: tx)
        case .opening, .open, .processing, .ended, .paid, .released, .refunded, .returned: return
        }
    }

    /// What the parties and the platform keep when `part` more of a divided payment goes back; `nil` before it is divided.
    ///
    /// After a release the fee is of what is left. After a refund the client gives back what the wallet got of it first,
    /// then the freelancer, then the platform.
    private func less(_ part: Money, of checkout: Checkout) -> CheckoutShares? {
        guard let shares = checkout.division?.shares else { return nil }
        guard checkout.state == .refunded else {
            return CheckoutShares(releasing: checkout.rest - part, basisPoints: book.feeBasisPoints)
        }
        var left = part.minorUnits
        func after(_ share: Money) -> Money {
            let taken = min(left, share.minorUnits)
            left -= taken
            return Money(minorUnits: share.minorUnits - taken, currency: share.currency)
        }
        let (client, freelancer) = (after(shares.client), after(shares.freelancer))
        return CheckoutShares(fee: after(shares.fee), client: client, freelancer: freelancer)
    }

    /// The accounts that lose `amount`, and what none of them has.
    private func sources(of amount: Money, _ checkout: Checkout, in tx: Transaction) async throws -> (
        entries: [(LedgerAccount, Int64)], missing: Int64
    ) {
        let currency = checkout.currency
        let part = Money(minorUnits: min(amount.minorUnits, checkout.rest.minorUnits), currency: currency)
        guard let before = checkout.division?.shares, let after = less(part, of: checkout) else {
            let escrow = LedgerAccount.escrow(checkout.id, currency)
            let taken = min(amount.minorUnits, try await ledger.balance(of: escrow, in: tx))
            return ([(escrow, -taken)], amount.minorUnits - taken)
        }
        var entries = [(LedgerAccount.revenue(currency), (after.fee - before.fee).minorUnits)]
        for (owner, wanted) in [
            (checkout.clientID, before.client - after.client),
            (checkout.freelancerID, before.freelancer - after.freelancer),
        ] {
            let wallet = LedgerAccount.wallet(owner, currency)
            entries.append((wallet, -min(wanted.minorUnits, try await ledger.balance(of: wallet, in: tx))))
        }
        return (entries, amount.minorUnits + entries.map(\.1).reduce(0, +))
    }

    /// A refund failed: those from whom it was taken have it again.
    private func giveBackShares(_ taken: [Posting.Entry], _ checkout: inout Checkout) {
        guard var shares = checkout.division?.shares else { return }
        let currency = checkout.currency
        func part(_ account: LedgerAccount) -> Money {
            Money(minorUnits: -taken.filter { $0.account == account }.map(\.amount).reduce(0, +), currency: currency)
        }
        shares.fee = shares.fee + part(.revenue(currency))
        shares.client = shares.client + part(.wallet(checkout.clientID, currency))
        shares.freelancer = shares.freelancer + part(.wallet(checkout.freelancerID, currency))
        checkout.divideAnew(shares)
    }

    /// Nothing disputes the payment any more.
    private func thaw(_ checkout: inout Checkout, in tx: Transaction) async throws {
        guard let payment = checkout.payment else { return }
        checkout.isFrozen = try await withdrawals.find(of: payment.intentID, in: tx).contains {
            $0.kind == .dispute && $0.state == .pending
        }
    }
}
