import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One account's part of what was posted.
struct LedgerEntry: Sendable, Equatable {
    let transactionID: LedgerTransactionID
    let kind: PostingKind
    /// The milestone, the checkout, the dispute or the account that it is about.
    let subject: UUID
    let account: String
    let amount: Money
    /// What the account held afterwards; `nil` for a reader who must not see it.
    var balance: Money?
    let action: String?
    let requestID: String?
    let at: Timestamp

    var withoutBalance: Self {
        var entry = self
        entry.balance = nil
        return entry
    }
}

/// An account that something was posted to.
struct OpenAccount: Sendable, Equatable {
    let id: String
    let unit: LedgerUnit
    let balance: Int64
}

/// An entry as its account sees it, in the account's unit.
struct AccountEntry: Sendable, Equatable {
    let transactionID: LedgerTransactionID
    let kind: PostingKind
    /// The milestone, the checkout, the dispute or the account that it is about.
    let subject: UUID
    let amount: Int64
    /// What the account held afterwards.
    let balance: Int64
    let action: String?
    let requestID: String?
    /// The admin who asked for it or noted it; `nil` when no admin did.
    let adminID: AccountID?
    let at: Timestamp
}
