import SharedModels

/// How withdrawals end, of either flow.
extension Posting {
    /// A refund that was on its way has arrived.
    static func arrival(_ withdrawal: Withdrawal) -> Self {
        let currency = withdrawal.amount.currency
        return Self(
            .refundArrived, key: withdrawal.posting + ":arrived", of: withdrawal.subject.uuid,
            [
                (.refunding(withdrawal.subject, currency), -withdrawal.amount.minorUnits),
                (.provider(currency), withdrawal.amount.minorUnits),
            ])
    }

    /// A refund failed, or a dispute was won.
    ///
    /// - Parameter entries: What was posted for it.
    static func undoing(_ withdrawal: Withdrawal, _ entries: [Entry]) -> Self {
        var sums: [LedgerAccount: Int64] = [:]
        for entry in entries { sums[entry.account, default: 0] -= entry.amount }
        return Self(
            withdrawal.kind == .refund ? .refundFailed : .disputeWon, key: withdrawal.posting + ":undone",
            of: withdrawal.subject.uuid, sums.map { ($0.key, $0.value) })
    }
}
