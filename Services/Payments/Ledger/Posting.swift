import Postgres
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Why something was posted.
enum PostingKind: String, PostgresValue, CaseIterable {
    case capture, release, transfer
    case openingCredits = "opening_credits"
}

/// One balanced movement between accounts, posted once under its key.
struct Posting: Sendable {
    struct Entry: Sendable, Equatable {
        let account: LedgerAccount
        /// Positive: the account gains. Never 0.
        let amount: Int64
    }

    let key: String
    let kind: PostingKind
    /// The milestone or the account it is about.
    let subject: UUID
    let entries: [Entry]

    /// - Parameter entries: At most one for each account. One of 0 moves nothing and is left out.
    init(_ kind: PostingKind, key: String, of subject: UUID, _ entries: [(LedgerAccount, Int64)]) {
        self.key = key
        self.kind = kind
        self.subject = subject
        self.entries = entries.filter { $0.1 != 0 }.map { Entry(account: $0.0, amount: $0.1) }
    }
}

extension Posting {
    /// The client's money came in and waits for the release.
    static func capture(_ milestone: MilestoneID, _ amount: Money) -> Self {
        Self(
            .capture, key: "milestone:\(milestone):capture", of: milestone.uuid,
            [
                (.provider(amount.currency), -amount.minorUnits),
                (.escrow(milestone, amount.currency), amount.minorUnits),
            ])
    }

    /// The escrow becomes the platform's fee and the worker's earning.
    static func release(
        _ milestone: MilestoneID, to worker: AccountID, _ split: FeeSplit, _ currency: Currency
    ) -> Self {
        Self(
            .release, key: "milestone:\(milestone):release", of: milestone.uuid,
            [
                (.escrow(milestone, currency), -(split.fee + split.earning)),
                (.revenue(currency), split.fee),
                (.payable(worker, currency), split.earning),
            ])
    }

    /// The worker's earning left for the worker's own account.
    static func transfer(_ milestone: MilestoneID, to worker: AccountID, _ earning: Money) -> Self {
        Self(
            .transfer, key: "milestone:\(milestone):transfer", of: milestone.uuid,
            [
                (.payable(worker, earning.currency), -earning.minorUnits),
                (.provider(earning.currency), earning.minorUnits),
            ])
    }

    /// What every account starts with.
    static func openingCredits(_ account: AccountID, _ count: Int64) -> Self {
        Self(
            .openingCredits, key: "credits:\(account):opening", of: account.uuid,
            [(.creditsIssued, -count), (.credits(account), count)])
    }
}
