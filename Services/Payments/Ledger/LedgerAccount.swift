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

/// A place that holds money or credits. Its first entry opens it.
struct LedgerAccount: Hashable, Sendable {
    let id: String
    let unit: LedgerUnit
    /// The lowest allowed balance; `nil` for accounts that stand for the outside world. Those go negative by the amount
    /// that came in.
    let floor: Int64?

    /// The money that came in through the payment provider (negative), less what left again.
    static func provider(_ currency: Currency) -> Self {
        Self(id: "provider:\(currency.rawValue)", unit: LedgerUnit(currency), floor: nil)
    }

    /// A milestone's captured money, until its release.
    static func escrow(_ milestone: MilestoneID, _ currency: Currency) -> Self {
        Self(id: "escrow:\(milestone)", unit: LedgerUnit(currency), floor: 0)
    }

    /// The platform's fees.
    static func revenue(_ currency: Currency) -> Self {
        Self(id: "revenue:\(currency.rawValue)", unit: LedgerUnit(currency), floor: 0)
    }

    /// What a worker earned and has not been paid yet.
    static func payable(_ account: AccountID, _ currency: Currency) -> Self {
        Self(id: "payable:\(account)", unit: LedgerUnit(currency), floor: 0)
    }

    /// What an account owes the platform, as a negative balance.
    static func owed(_ account: AccountID, _ currency: Currency) -> Self {
        Self(id: "owed:\(account)", unit: LedgerUnit(currency), floor: nil)
    }

    /// An account's credits.
    static func credits(_ account: AccountID) -> Self {
        Self(id: "credits:\(account)", unit: .credit, floor: 0)
    }

    /// The source of credits. Its balance is negative by all credits ever given out.
    static let creditsIssued = Self(id: "credits:issued", unit: .credit, floor: nil)

    /// The destination of spent credits.
    static let creditsSpent = Self(id: "credits:spent", unit: .credit, floor: 0)
}
