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
    let money = EscrowedMoney()

    var cases: CaseStore { book.cases }
    var ledger: Ledger { book.ledger }
    var now: Timestamp { book.clock.now }
    var wallets: WalletBook { book.wallets }
    var losses: WithdrawalLosses { WithdrawalLosses(ledger: ledger, cases: cases, now: now) }

    /// The money leaves.
    func take(
        _ asked: Withdrawal, from checkout: inout Checkout, because cause: Posting.Cause = .request(),
        in tx: Transaction
    ) async throws {
        let (currency, amount) = (checkout.currency, asked.amount.minorUnits)
        let goal: LedgerAccount = asked.leavesLater ? .refunding(asked.subject, currency) : .provider(currency)
        try await lock(checkout, beside: [goal], in: tx)
        let present = try await money.present(checkout, in: tx)
        let unclaimed = try await max(0, money.unclaimed(of: checkout, in: tx))
        var withdrawal = asked
        withdrawal.excess = amount - min(amount, present)
        let (sources, parts) = try await sources(of: withdrawal.ofDeal, checkout, in: tx)
        withdrawal.parts = parts
        // What no contract has is the payer's.
        let apart = min(withdrawal.excess, unclaimed)
        let missing = amount - apart + sources.map(\.1).reduce(0, +)
        try await withdrawals.insert(withdrawal, at: now, in: tx)
        let others: [(LedgerAccount, Int64)] = [
            (.escrow(checkout.id, currency), -apart), (.loss(currency), -missing), (goal, amount),
        ]
        try await ledger.post(.taking(withdrawal, sources + others), because: cause, at: now, in: tx)
        try await wallets.report(sources, of: owners(of: checkout), checkout, in: tx)
        if missing > 0 {
            try await cases.open(
                .tooMuchWithdrawn, withdrawal.id, of: checkout, Money(minorUnits: missing, currency: currency),
                believed: "the payment has \(amount - missing) left",
                reported: "\(withdrawal.id) took \(amount)", at: now, in: tx)
        }
        switch withdrawal.kind {
        case .refund: try await reduce(&checkout, by: withdrawal.ofDeal, parts, in: tx)
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
        try await reduce(&checkout, by: withdrawal.ofDeal, withdrawal.parts, in: tx)
        try await goOn(&checkout, in: tx)
    }

    /// A refund failed, or a dispute was won: the money is where it was before. What left beyond the payment is covered by it
    /// first.
    ///
    /// - Returns: Whether it is where it belongs. If not, it is still owed to the payer, and a case was opened.
    @discardableResult
    func undo(_ withdrawal: Withdrawal, _ checkout: inout Checkout, in tx: Transaction) async throws -> Bool {
        try await withdrawals.settle(withdrawal, as: .undone, at: now, in: tx)
        let taken = try await ledger.entries(of: withdrawal, in: tx)
        let sums = taken.map { ($0.account, -$0.amount) }.summed
        try await wallets.post(
            .undoing(withdrawal, sums), to: owners(of: checkout), checkout.currency, beside: own(of: checkout), in: tx)
        try await PayBack(cases: cases).settleCase(behind: withdrawal, at: now, in: tx)
        try await cases.settle(.tooMuchWithdrawn, withdrawal.id, "It came back.", at: now, in: tx)
        guard withdrawal.kind == .refund else {
            try await thaw(&checkout, in: tx)
            try await cover(&checkout, in: tx)
            try await reopenCases(behind: withdrawal.paymentIntentID, checkout, in: tx)
            try await goOn(&checkout, in: tx)
            return true
        }
        let isOfEscrow = taken.contains { $0.account == .escrow(checkout.id, checkout.currency) }
        let isDivided = checkout.division != nil
        let isAgain = isDivided ? withdrawal.parts != nil || isShare(taken, checkout) : isOfEscrow
        if isAgain {
            // Of what was booked before the excess was told apart, only the payment comes back.
            let part = min(withdrawal.ofDeal.minorUnits, checkout.payment?.returned.minorUnits ?? 0)
            checkout.changeReturned(by: Money(minorUnits: -part, currency: checkout.currency))
        }
        if isAgain, isDivided { giveBackShares(withdrawal, taken, &checkout) }
        let isBack = isAgain && checkout.state == .returned && !checkout.rest.isZero
        if isBack { try checkout.comeBack() }
        try await cover(&checkout, in: tx)
        if isBack, checkout.state == .returning { return try await offerAgain(withdrawal, &checkout, in: tx) }
        let unclaimed = try await money.unclaimed(of: checkout, in: tx)
        guard isOfEscrow, !isAgain, unclaimed > 0 else { return true }
        try await open(withdrawal, owed: min(withdrawal.amount.minorUnits, unclaimed), checkout, in: tx)
        return false
    }

    /// A dispute that was won may bring back what failed refunds had covered of it: it is the payer's.
    private func reopenCases(behind payment: String, _ checkout: Checkout, in tx: Transaction) async throws {
        let unclaimed = try await money.unclaimed(of: checkout, in: tx)
        for (failed, owed) in try await PayBack(cases: cases).owed(of: payment, unclaimed: unclaimed, in: tx) {
            try await open(failed, owed: owed, checkout, in: tx)
        }
    }

    /// What no contract takes goes back to the card once no dispute keeps it. What failed to go back twice is a case.
    private func goOn(_ checkout: inout Checkout, in tx: Transaction) async throws {
        guard checkout.state == .returning, checkout.moving == nil, let payment = checkout.payment?.intentID,
            try await failures(behind: payment, in: tx) < 2
        else { return }
        _ = try await book.returnPayment(&checkout, in: tx)
    }

    private func failures(behind payment: String, in tx: Transaction) async throws -> Int {
        try await withdrawals.find(of: payment, in: tx).count { $0.kind == .refund && $0.state == .undone }
    }

    /// The first time it is sent to the card again. A second time somebody must find another way.
    private func offerAgain(
        _ withdrawal: Withdrawal, _ checkout: inout Checkout, in tx: Transaction
    ) async throws -> Bool {
        guard try await failures(behind: withdrawal.paymentIntentID, in: tx) < 2 else {
            try await open(withdrawal, owed: withdrawal.amount.minorUnits, checkout, in: tx)
            return false
        }
        // It is performed when it is resumed.
        _ = try await book.returnPayment(&checkout, in: tx)
        return true
    }

    /// - Parameter owed: What of it is in escrow.
    private func open(
        _ withdrawal: Withdrawal, owed: Int64, _ checkout: Checkout, in tx: Transaction
    ) async throws {
        try await cases.open(
            .refundFailed, withdrawal.id, of: checkout, Money(minorUnits: owed, currency: withdrawal.amount.currency),
            believed: "\(withdrawal.amount.minorUnits) went back to the client",
            reported: "\(withdrawal.id) failed: the money is ours again, and owed to the client", at: now, in: tx)
    }

    /// There is less money now, for good.
    ///
    /// - Parameter parts: What the parties and the platform have less of a divided payment.
    func reduce(_ checkout: inout Checkout, by amount: Money, _ parts: CheckoutShares?, in tx: Transaction) async throws
    {
        let part = Money(minorUnits: min(amount.minorUnits, checkout.rest.minorUnits), currency: amount.currency)
        guard !part.isZero else { return }
        var lost = parts
        // Of a dispute from before they were kept, they are what would be taken now.
        if lost == nil { lost = try await self.parts(of: part, checkout, in: tx) }
        checkout.changeReturned(by: part)
        if let shares = checkout.division?.shares, let lost { checkout.divideAnew(shares - lost) }
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

    /// Nothing disputes the payment any more.
    private func thaw(_ checkout: inout Checkout, in tx: Transaction) async throws {
        guard let payment = checkout.payment else { return }
        checkout.isFrozen = try await withdrawals.find(of: payment.intentID, in: tx).contains(where: \.isUndecided)
    }
}
