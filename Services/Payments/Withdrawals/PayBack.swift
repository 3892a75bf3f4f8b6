import Postgres
import ServiceKit
import SharedModels

/// A refund of what an earlier one failed to bring to the client, made because an admin said so. Its money is in escrow, and
/// no deal holds it: the milestone was released since, or paid for again.
struct PayBack: Sendable {
    let ledger = Ledger()
    let withdrawals = WithdrawalStore()

    /// What it stores at Stripe, by which it is known again.
    static func key(of id: EscrowCaseID) -> String { "case:\(id):pay_back" }

    /// Books a refund of this kind, once, whoever sees it first. The row of its subject is locked.
    ///
    /// - Returns: Whether it is one.
    func take(
        _ refund: StripeRefund, of subject: MoneySubject, _ payment: String, _ currency: Currency, at now: Timestamp,
        in tx: Transaction
    ) async throws -> Bool {
        guard let key = refund.action, key.hasPrefix("case:") else { return false }
        guard try await withdrawals.find(refund.id, in: tx) == nil else { return true }
        let withdrawal = Withdrawal(refund, of: subject, payment, currency, by: key)
        let (source, amount) = (LedgerAccount.escrow(subject, currency), withdrawal.amount.minorUnits)
        let part = min(amount, try await ledger.balance(of: source, in: tx))
        try await withdrawals.insert(withdrawal, at: now, in: tx)
        try await ledger.post(
            Posting(
                .refund, key: withdrawal.posting, of: subject.uuid,
                [
                    (source, -part), (.loss(currency), part - amount),
                    (withdrawal.leavesLater ? .refunding(subject, currency) : .provider(currency), amount),
                ]),
            because: .init(action: key, requestID: RequestTrace.current?.requestID), at: now, in: tx)
        return true
    }
}
