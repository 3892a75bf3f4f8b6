import Postgres
import SharedModels

/// What an account counts.
enum LedgerUnit: String, PostgresValue, CaseIterable {
    case usd, inr, credit

    init(_ currency: Currency) {
        self =
            switch currency {
            case .usd: .usd
            case .inr: .inr
            }
    }

    /// `nil` for credits, which are no money.
    var currency: Currency? {
        switch self {
        case .usd: .usd
        case .inr: .inr
        case .credit: nil
        }
    }
}

/// A place where money or credits are. Opened by its first entry.
struct LedgerAccount: Hashable, Sendable {
    let id: String
    let unit: LedgerUnit
    /// Below which its balance never falls. `nil` for what stands for the world outside: it goes negative by
    /// what came in.
    let floor: Int64?

    /// What the payment provider brought us (negative) and took away again.
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

    /// What a worker earned and has not been transferred.
    static func payable(_ account: AccountID, _ currency: Currency) -> Self {
        Self(id: "payable:\(account)", unit: LedgerUnit(currency), floor: 0)
    }

    /// What an account owes the platform: negative by it.
    static func owed(_ account: AccountID, _ currency: Currency) -> Self {
        Self(id: "owed:\(account)", unit: LedgerUnit(currency), floor: nil)
    }

    /// An account's credits.
    static func credits(_ account: AccountID) -> Self {
        Self(id: "credits:\(account)", unit: .credit, floor: 0)
    }

    /// Where credits come from: negative by all that were ever given out.
    static let creditsIssued = Self(id: "credits:issued", unit: .credit, floor: nil)

    /// Where spent credits go.
    static let creditsSpent = Self(id: "credits:spent", unit: .credit, floor: 0)
}
