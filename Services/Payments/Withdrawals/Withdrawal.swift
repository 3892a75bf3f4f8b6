import Postgres
import SharedModels

/// Money of a payment that goes back to its payer: by a refund, ours or somebody else's, or by a dispute.
struct Withdrawal: Sendable, Equatable {
    enum Kind: String, PostgresValue {
        case refund, dispute
    }

    enum State: String, PostgresValue {
        /// A refund that has not arrived yet, a dispute that is not decided.
        case pending
        /// A refund that arrived, a dispute that was lost.
        case final
        /// A refund that failed, a dispute that was won.
        case undone
    }

    /// Stripe's id of the refund or the dispute.
    let id: String
    let subject: MoneySubject
    let paymentIntentID: String
    let kind: Kind
    let amount: Money
    /// The key of the posting that took the money from where it was.
    let posting: String
    let state: State
    /// Whether its money is still at Stripe when it is booked.
    let leavesLater: Bool
    /// The part of the amount that was not the deal's, in minor units: more left than the deal had.
    var excess: Int64 = 0
    /// How often a part of the excess was covered since.
    var rebookings: Int64 = 0
    /// What the platform and the parties have less of a divided payment of Skillhouse by it; `nil` for any other.
    var parts: CheckoutShares?

    /// The part of the amount that the deal lost by it.
    var ofDeal: Money { Money(minorUnits: amount.minorUnits - excess, currency: amount.currency) }

    /// Whether it is a dispute whose bank has not decided. Its money is away, and may be the deal's again.
    var isUndecided: Bool { kind == .dispute && state == .pending }

    /// The keys of what was posted for it, without its arrival and its end.
    var postings: [String] { [posting] + (0..<rebookings).map { "\(posting):rebooked:\($0 + 1)" } }

    /// The key of the posting that brought the money back to where it was.
    var undoing: String { posting + ":undone" }

    /// - Parameter action: The key of the action of ours that made it; `nil` for what others did.
    init(
        _ refund: StripeRefund, of subject: MoneySubject, _ payment: String, _ currency: Currency, by action: String?
    ) {
        self.init(
            id: refund.id, subject: subject, paymentIntentID: payment, kind: .refund,
            amount: Money(minorUnits: refund.amount, currency: currency), posting: action ?? "refund:\(refund.id)",
            state: refund.isPending ? .pending : .final, leavesLater: !refund.hasLeft)
    }

    init(_ dispute: StripeDispute, of subject: MoneySubject, _ payment: String, _ currency: Currency) {
        self.init(
            id: dispute.id, subject: subject, paymentIntentID: payment, kind: .dispute,
            amount: Money(minorUnits: dispute.amount, currency: currency), posting: "dispute:\(dispute.id)",
            state: .pending)
    }

    init(
        id: String, subject: MoneySubject, paymentIntentID: String, kind: Kind, amount: Money, posting: String,
        state: State, leavesLater: Bool = false, excess: Int64 = 0, rebookings: Int64 = 0,
        parts: CheckoutShares? = nil
    ) {
        self.id = id
        self.subject = subject
        self.paymentIntentID = paymentIntentID
        self.kind = kind
        self.amount = amount
        self.posting = posting
        self.state = state
        self.leavesLater = leavesLater
        self.excess = excess
        self.rebookings = rebookings
        self.parts = parts
    }
}
