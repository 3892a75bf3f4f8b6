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

    fileprivate init(
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

/// Every statement on the table `withdrawals`.
struct WithdrawalStore: Sendable {
    static let columns: SQL = """
        id, milestone_id, checkout_id, payment_intent_id, kind, amount_minor, amount_currency, posting, state,
        excess_minor, rebookings, fee_minor, client_minor, freelancer_minor
        """

    func insert(_ withdrawal: Withdrawal, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            INSERT INTO withdrawals (id, milestone_id, checkout_id, payment_intent_id, kind, amount_minor,
                                     amount_currency, posting, state, excess_minor, fee_minor, client_minor,
                                     freelancer_minor, created_at, updated_at)
            VALUES (\(withdrawal.id), \(withdrawal.subject.milestoneID), \(withdrawal.subject.checkoutID),
                    \(withdrawal.paymentIntentID), \(withdrawal.kind), \(withdrawal.amount.minorUnits),
                    \(withdrawal.amount.currency), \(withdrawal.posting), \(withdrawal.state), \(withdrawal.excess),
                    \(withdrawal.parts?.fee.minorUnits), \(withdrawal.parts?.client.minorUnits),
                    \(withdrawal.parts?.freelancer.minorUnits), \(now), \(now))
            """)
    }

    /// Writes back how much of its excess is left, after a part of it was covered.
    func rebook(_ withdrawal: Withdrawal, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE withdrawals
               SET excess_minor = \(withdrawal.excess), rebookings = \(withdrawal.rebookings),
                   fee_minor = \(withdrawal.parts?.fee.minorUnits),
                   client_minor = \(withdrawal.parts?.client.minorUnits),
                   freelancer_minor = \(withdrawal.parts?.freelancer.minorUnits), updated_at = \(now)
             WHERE id = \(withdrawal.id)
            """)
    }

    /// Those of a payment, oldest first.
    func find(of payment: String, in executor: some SQLExecutor) async throws -> [Withdrawal] {
        try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM withdrawals
             WHERE payment_intent_id = \(payment) ORDER BY created_at, id
            """, Withdrawal.init(row:))
    }

    func find(_ id: String, in executor: some SQLExecutor) async throws -> Withdrawal? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM withdrawals WHERE id = \(id)", Withdrawal.init(row:))
    }

    /// Notes how it went on.
    func settle(
        _ withdrawal: Withdrawal, as state: Withdrawal.State, at now: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.execute(
            "UPDATE withdrawals SET state = \(state), updated_at = \(now) WHERE id = \(withdrawal.id)")
    }
}

extension Withdrawal {
    fileprivate init(row: Row) throws {
        let amount: Money = try row.money("amount")
        func money(_ column: String) throws -> Money {
            Money(minorUnits: try row.decode(column), currency: amount.currency)
        }
        var parts: CheckoutShares?
        if try row.decodeIfPresent("fee_minor", as: Int64.self) != nil {
            parts = CheckoutShares(
                fee: try money("fee_minor"), client: try money("client_minor"),
                freelancer: try money("freelancer_minor"))
        }
        self.init(
            id: try row.decode("id"), subject: try MoneySubject(row: row),
            paymentIntentID: try row.decode("payment_intent_id"), kind: try row.decode("kind"), amount: amount,
            posting: try row.decode("posting"), state: try row.decode("state"), excess: try row.decode("excess_minor"),
            rebookings: try row.decode("rebookings"), parts: parts)
    }
}
