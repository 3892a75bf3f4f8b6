import Logging
import Postgres
import ServiceKit
import SharedModels

/// Follows what others do to clients' payments: refunds in the dashboard, refunds that fail later, chargebacks. As
/// ``PaymentFollower`` does for milestones, it goes by the present state of the payment's objects.
struct CheckoutFollower: Sendable {
    let database: Database
    let book: CheckoutBook
    let stripe: StripeClient
    let logger: Logger
    let withdrawals = WithdrawalStore()

    private var cases: CaseStore { book.cases }
    private var withdrawalBook: CheckoutWithdrawalBook { CheckoutWithdrawalBook(book: book) }

    /// Looks at a payment whose money we have, before we move it.
    ///
    /// - Throws: ``ProviderError`` when it cannot be looked at. The money does not move then.
    func look(at checkout: Checkout) async throws {
        guard let payment = checkout.payment, payment.isAtStripe, checkout.moving == nil else { return }
        do {
            _ = try await follow(stripe.paymentIntent(payment.intentID), isTold: false)
        } catch CheckoutError.busy {
            // Another action has begun meanwhile, and ours waits for it.
        }
    }

    /// - Parameter isTold: Whether something about its refunds or disputes has changed, as an event says.
    /// - Returns: Whether the payment is a checkout's.
    /// - Throws: ``CheckoutError/busy(_:)`` when an action under way may explain what we see: look again later.
    func follow(_ intent: PaymentIntent, isTold: Bool) async throws -> Bool {
        guard let id = try await book.checkouts.find(payment: intent.id, in: database)?.id else { return false }
        let picture = try await PaymentPicture.take(of: intent, isTold: isTold, from: stripe, in: database)
        guard !picture.isPlain else { return true }
        try await database.transaction { tx in
            guard var checkout = try await book.checkouts.lock(id, in: tx) else { return }
            guard checkout.moving == nil else { throw CheckoutError.busy(id) }
            for refund in picture.refunds { try await adopt(refund, intent.id, &checkout, in: tx) }
            for dispute in picture.disputes { try await adopt(dispute, intent.id, &checkout, in: tx) }
        }
        return true
    }

    private func adopt(_ refund: StripeRefund, _ payment: String, _ checkout: inout Checkout, in tx: Transaction)
        async throws
    {
        guard let known = try await withdrawals.find(refund.id, in: tx) else {
            guard refund.isUnderWay else { return }
            let isPaidBack = try await PayBack(cases: cases).take(
                refund, of: .checkout(checkout.id), payment, checkout.currency,
                unclaimed: EscrowedMoney().unclaimed(of: checkout, in: tx), at: book.clock.now, in: tx)
            if isPaidBack { return }
            let withdrawal = Withdrawal(refund, of: .checkout(checkout.id), payment, checkout.currency, by: nil)
            try await withdrawalBook.take(withdrawal, from: &checkout, in: tx)
            try await tell(.refunded, withdrawal.amount, &checkout, in: tx)
            logger.warning("a refund was made outside of us", metadata: ["refund": "\(refund.id)"])
            return
        }
        guard known.state != .undone else { return }
        if !refund.isUnderWay {
            let goesOn = try await withdrawalBook.undo(known, &checkout, in: tx)
            try await tell(.refundFailed, known.amount, &checkout, in: tx)
            logger.warning(
                "a refund failed", metadata: ["refund": "\(known.id)", "case": goesOn ? "none" : "opened"])
        } else if known.state == .pending {
            try await withdrawalBook.follow(refund, of: known, in: tx)
        }
    }

    private func adopt(_ dispute: StripeDispute, _ payment: String, _ checkout: inout Checkout, in tx: Transaction)
        async throws
    {
        var known = try await withdrawals.find(dispute.id, in: tx)
        if known == nil, dispute.standing == .open || dispute.standing == .lost {
            let new = Withdrawal(dispute, of: .checkout(checkout.id), payment, checkout.currency)
            let state = checkout.state
            try await withdrawalBook.take(new, from: &checkout, in: tx)
            try await tell(.disputed, new.amount, &checkout, in: tx)
            try await cases.open(
                .disputed, dispute.id, of: checkout, new.amount, believed: "the money is \(state.rawValue)",
                reported: "the client's bank has taken it back, and decides", at: book.clock.now, in: tx)
            known = new
        }
        guard let known, known.state == .pending else { return }
        switch dispute.standing {
        case .won:
            try await withdrawalBook.undo(known, &checkout, in: tx)
            try await tell(.disputeWon, known.amount, &checkout, in: tx)
            try await cases.settle(.disputed, dispute.id, "The dispute was won.", at: book.clock.now, in: tx)
        case .lost:
            try await withdrawalBook.lose(known, &checkout, in: tx)
            try await tell(.disputeLost, known.amount, &checkout, in: tx)
        case .open, .inquiry: return
        }
    }

    /// Both parties hear of it, if there is a contract. Each change has its own number.
    private func tell(_ change: MoneyChange, _ amount: Money, _ checkout: inout Checkout, in tx: Transaction)
        async throws
    {
        try await book.announce(change, amount, checkout, in: tx)
        try await book.save(&checkout, in: tx)
    }
}
