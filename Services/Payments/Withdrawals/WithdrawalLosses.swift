import Postgres
import SharedModels

/// What withdrawals cost the platform beyond the money of their deals, and who covers it afterwards. Milestones and contracts
/// have it in common.
struct WithdrawalLosses: Sendable {
    let ledger: Ledger
    let cases: CaseStore
    let now: Timestamp
    let withdrawals = WithdrawalStore()

    /// Posts who covers a part of the loss. When nothing is left of it, its case is settled.
    func rebook(
        _ withdrawal: inout Withdrawal, _ entries: [(LedgerAccount, Int64)], in tx: Transaction
    ) async throws {
        withdrawal.rebookings += 1
        try await withdrawals.rebook(withdrawal, at: now, in: tx)
        let posting = Posting.rebooking(withdrawal, entries)
        // Nothing moves when no wallet has anything, or when what left beyond the deal's money was in escrow, too.
        if !posting.entries.isEmpty { try await ledger.post(posting, at: now, in: tx) }
        guard try await left(of: withdrawal, in: tx) == 0 else { return }
        try await cases.settle(
            .tooMuchWithdrawn, withdrawal.id, "What came back has covered it.", at: now, in: tx)
    }

    /// In minor units: what a withdrawal cost the platform, as far as it was not covered since.
    func left(of withdrawal: Withdrawal, in tx: Transaction) async throws -> Int64 {
        try await -ledger.sum(under: withdrawal.postings, in: .loss(withdrawal.amount.currency), in: tx)
    }
}
