import Postgres
import ServiceKit
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Why something was posted.
enum PostingKind: String, PostgresValue, CaseIterable {
    case capture, release, transfer, refund, dispute, arbitration
    case refundArrived = "refund_arrived"
    case refundFailed = "refund_failed"
    case disputeWon = "dispute_won"
    case transferReversed = "transfer_reversed"
    /// A canceled contract's money was divided between wallets.
    case division
    case arbitrationPaid = "arbitration_paid"
    /// What Stripe kept for itself.
    case stripeFee = "stripe_fee"
    case openingCredits = "opening_credits"
    case creditsSpent = "credits_spent"
    case creditsGranted = "credits_granted"
    /// Money of another Skillhouse was taken over.
    case opening
    /// The same, of a movement of a wallet that a contract's payment brought.
    case openingEarning = "opening_earning"
    /// A wallet was paid out from the platform's own bank.
    case walletPaid = "wallet_paid"
    /// What was paid out so came back.
    case walletPaymentReturned = "wallet_payment_returned"
    /// What came to somebody covered what the same account owes.
    case debtCovered = "debt_covered"
    /// The platform gave up what somebody owes, or what was given up came back.
    case writtenOff = "written_off"
    /// What an upgrade moved to where it belongs.
    case correction
}

/// One balanced movement between accounts, posted once under its key.
struct Posting: Sendable {
    struct Entry: Sendable, Equatable {
        let account: LedgerAccount
        /// Positive: the account gains. Never 0.
        let amount: Int64
    }

    /// What made us post.
    struct Cause: Sendable, Equatable {
        /// The key of the action at the provider; `nil` when there was none.
        let action: String?
        /// The request that began it; `nil` when nobody asked.
        let requestID: String?
        /// The admin who asked for it, or noted what was done outside of the books; `nil` for all else.
        var admin: AccountID?

        /// The request that is being served.
        static func request(by admin: AccountID? = nil) -> Self {
            Self(action: nil, requestID: RequestTrace.current?.requestID, admin: admin)
        }
    }

    let key: String
    let kind: PostingKind
    /// The milestone, the dispute or the account that it is about.
    let subject: UUID
    let entries: [Entry]

    /// - Parameter entries: At most one for each account. An entry of 0 moves nothing and is left out.
    init(_ kind: PostingKind, key: String, of subject: UUID, _ entries: [(LedgerAccount, Int64)]) {
        self.key = key
        self.kind = kind
        self.subject = subject
        self.entries = entries.filter { $0.1 != 0 }.map { Entry(account: $0.0, amount: $0.1) }
    }
}

extension Posting {
    static func captureKey(of payment: String) -> String { "payment:\(payment):capture" }

    static func releaseKey(of milestone: MilestoneID) -> String { "milestone:\(milestone):release" }

    /// The client's money came in and waits for the release.
    ///
    /// - Parameter payment: Identifies the payment, because a milestone can be paid again after a refund.
    static func capture(_ milestone: MilestoneID, _ payment: String, _ amount: Money) -> Self {
        Self(
            .capture, key: captureKey(of: payment), of: milestone.uuid,
            [
                (.provider(amount.currency), -amount.minorUnits),
                (.escrow(milestone, amount.currency), amount.minorUnits),
            ])
    }

    /// The escrow becomes the platform's fee and the worker's earning.
    static func release(
        _ milestone: MilestoneID, to worker: AccountID, _ split: FeeSplit
    ) -> Self {
        Self(
            .release, key: releaseKey(of: milestone), of: milestone.uuid,
            [
                (.escrow(milestone, split.fee.currency), -(split.fee + split.earning).minorUnits),
                (.revenue(split.fee.currency), split.fee.minorUnits),
                (.payable(worker, split.earning.currency), split.earning.minorUnits),
            ])
    }

    /// The worker's earning was sent to the worker's own account.
    ///
    /// - Parameter transfer: Stripe's id, because what was taken back can be paid out again.
    static func transfer(_ milestone: MilestoneID, to worker: AccountID, _ earning: Money, by transfer: String) -> Self
    {
        Self(
            .transfer, key: "transfer:\(transfer)", of: milestone.uuid,
            [
                (.payable(worker, earning.currency), -earning.minorUnits),
                (.provider(earning.currency), earning.minorUnits),
            ])
    }

    /// A transfer was taken back from the worker's own account.
    ///
    /// - Parameter reversal: Stripe's id, because a transfer can be taken back in parts.
    static func transferReversed(_ milestone: MilestoneID, from worker: AccountID, _ reversal: String, _ amount: Money)
        -> Self
    {
        Self(
            .transferReversed, key: "reversal:\(reversal)", of: milestone.uuid,
            [
                (.provider(amount.currency), -amount.minorUnits),
                (.receivable(worker, amount.currency), amount.minorUnits),
            ])
    }

    /// What was taken back from a worker is owed to them again, and paid out again.
    static func repaid(_ milestone: MilestoneID, to worker: AccountID, for dispute: String, _ amount: Money) -> Self {
        Self(
            .disputeWon, key: "dispute:\(dispute):repaid", of: milestone.uuid,
            [
                (.receivable(worker, amount.currency), -amount.minorUnits),
                (.payable(worker, amount.currency), amount.minorUnits),
            ])
    }

    /// What the losing party of a dispute owes for its arbitration.
    static func arbitration(_ dispute: DisputeID, _ payer: AccountID, _ fee: Money) -> Self {
        Self(
            .arbitration, key: "dispute:\(dispute):fee", of: dispute.uuid,
            [(.owed(payer, fee.currency), -fee.minorUnits), (.accrued(fee.currency), fee.minorUnits)])
    }

    /// An arbitration fee was paid. Only now it is revenue.
    static func arbitrationPaid(_ dispute: DisputeID, _ payer: AccountID, _ fee: Money) -> Self {
        Self(
            .arbitrationPaid, key: "dispute:\(dispute):paid", of: dispute.uuid,
            [
                (.provider(fee.currency), -fee.minorUnits), (.owed(payer, fee.currency), fee.minorUnits),
                (.accrued(fee.currency), -fee.minorUnits), (.revenue(fee.currency), fee.minorUnits),
            ])
    }

    /// What Stripe kept of a movement of our balance. It is about no deal: parties do not pay it.
    ///
    /// - Parameter transaction: Stripe's id of the balance transaction.
    static func stripeFee(_ transaction: String, _ kept: Money, at now: Timestamp) -> Self {
        Self(
            .stripeFee, key: "stripe_fee:\(transaction)", of: LedgerTransactionID.make(at: now).uuid,
            [(.stripeFees(kept.currency), -kept.minorUnits), (.provider(kept.currency), kept.minorUnits)])
    }

    /// The credits that every account starts with.
    static func openingCredits(_ account: AccountID, _ count: Int64) -> Self {
        Self(
            .openingCredits, key: "credits:\(account):opening", of: account.uuid,
            [(.creditsIssued, -count), (.credits(account), count)])
    }

    /// Credits that an admin gave an account.
    ///
    /// - Parameter key: Tells this grant from others to the account.
    static func grantedCredits(_ account: AccountID, _ count: Int64, key: String) -> Self {
        Self(
            .creditsGranted, key: "credits:\(account):granted:\(key)", of: account.uuid,
            [(.creditsIssued, -count), (.credits(account), count)])
    }

    /// Credits that an account spent.
    ///
    /// - Parameter key: Tells this spending from others of the account.
    static func spentCredits(_ account: AccountID, _ count: Int64, key: String) -> Self {
        Self(
            .creditsSpent, key: "credits:\(account):\(key)", of: account.uuid,
            [(.credits(account), -count), (.creditsSpent, count)])
    }
}
