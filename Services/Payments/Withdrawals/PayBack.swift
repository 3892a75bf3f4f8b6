import Postgres
import ServiceKit
import SharedModels

/// A refund of what an earlier one failed to bring to the client, made because an admin said so. Its money is in escrow, and
/// no deal holds it: the milestone was released since, or paid for again.
struct PayBack: Sendable {
    let cases: CaseStore
    let ledger = Ledger()
    let withdrawals = WithdrawalStore()

    private static let end = ":pay_back"

    /// What the first refund for a case stores at Stripe, by which it is known again.
    static func key(of id: EscrowCaseID) -> String { "case:\(id)\(end)" }

    /// The same of the one that takes the place of `failed`.
    static func key(of id: EscrowCaseID, after failed: StripeRefund) -> String { "\(key(of: id)):\(failed.id)" }

    /// The case for which a refund was made that stores `key`.
    static func caseID(in key: String) -> EscrowCaseID? {
        let parts = key.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 3, let id = EscrowCaseID(String(parts[1])) else { return nil }
        return key == Self.key(of: id) || key.hasPrefix(Self.key(of: id) + ":") ? id : nil
    }

    /// How it stands with what a refund failed to bring to the client.
    enum Standing: Equatable, Sendable {
        /// This much of it is in escrow, and no deal has it.
        case owed(Money)
        /// Another refund for the same case brings it.
        case paidBack
        /// A deal has gone on with it, or it left in another way.
        case gone
    }

    /// - Parameters:
    ///   - id: The case about `failed`.
    ///   - unclaimed: What ``EscrowedMoney`` says of its payment.
    func standing(
        of failed: Withdrawal, _ id: EscrowCaseID, unclaimed: Int64, in tx: Transaction
    ) async throws -> Standing {
        let others = try await others(of: failed, id, in: tx)
        if others.contains(where: { $0.state != .undone }) { return .paidBack }
        let owed = try await min(owed(of: failed, others, in: tx), unclaimed)
        return owed > 0 ? .owed(Money(minorUnits: owed, currency: failed.amount.currency)) : .gone
    }

    /// The refunds of a payment that failed and what of each is owed to the payer, newest first, whatever was refunded for
    /// cases about them.
    func owed(of payment: String, unclaimed: Int64, in tx: Transaction) async throws -> [(Withdrawal, Int64)] {
        guard unclaimed > 0 else { return [] }
        let all = try await withdrawals.find(of: payment, in: tx)
        var refunds: [String: [Withdrawal]] = [:]
        for refund in all {
            guard let id = refund.paysBack, let known = try await cases.find(id, in: tx) else { continue }
            refunds[known.subject, default: []].append(refund)
        }
        var (left, found) = (unclaimed, [(Withdrawal, Int64)]())
        for failed in all.reversed() where failed.kind == .refund && failed.state == .undone {
            let part = try await min(owed(of: failed, refunds[failed.id] ?? [], in: tx), left)
            guard part > 0 else { continue }
            left -= part
            found.append((failed, part))
        }
        return found
    }

    /// Books a refund of this kind, once, whichever process sees it first. It takes what undoing the failed refund put into
    /// escrow, and never the money of a deal: anything more is a loss. Its subject's row is locked.
    ///
    /// - Parameter unclaimed: What ``EscrowedMoney`` says of the payment.
    /// - Returns: Whether it is one.
    func take(
        _ refund: StripeRefund, of subject: MoneySubject, _ payment: String, _ currency: Currency, unclaimed: Int64,
        at now: Timestamp, in tx: Transaction
    ) async throws -> Bool {
        guard let key = refund.action, let id = Self.caseID(in: key),
            let known = try await cases.find(id, in: tx),
            let failed = try await withdrawals.find(known.subject, in: tx), failed.paymentIntentID == payment
        else { return false }
        guard try await withdrawals.find(refund.id, in: tx) == nil else { return true }
        let withdrawal = Withdrawal(refund, of: subject, payment, currency, by: key)
        let amount = withdrawal.amount.minorUnits
        let part = min(amount, try await owed(of: failed, others(of: failed, id, in: tx), in: tx), unclaimed)
        guard part > 0 else { return false }
        try await withdrawals.insert(withdrawal, at: now, in: tx)
        try await ledger.post(
            Posting(
                .refund, key: withdrawal.posting, of: subject.uuid,
                [
                    (.escrow(subject, currency), -part), (.loss(currency), part - amount),
                    (withdrawal.leavesLater ? .refunding(subject, currency) : .provider(currency), amount),
                ]),
            because: .init(action: key, requestID: RequestTrace.current?.requestID, admin: known.resolver), at: now,
            in: tx)
        return true
    }

    /// A refund failed. If it was of this kind, the case that is looked at is from now on its own.
    func settleCase(behind withdrawal: Withdrawal, at now: Timestamp, in tx: Transaction) async throws {
        guard let id = withdrawal.paysBack, let known = try await cases.find(id, in: tx) else { return }
        try await cases.settle(
            known.kind, known.subject, "\(withdrawal.id) was made for it, and failed, too.", at: now, in: tx)
    }

    /// What undoing a refund put into escrow, without what others for its case have taken since.
    private func owed(of failed: Withdrawal, _ others: [Withdrawal], in tx: Transaction) async throws -> Int64 {
        let keys = [failed.undoing] + others.flatMap { $0.postings + [$0.undoing] }
        return try await ledger.sum(under: keys, in: .escrow(failed.subject, failed.amount.currency), in: tx)
    }

    /// What was refunded for a case before.
    private func others(of failed: Withdrawal, _ id: EscrowCaseID, in tx: Transaction) async throws -> [Withdrawal] {
        try await withdrawals.find(of: failed.paymentIntentID, in: tx).filter { $0.paysBack == id }
    }
}

extension Withdrawal {
    /// The case for which it was made; `nil` for any other withdrawal.
    var paysBack: EscrowCaseID? { PayBack.caseID(in: posting) }
}
