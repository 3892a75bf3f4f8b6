import Postgres
import ServiceKit
import SharedModels

/// What money that goes back to its payer changes in our own database, in the caller's transaction and on a locked escrow.
///
/// It is taken from where the payment's money is: from the escrow before the release, from the worker's earning and the
/// platform's fee after it, and after the payout from what the worker then owes. Where it came from, it comes back to when
/// a refund fails or a dispute is won.
struct WithdrawalBook: Sendable {
    let book: EscrowBook
    let withdrawals = WithdrawalStore()
    let money = EscrowedMoney()

    var cases: CaseStore { book.cases }
    var ledger: Ledger { book.ledger }
    var now: Timestamp { book.clock.now }
    var losses: WithdrawalLosses { WithdrawalLosses(ledger: ledger, cases: cases, now: now) }

    /// The money leaves.
    func take(
        _ asked: Withdrawal, from escrow: inout Escrow, because cause: Posting.Cause = .request(),
        in tx: Transaction
    ) async throws {
        let (currency, amount) = (escrow.amount.currency, asked.amount.minorUnits)
        let present = try await money.present(escrow, in: tx)
        let unclaimed = try await max(0, money.unclaimed(of: asked.paymentIntentID, escrow, in: tx))
        var withdrawal = asked
        withdrawal.excess = amount - min(amount, present)
        // What no deal has is the payer's.
        let apart = min(withdrawal.excess, unclaimed)
        let lost = withdrawal.excess - apart
        try await withdrawals.insert(withdrawal, at: now, in: tx)
        let goal: LedgerAccount =
            withdrawal.leavesLater ? .refunding(escrow.milestoneID, currency) : .provider(currency)
        let ofDeal = try await entries(
            of: escrow, from: present, to: present - withdrawal.ofDeal.minorUnits, in: tx)
        let others: [(LedgerAccount, Int64)] = [
            (.escrow(escrow.milestoneID, currency), -apart), (.loss(currency), -lost), (goal, amount),
        ]
        try await ledger.post(.taking(withdrawal, ofDeal + others), because: cause, at: now, in: tx)
        if lost > 0 {
            try await cases.open(
                .tooMuchWithdrawn, withdrawal.id, of: escrow, Money(minorUnits: lost, currency: currency),
                believed: "the payment has \(amount - lost) left",
                reported: "\(withdrawal.id) took \(amount)", at: now, in: tx)
        }
        switch withdrawal.kind {
        case .refund: try await reduce(&escrow, by: withdrawal.ofDeal, in: tx)
        case .dispute:
            escrow.isFrozen = true
            if escrow.state == .paid {
                try await book.scheduler.schedule(ReverseTransfer(withdrawal.id), at: now, in: tx)
            }
        }
    }

    /// A refund that was on its way has left Stripe, or arrived.
    func follow(_ refund: StripeRefund, of withdrawal: Withdrawal, in tx: Transaction) async throws {
        if !refund.isPending { try await withdrawals.settle(withdrawal, as: .final, at: now, in: tx) }
        if refund.hasLeft { try await ledger.postArrival(of: withdrawal, at: now, in: tx) }
    }

    /// A dispute was lost: what was withdrawn stays away.
    func lose(_ withdrawal: Withdrawal, _ escrow: inout Escrow, in tx: Transaction) async throws {
        try await withdrawals.settle(withdrawal, as: .final, at: now, in: tx)
        try await thaw(&escrow, in: tx)
        guard escrow.paymentIntentID == withdrawal.paymentIntentID else { return }
        try await reduce(&escrow, by: withdrawal.ofDeal, in: tx)
    }

    /// A refund failed, or a dispute was won: the money is where it was before. What left beyond the deal's money is covered
    /// by it first.
    ///
    /// - Returns: Whether the deal goes on with it. If not, it is still owed to the payer, and a case was opened.
    @discardableResult
    func undo(_ withdrawal: Withdrawal, _ escrow: inout Escrow, in tx: Transaction) async throws -> Bool {
        try await withdrawals.settle(withdrawal, as: .undone, at: now, in: tx)
        let taken = try await ledger.entries(of: withdrawal, in: tx)
        let currency = withdrawal.amount.currency
        let isOfEscrow = taken.contains { $0.account == .escrow(escrow.milestoneID, currency) }
        let isReleased = escrow.state == .released || escrow.state == .paid
        let isSamePayment = escrow.paymentIntentID == withdrawal.paymentIntentID
        // What left before the release was not the worker's.
        let isAgain =
            isSamePayment && (isReleased ? taken.contains(where: { isShare($0.account, escrow) }) : isOfEscrow)
        if isAgain {
            // A dispute that was not lost is not in what was returned.
            try changeReturned(&escrow, by: withdrawal.kind == .refund ? -withdrawal.ofDeal.minorUnits : 0)
        }
        var sums = taken.map { ($0.account, -$0.amount) }.summed
        if isAgain, isReleased { try await divide(&sums, of: withdrawal, escrow, in: tx) }
        try await ledger.post(.undoing(withdrawal, sums), at: now, in: tx)
        try await PayBack(cases: cases).settleCase(behind: withdrawal, at: now, in: tx)
        try await cases.settle(.tooMuchWithdrawn, withdrawal.id, "It came back.", at: now, in: tx)
        if withdrawal.kind == .dispute { try await thaw(&escrow, in: tx) }
        try await cover(behind: withdrawal.paymentIntentID, &escrow, in: tx)
        if withdrawal.kind == .dispute { try await reopenCases(behind: withdrawal.paymentIntentID, escrow, in: tx) }
        if isReleased, isAgain { return try await payAgain(&escrow, withdrawal, in: tx) }
        if isAgain || withdrawal.kind == .dispute || !isOfEscrow { return true }
        let unclaimed = try await money.unclaimed(of: withdrawal.paymentIntentID, escrow, in: tx)
        guard unclaimed > 0 else { return true }
        if escrow.state == .unfunded { return try await restore(withdrawal, &escrow, in: tx) }
        try await open(withdrawal, owed: min(withdrawal.amount.minorUnits, unclaimed), escrow, in: tx)
        return false
    }

    /// A dispute that was won may bring back what failed refunds had covered of it: it is the payer's.
    private func reopenCases(behind payment: String, _ escrow: Escrow, in tx: Transaction) async throws {
        if escrow.state == .escrowed, escrow.paymentIntentID == payment { return }
        let unclaimed = try await money.unclaimed(of: payment, escrow, in: tx)
        for (failed, owed) in try await PayBack(cases: cases).owed(of: payment, unclaimed: unclaimed, in: tx) {
            try await open(failed, owed: owed, escrow, in: tx)
        }
    }

    /// The worker has more to get.
    private func payAgain(_ escrow: inout Escrow, _ withdrawal: Withdrawal, in tx: Transaction) async throws -> Bool {
        try await repay(&escrow, withdrawal, in: tx)
        if escrow.state == .released, !escrow.isFrozen, let due = escrow.release?.payoutAt {
            try await book.scheduler.schedule(PayOut(escrow.milestoneID), at: max(now, due), in: tx)
        }
        return true
    }

    /// The whole payment had gone back. The first time the deal goes on as if it had not: contracts decides whether the
    /// client gets it again. A second time somebody must find another way.
    ///
    /// Other parts of the payment that failed to go back, and were cases, are the deal's again, too. What is in escrow of
    /// other payments is not.
    private func restore(_ withdrawal: Withdrawal, _ escrow: inout Escrow, in tx: Transaction) async throws -> Bool {
        let (payment, currency) = (withdrawal.paymentIntentID, escrow.amount.currency)
        let left = try await money.left(of: payment, escrow, in: tx)
        let captured = try await ledger.sum(
            under: [Posting.captureKey(of: payment)], in: .escrow(escrow.milestoneID, currency), in: tx)
        // The milestone costs less by now: the payment is nobody's.
        guard captured <= escrow.amount.minorUnits else {
            try await open(withdrawal, owed: min(withdrawal.amount.minorUnits, left), escrow, in: tx)
            return false
        }
        let all = try await withdrawals.find(of: payment, in: tx)
        // The deal has the whole payment again, and whatever is away of it is missing from the deal.
        for var other in all where other.state != .undone && other.excess > 0 {
            other.excess = 0
            try await withdrawals.rebook(other, at: now, in: tx)
        }
        let disputed = all.filter(\.isUndecided).map(\.amount.minorUnits).reduce(0, +)
        try escrow.restore(payment, left: Money(minorUnits: left + disputed, currency: currency))
        escrow.isFrozen = disputed > 0
        let failures = all.filter { $0.kind == .refund && $0.state == .undone }
        for failure in failures {
            try await cases.settle(
                .refundFailed, failure.id, "The milestone has the money again.", at: now, in: tx)
        }
        guard failures.count < 2 else {
            try await open(withdrawal, owed: withdrawal.amount.minorUnits, escrow, in: tx)
            return false
        }
        try await book.announceFunded(escrow, in: tx)
        return true
    }

    /// - Parameter owed: What of it is in escrow.
    private func open(_ withdrawal: Withdrawal, owed: Int64, _ escrow: Escrow, in tx: Transaction) async throws {
        try await cases.open(
            .refundFailed, withdrawal.id, of: escrow, Money(minorUnits: owed, currency: withdrawal.amount.currency),
            believed: "\(withdrawal.amount.minorUnits) went back to the client",
            reported: "\(withdrawal.id) failed: the money is ours again, and owed to the client", at: now, in: tx)
    }

    /// The deal has less money now, for good.
    func reduce(_ escrow: inout Escrow, by amount: Money, in tx: Transaction) async throws {
        guard !amount.isZero else { return }
        if escrow.state == .escrowed, amount.minorUnits >= escrow.rest.minorUnits {
            try await book.letGo(by: .refund, &escrow, in: tx)
        } else {
            // What was booked before the excess was told apart may be more than is left.
            try changeReturned(&escrow, by: min(amount.minorUnits, escrow.rest.minorUnits))
        }
    }

    private func changeReturned(_ escrow: inout Escrow, by minorUnits: Int64) throws {
        try escrow.changeReturned(
            by: Money(minorUnits: minorUnits, currency: escrow.amount.currency), basisPoints: book.feeBasisPoints)
    }

    /// Nothing disputes the payment any more.
    private func thaw(_ escrow: inout Escrow, in tx: Transaction) async throws {
        guard let payment = escrow.paymentIntentID else { return }
        let open = try await withdrawals.find(of: payment, in: tx).contains(where: \.isUndecided)
        escrow.isFrozen = open
        if !open, escrow.state == .released, let due = escrow.release?.payoutAt {
            try await book.scheduler.schedule(PayOut(escrow.milestoneID), at: max(now, due), in: tx)
        }
    }

    /// A worker whose transfer was taken back for a dispute that was won gets the money again. What a paid worker is owed
    /// otherwise is a case.
    func repay(_ escrow: inout Escrow, _ withdrawal: Withdrawal, in tx: Transaction) async throws {
        guard escrow.state == .paid, let earning = escrow.earning else { return }
        // What other milestones took back from the worker is theirs.
        let owed = try await ledger.sum(
            about: escrow.milestoneID.uuid, in: .receivable(escrow.workerID, escrow.amount.currency), in: tx)
        if owed >= earning.minorUnits, !earning.isZero {
            try escrow.reverse()
            try await ledger.post(
                .repaid(escrow.milestoneID, to: escrow.workerID, for: withdrawal.id, earning), at: now, in: tx)
            try await book.scheduler.schedule(PayOut(escrow.milestoneID), at: now, in: tx)
        } else if owed > 0 {
            try await cases.open(
                .owedToWorker, withdrawal.id, of: escrow, Money(minorUnits: owed, currency: earning.currency),
                believed: "the worker was paid, and \(withdrawal.id) has come back",
                reported: "the worker has \(owed) less than was earned", at: now, in: tx)
        }
    }
}
