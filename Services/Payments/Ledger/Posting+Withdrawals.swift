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

    /// Money leaves.
    ///
    /// - Parameter entries: An account may have several.
    static func taking(_ withdrawal: Withdrawal, _ entries: [(LedgerAccount, Int64)]) -> Self {
        Self(
            withdrawal.kind == .refund ? .refund : .dispute, key: withdrawal.posting, of: withdrawal.subject.uuid,
            entries.summed.map { ($0.key, $0.value) })
    }

    /// A part of what left beyond the deal's money was covered by what came back; `withdrawal` counts it already.
    static func rebooking(_ withdrawal: Withdrawal, _ entries: [(LedgerAccount, Int64)]) -> Self {
        Self(
            withdrawal.kind == .refund ? .refund : .dispute, key: withdrawal.postings.last ?? withdrawal.posting,
            of: withdrawal.subject.uuid, entries.summed.map { ($0.key, $0.value) })
    }

    /// A refund failed, or a dispute was won.
    ///
    /// - Parameter sums: Where it comes back to.
    static func undoing(_ withdrawal: Withdrawal, _ sums: [LedgerAccount: Int64]) -> Self {
        Self(
            withdrawal.kind == .refund ? .refundFailed : .disputeWon, key: withdrawal.undoing,
            of: withdrawal.subject.uuid, sums.map { ($0.key, $0.value) })
    }
}

extension [(LedgerAccount, Int64)] {
    /// What each account gets or loses, together.
    var summed: [LedgerAccount: Int64] {
        reduce(into: [:]) { sums, entry in sums[entry.0, default: 0] += entry.1 }
    }
}

extension Ledger {
    /// What was posted for a withdrawal, without its end.
    func entries(of withdrawal: Withdrawal, in executor: some SQLExecutor) async throws -> [Posting.Entry] {
        var entries: [Posting.Entry] = []
        for key in withdrawal.postings + [withdrawal.posting + ":arrived"] {
            entries += try await self.entries(under: key, in: executor)
        }
        return entries
    }
}
