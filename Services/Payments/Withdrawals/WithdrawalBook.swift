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

    private var cases: CaseStore { book.cases }
    private var ledger: Ledger { book.ledger }
    private var now: Timestamp { book.clock.now }

    /// The money leaves.
    func take(
        _ withdrawal: Withdrawal, from escrow: inout Escrow, because cause: Posting.Cause = .request(),
        in tx: Transaction
    ) async throws {
        try await withdrawals.insert(withdrawal, at: now, in: tx)
        let (sources, rest) = try await sources(of: withdrawal, escrow, in: tx)
        let goal: LedgerAccount =
            withdrawal.leavesLater
            ? .refunding(escrow.milestoneID, escrow.amount.currency) : .provider(escrow.amount.currency)
        try await ledger.post(
            Posting(
                withdrawal.kind == .refund ? .refund : .dispute, key: withdrawal.posting,
                of: escrow.milestoneID.uuid, sources + [(goal, withdrawal.amount.minorUnits)]),
            because: cause, at: now, in: tx)
        if rest > 0 {
            try await cases.open(
                .tooMuchWithdrawn, withdrawal.id, of: escrow, Money(minorUnits: rest, currency: escrow.amount.currency),
                believed: "the payment has \(withdrawal.amount.minorUnits - rest) left",
                reported: "\(withdrawal.id) took \(withdrawal.amount.minorUnits)", at: now, in: tx)
        }
        switch withdrawal.kind {
        case .refund: try await reduce(&escrow, by: withdrawal.amount, in: tx)
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
        try await reduce(&escrow, by: withdrawal.amount, in: tx)
    }

    /// A refund failed, or a dispute was won: the money is where it was before.
    ///
    /// - Returns: Whether the deal goes on with it. If not, it is still owed to the payer, and a case was opened.
    @discardableResult
    func undo(_ withdrawal: Withdrawal, _ escrow: inout Escrow, in tx: Transaction) async throws -> Bool {
        try await withdrawals.settle(withdrawal, as: .undone, at: now, in: tx)
        let taken = try await ledger.entries(under: withdrawal.posting, in: tx)
        let arrived = try await ledger.entries(under: withdrawal.posting + ":arrived", in: tx)
        try await ledger.post(.undoing(withdrawal, taken + arrived), at: now, in: tx)
        try await PayBack(cases: cases).settleCase(behind: withdrawal, at: now, in: tx)
        if withdrawal.kind == .dispute {
            try await thaw(&escrow, in: tx)
            try await repay(&escrow, withdrawal, in: tx)
            return true
        }
        let wasEscrowed = taken.contains {
            $0.account == LedgerAccount.escrow(escrow.milestoneID, escrow.amount.currency)
        }
        let isSamePayment = escrow.paymentIntentID == withdrawal.paymentIntentID
        // What no account of the deal gave does not come back to it.
        let loss = taken.filter { $0.account == .loss(withdrawal.amount.currency) }.map(\.amount).reduce(0, +)
        let ofDeal = Money(minorUnits: withdrawal.amount.minorUnits + loss, currency: withdrawal.amount.currency)
        switch escrow.state {
        case .escrowed where isSamePayment && wasEscrowed:
            try escrow.giveBack(.zero(withdrawal.amount.currency) - withdrawal.amount)
            return true
        case .released where isSamePayment && !wasEscrowed, .paid where isSamePayment && !wasEscrowed:
            try escrow.changeReturned(
                by: .zero(ofDeal.currency) - ofDeal, basisPoints: book.feeBasisPoints)
            return true
        case .unfunded where wasEscrowed:
            return try await restore(withdrawal, &escrow, in: tx)
        case .unfunded, .authorizing, .held, .escrowed, .released, .paid:
            try await open(.refundFailed, withdrawal, escrow, in: tx)
            return false
        }
    }

    /// The whole payment had gone back. The first time the deal goes on as if it had not: contracts decides whether the
    /// client gets it again. A second time somebody must find another way.
    ///
    /// Other parts of the payment that failed to go back, and were cases, are the deal's again, too. What is in escrow of
    /// other payments is not.
    private func restore(_ withdrawal: Withdrawal, _ escrow: inout Escrow, in tx: Transaction) async throws -> Bool {
        let (payment, currency) = (withdrawal.paymentIntentID, escrow.amount.currency)
        let left = try await EscrowedMoney().left(of: payment, escrow, in: tx)
        let captured = try await ledger.sum(
            under: [Posting.captureKey(of: payment)], in: .escrow(escrow.milestoneID, currency), in: tx)
        // The milestone costs less by now: the payment is nobody's.
        guard captured <= escrow.amount.minorUnits else {
            try await open(.refundFailed, withdrawal, escrow, in: tx)
            return false
        }
        let failures = try await withdrawals.find(of: payment, in: tx).filter {
            $0.kind == .refund && $0.state == .undone
        }
        try escrow.restore(payment, left: Money(minorUnits: left, currency: currency))
        for failure in failures {
            try await cases.settle(
                .refundFailed, failure.id, "The milestone has the money again.", at: now, in: tx)
        }
        guard failures.count < 2 else {
            try await open(.refundFailed, withdrawal, escrow, in: tx)
            return false
        }
        try await book.announceFunded(escrow, in: tx)
        return true
    }

    private func open(_ kind: CaseKind, _ withdrawal: Withdrawal, _ escrow: Escrow, in tx: Transaction) async throws {
        try await cases.open(
            kind, withdrawal.id, of: escrow, withdrawal.amount,
            believed: "\(withdrawal.amount.minorUnits) went back to the client",
            reported: "\(withdrawal.id) failed: the money is ours again, and owed to the client", at: now, in: tx)
    }

    /// The deal has less money now, for good.
    private func reduce(_ escrow: inout Escrow, by amount: Money, in tx: Transaction) async throws {
        switch escrow.state {
        case .escrowed where amount.minorUnits >= escrow.rest.minorUnits:
            try await book.letGo(by: .refund, &escrow, in: tx)
        case .escrowed:
            try escrow.giveBack(amount)
        case .released, .paid:
            let part = min(amount.minorUnits, escrow.rest.minorUnits)
            try escrow.changeReturned(
                by: Money(minorUnits: part, currency: amount.currency), basisPoints: book.feeBasisPoints)
        case .unfunded, .authorizing, .held:
            throw EscrowError.illegalMove(.init(escrow.state, .refund))
        }
    }

    /// The accounts that lose the amount, and what none of them has.
    private func sources(of withdrawal: Withdrawal, _ escrow: Escrow, in tx: Transaction) async throws -> (
        entries: [(LedgerAccount, Int64)], rest: Int64
    ) {
        let (amount, payment, currency) = (withdrawal.amount, withdrawal.paymentIntentID, escrow.amount.currency)
        switch escrow.state {
        case .escrowed:
            let account = LedgerAccount.escrow(escrow.milestoneID, currency)
            let left = try await EscrowedMoney().left(of: payment, escrow, in: tx)
            let part = min(amount.minorUnits, left)
            return ([(account, -part), (.loss(currency), part - amount.minorUnits)], amount.minorUnits - part)
        case .released, .paid:
            let part = min(amount.minorUnits, escrow.rest.minorUnits)
            let before = FeeSplit(
                fee: escrow.release?.fee ?? .zero(currency), earning: escrow.earning ?? .zero(currency))
            let after = FeeSplit(
                rest: Money(minorUnits: escrow.rest.minorUnits - part, currency: currency),
                basisPoints: book.feeBasisPoints)
            let worker: LedgerAccount =
                escrow.state == .paid ? .receivable(escrow.workerID, currency) : .payable(escrow.workerID, currency)
            return (
                [
                    (worker, (after.earning - before.earning).minorUnits),
                    (.revenue(currency), (after.fee - before.fee).minorUnits),
                    (.loss(currency), part - amount.minorUnits),
                ], amount.minorUnits - part
            )
        case .unfunded, .authorizing, .held:
            throw EscrowError.illegalMove(.init(escrow.state, .refund))
        }
    }

    /// Nothing disputes the payment any more.
    private func thaw(_ escrow: inout Escrow, in tx: Transaction) async throws {
        guard let payment = escrow.paymentIntentID else { return }
        let open = try await withdrawals.find(of: payment, in: tx).contains {
            $0.kind == .dispute && $0.state == .pending
        }
        escrow.isFrozen = open
        if !open, escrow.state == .released, let due = escrow.release?.payoutAt {
            try await book.scheduler.schedule(PayOut(escrow.milestoneID), at: max(now, due), in: tx)
        }
    }

    /// A worker whose transfer was taken back for a dispute that was won gets the money again.
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
                believed: "a part of the transfer was taken back, and the dispute was won",
                reported: "the worker has \(owed) less than was earned", at: now, in: tx)
        }
    }
}
