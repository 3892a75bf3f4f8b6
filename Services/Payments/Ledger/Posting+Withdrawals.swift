import Postgres
import SharedModels

extension Ledger {
    /// Posts that the money of a refund which was on its way has left, once, and only if it was booked so.
    func postArrival(of withdrawal: Withdrawal, at now: Timestamp, in tx: Transaction) async throws {
        let waiting = LedgerAccount.refunding(withdrawal.subject, withdrawal.amount.currency)
        guard try await entries(under: withdrawal.posting, in: tx).contains(where: { $0.account == waiting }) else {
            return
        }
        try await post(.arrival(withdrawal), at: now, in: tx)
    }
}

/// How withdrawals end, of either flow.
extension Posting {
    /// A refund that was on its way has left Stripe.
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
            withdrawal.kind == .refund ? .refundFailed : .disputeWon, key: withdrawal.undoing,
            of: withdrawal.subject.uuid, sums.map { ($0.key, $0.value) })
    }
}
