import Logging
import Postgres
import ServiceKit
import SharedModels

/// Follows what others do to a payment: refunds in the dashboard, refunds that fail later, disputes. It goes by the present
/// state of the payment's objects, so that events may come in any order, twice, or not at all.
struct PaymentFollower: Sendable {
    let database: Database
    let book: EscrowBook
    let stripe: StripeClient
    /// Follows the payments of the flow `escrow_checkout`.
    let checkouts: CheckoutFollower
    let logger: Logger
    let withdrawals = WithdrawalStore()

    private var cases: CaseStore { book.cases }
    private var withdrawalBook: WithdrawalBook { WithdrawalBook(book: book) }

    /// Looks at a payment whose money we have, before we move it.
    ///
    /// - Throws: ``ProviderError`` when it cannot be looked at. The money does not move then.
    func look(at escrow: Escrow) async throws {
        guard escrow.state == .escrowed || escrow.state == .released, escrow.moving == nil,
            let payment = escrow.paymentIntentID
        else { return }
        try await follow(stripe.paymentIntent(payment), isTold: false)
    }

    /// - Parameter isTold: Whether something about its refunds or disputes has changed, as an event says.
    /// - Throws: ``EscrowError/busy(_:)`` when an action under way may explain what we see: look again later.
    func follow(_ intent: PaymentIntent, isTold: Bool) async throws {
        if try await checkouts.follow(intent, isTold: isTold) { return }
        guard let milestone = intent.milestoneID else { return try await report(intent) }
        let picture = try await PaymentPicture.take(of: intent, isTold: isTold, from: stripe, in: database)
        guard !picture.isPlain else { return }
        try await database.transaction { tx in
            guard var escrow = try await book.escrows.lock(milestone, in: tx) else { return }
            guard escrow.moving == nil else { throw EscrowError.busy(milestone) }
            let before = escrow
            for refund in picture.refunds { try await adopt(refund, intent, &escrow, in: tx) }
            for dispute in picture.disputes { try await adopt(dispute, intent, &escrow, in: tx) }
            if escrow != before { try await book.save(&escrow, in: tx) }
        }
    }

    /// A payment that is not a milestone's, such as an arbitration fee's, lost its money.
    private func report(_ intent: PaymentIntent) async throws {
        guard let charge = intent.charge, charge.isDisputed || charge.amountRefunded > 0 else { return }
        let isNew = try await cases.open(
            .unmatched, intent.id, of: nil, believed: "the payment is of no milestone, and was kept",
            reported: charge.isDisputed ? "it was disputed" : "\(charge.amountRefunded) of it went back",
            at: book.clock.now, in: database)
        if isNew { logger.error("a case was opened about a payment", metadata: ["payment": "\(intent.id)"]) }
    }

    private func adopt(_ refund: StripeRefund, _ intent: PaymentIntent, _ escrow: inout Escrow, in tx: Transaction)
        async throws
    {
        guard let known = try await withdrawals.find(refund.id, in: tx) else {
            guard refund.isUnderWay else { return }
            return try await adopt(
                new: refund,
                Withdrawal(refund, of: .milestone(escrow.milestoneID), intent.id, escrow.amount.currency, by: nil),
                &escrow, in: tx)
        }
        switch known.state {
        case .pending, .final:
            if !refund.isUnderWay {
                let goesOn = try await withdrawalBook.undo(known, &escrow, in: tx)
                try await tell(.refundFailed, known.amount, &escrow, in: tx)
                logger.warning(
                    "a refund failed", metadata: ["refund": "\(known.id)", "case": goesOn ? "none" : "opened"])
            } else if known.state == .pending {
                try await withdrawalBook.follow(refund, of: known, in: tx)
            }
        case .undone: return
        }
    }

    /// A refund that our books do not have.
    private func adopt(
        new refund: StripeRefund, _ withdrawal: Withdrawal, _ escrow: inout Escrow, in tx: Transaction
    ) async throws {
        if let key = refund.action, let action = try await book.actions.find(key, in: tx), action.state == .finished {
            // One of ours, from before we kept them here: it is booked.
            let ours = Withdrawal(
                refund, of: .milestone(escrow.milestoneID), withdrawal.paymentIntentID, escrow.amount.currency, by: key)
            return try await withdrawals.insert(ours, at: book.clock.now, in: tx)
        }
        let payment = withdrawal.paymentIntentID
        let isPaidBack = try await PayBack(cases: cases).take(
            refund, of: withdrawal.subject, payment, escrow.amount.currency,
            unclaimed: EscrowedMoney().unclaimed(of: payment, escrow, in: tx), at: book.clock.now, in: tx)
        if isPaidBack { return }
        guard try await has(withdrawal, escrow, in: tx) else { return }
        try await withdrawalBook.take(withdrawal, from: &escrow, in: tx)
        try await tell(.refunded, withdrawal.amount, &escrow, in: tx)
        logger.warning("a refund was made outside of us", metadata: ["refund": "\(withdrawal.id)"])
    }

    private func adopt(_ dispute: StripeDispute, _ intent: PaymentIntent, _ escrow: inout Escrow, in tx: Transaction)
        async throws
    {
        var known = try await withdrawals.find(dispute.id, in: tx)
        if known == nil, dispute.standing == .open || dispute.standing == .lost {
            let new = Withdrawal(dispute, of: .milestone(escrow.milestoneID), intent.id, escrow.amount.currency)
            guard try await has(new, escrow, in: tx) else { return }
            try await withdrawalBook.take(new, from: &escrow, in: tx)
            try await tell(.disputed, new.amount, &escrow, in: tx)
            try await cases.open(
                .disputed, dispute.id, of: escrow, new.amount, believed: "the money is \(escrow.state.rawValue)",
                reported: "the client's bank has taken it back, and decides", at: book.clock.now, in: tx)
            known = new
        }
        guard let known, known.state == .pending else { return }
        switch dispute.standing {
        case .won:
            try await withdrawalBook.undo(known, &escrow, in: tx)
            try await tell(.disputeWon, known.amount, &escrow, in: tx)
            try await cases.settle(.disputed, dispute.id, "The dispute was won.", at: book.clock.now, in: tx)
        case .lost:
            try await withdrawalBook.lose(known, &escrow, in: tx)
            try await tell(.disputeLost, known.amount, &escrow, in: tx)
        case .open, .inquiry: return
        }
    }

    /// Whether our books have the payment's money, so that some of it can leave. If not, somebody must look.
    private func has(_ withdrawal: Withdrawal, _ escrow: Escrow, in tx: Transaction) async throws -> Bool {
        let isHere = [.escrowed, .released, .paid].contains(escrow.state)
        if isHere, escrow.paymentIntentID == withdrawal.paymentIntentID { return true }
        try await cases.open(
            .unmatched, withdrawal.id, of: escrow, withdrawal.amount,
            believed: "the milestone's money is \(escrow.state.rawValue), of another payment or of none",
            reported: "\(withdrawal.id) took money of \(withdrawal.paymentIntentID)", at: book.clock.now, in: tx)
        return false
    }

    /// Both parties hear of it.
    private func tell(_ change: MoneyChange, _ amount: Money, _ escrow: inout Escrow, in tx: Transaction) async throws {
        try await book.announce(change, amount, escrow, in: tx)
        // Each change has its own number.
        try await book.save(&escrow, in: tx)
    }
}
