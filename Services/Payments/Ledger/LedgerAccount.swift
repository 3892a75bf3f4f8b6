import Postgres
import SharedModels

/// The unit that an account counts in.
enum LedgerUnit: String, PostgresValue, CaseIterable {
    case usd, inr, credit

    init(_ currency: Currency) {
        self =
            switch currency {
            case .usd: .usd
            case .inr: .inr
            }
    }

    /// `nil` for credits, which are not money.
    var currency: Currency? {
        switch self {
        case .usd: .usd
        case .inr: .inr
        case .credit: nil
        }
    }
}

/// A place that holds money or credits. Its first entry opens it. How low its balance may fall follows from its kind, which
/// is what stands before the first colon (the table `ledger_chart`).
struct LedgerAccount: Hashable, Sendable {
    let id: String
    let unit: LedgerUnit

    /// The money that came in through the payment provider (negative), less what left again.
    static func provider(_ currency: Currency) -> Self {
        Self(id: "provider:\(currency.rawValue)", unit: LedgerUnit(currency))
    }

    /// A milestone's captured money, until its release.
    static func escrow(_ milestone: MilestoneID, _ currency: Currency) -> Self {
        Self(id: "escrow:\(milestone)", unit: LedgerUnit(currency))
    }

    /// A client's payment of the flow `escrow_checkout`, until it is released or divided.
    static func escrow(_ checkout: CheckoutID, _ currency: Currency) -> Self {
        Self(id: "escrow:\(checkout)", unit: LedgerUnit(currency))
    }

    /// The same of either flow.
    static func escrow(_ subject: MoneySubject, _ currency: Currency) -> Self {
        Self(id: "escrow:\(subject.id)", unit: LedgerUnit(currency))
    }

    /// Money on its way back to the client: it has left the escrow and is not on the card yet.
    static func refunding(_ milestone: MilestoneID, _ currency: Currency) -> Self {
        refunding(.milestone(milestone), currency)
    }

    static func refunding(_ subject: MoneySubject, _ currency: Currency) -> Self {
        Self(id: "refunding:\(subject.id)", unit: LedgerUnit(currency))
    }

    /// What an account has earned or was given back, and the platform keeps for it.
    static func wallet(_ account: AccountID, _ currency: Currency) -> Self {
        Self(id: "wallet:\(account):\(currency.rawValue)", unit: LedgerUnit(currency))
    }

    /// Money that an account got and must give back, as a negative balance. Positive, it is what was taken back from it
    /// and is its own.
    static func receivable(_ account: AccountID, _ currency: Currency) -> Self {
        Self(id: "receivable:\(account):\(currency.rawValue)", unit: LedgerUnit(currency))
    }

    /// What the platform lost, as a negative balance.
    static func loss(_ currency: Currency) -> Self {
        Self(id: "loss:\(currency.rawValue)", unit: LedgerUnit(currency))
    }

    /// What Stripe kept for itself, as a negative balance.
    static func stripeFees(_ currency: Currency) -> Self {
        Self(id: "stripe_fees:\(currency.rawValue)", unit: LedgerUnit(currency))
    }

    /// Fees that are owed to the platform and not paid. They become revenue when they are.
    static func accrued(_ currency: Currency) -> Self {
        Self(id: "accrued:\(currency.rawValue)", unit: LedgerUnit(currency))
    }

    /// The platform's fees, paid.
    static func revenue(_ currency: Currency) -> Self {
        Self(id: "revenue:\(currency.rawValue)", unit: LedgerUnit(currency))
    }

    /// What an import brought, as a negative balance. The platform holds the money somewhere else than at Stripe.
    static func opening(_ currency: Currency) -> Self {
        Self(id: "opening:\(currency.rawValue)", unit: LedgerUnit(currency))
    }

    /// What wallets were paid from the platform's own bank.
    static func paidOut(_ currency: Currency) -> Self {
        Self(id: "paid_out:\(currency.rawValue)", unit: LedgerUnit(currency))
    }

    /// What a worker earned and has not been paid yet.
    static func payable(_ account: AccountID, _ currency: Currency) -> Self {
        Self(id: "payable:\(account)", unit: LedgerUnit(currency))
    }

    /// What an account owes the platform, as a negative balance.
    static func owed(_ account: AccountID, _ currency: Currency) -> Self {
        Self(id: "owed:\(account)", unit: LedgerUnit(currency))
    }

    /// An account's credits.
    static func credits(_ account: AccountID) -> Self {
        Self(id: "credits:\(account)", unit: .credit)
    }

    /// The source of credits. Its balance is negative by all credits ever given out.
    static let creditsIssued = Self(id: "credits:issued", unit: .credit)

    /// The destination of spent credits.
    static let creditsSpent = Self(id: "credits:spent", unit: .credit)
}
