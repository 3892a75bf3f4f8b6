import SharedModels

@testable import PaymentsService

/// Postings in the form in which tests of the ledger need them.
extension Posting {
    /// Money of an escrow goes back to the client.
    static func refund(_ milestone: MilestoneID, by key: String, _ amount: Money) -> Self {
        Self(
            .refund, key: key, of: milestone.uuid,
            [
                (.escrow(milestone, amount.currency), -amount.minorUnits),
                (.provider(amount.currency), amount.minorUnits),
            ])
    }

    /// The only transfer of a milestone.
    static func transfer(_ milestone: MilestoneID, to worker: AccountID, _ earning: Money) -> Self {
        .transfer(milestone, to: worker, earning, by: "tr_\(milestone)")
    }
}
