import ServiceKit
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What an account has earned, or was given back. It is nothing but an account of the ledger, and exists once something was
/// posted to it; its id is the owner's.
struct Wallet: Sendable {
    let owner: AccountID
    let balance: Money
    /// The newest movements.
    let moves: [WalletMovement]
    let createdAt: Timestamp
    let updatedAt: Timestamp

    var id: WalletID { WalletID(owner.uuid) }
}

/// A movement of a wallet, and the payment that it is about.
struct WalletMovement: Sendable {
    let entry: AccountEntry
    /// `nil` when it is about no payment for a contract.
    let checkout: Checkout?
    /// Who paid; `nil` while that cannot be asked for.
    var client: Person?

    var amount: Money { Money.inr(paise: entry.amount) }

    /// For the owner to read.
    var description: String {
        let contract = checkout?.deal.map { " of contract \($0.number)" } ?? ""
        return switch entry.kind {
        case .release: "Payment" + contract
        case .openingEarning: "Payment" + contract + ", brought over"
        case .opening: "Brought over"
        case .division: "Share of the canceled payment" + contract
        case .dispute: "Taken back by the client's bank: payment" + contract
        case .disputeWon: "Given back by the client's bank: payment" + contract
        case .refund: "Refunded to the client's card: payment" + contract
        case .refundFailed: "The refund to the client's card failed: payment" + contract
        case .walletPaid: "Paid out"
        case .walletPaymentReturned: "The payout came back"
        case .debtCovered where amount.minorUnits < 0: "Kept for what clients' banks and cards took back before"
        case .debtCovered: "Kept before, and yours again"
        case .capture, .transfer, .arbitration, .refundArrived, .transferReversed, .arbitrationPaid, .openingCredits,
            .creditsSpent, .creditsGranted, .correction, .stripeFee, .writtenOff:
            "Correction" + contract
        }
    }
}

/// What came into a wallet from contracts in one month.
struct WalletIncome: Sendable, Equatable {
    /// `YYYY-MM`, in UTC.
    let month: String
    let total: Money
    let count: Int64
}
