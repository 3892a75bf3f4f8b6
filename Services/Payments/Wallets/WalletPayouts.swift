import Postgres
import ServiceKit
import SharedModels

/// Money that leaves wallets. The operator pays it from the platform's own bank and notes it here, and whatever comes back:
/// Stripe has no part in it.
extension WalletWorkflow {
    /// Notes a payout, or its return, once for each reference, and tells the wallet's owner.
    ///
    /// What came back covers first what the owner owes since the payout left.
    ///
    /// - Parameter admin: Who notes it.
    /// - Returns: What the wallet has since.
    /// - Throws: ``WalletError``.
    func note(_ payout: WalletPayoutInput, of owner: AccountID, by admin: AccountID) async throws -> Rupees {
        let wallet = LedgerAccount.wallet(owner, .inr)
        // A blank that was copied along makes no other payout of it.
        let reference = payout.reference.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let note = PayoutNote(owner: owner, amount: payout.amount.paise, reference: reference, admin: admin)
        return try await database.transaction { tx in
            guard try await ledger.balanceIfOpen(of: wallet, in: tx) != nil else {
                throw payout.cameBack == true ? WalletError.neverPaidOut : .notEnough(Rupees(paise: 0))
            }
            // Locked before it is looked at, so that two payouts cannot both find it enough.
            try await book.lock([owner], .inr, beside: [.paidOut(.inr)], in: tx)
            let balance = try await book.free(of: owner, .inr, in: tx)
            let isPaid = try await isPosted(note.paid, note.amount, in: wallet, in: tx)
            let isReturned = try await isPosted(note.returned, note.amount, in: wallet, in: tx)
            switch (payout.cameBack == true, isPaid, isReturned) {
            case (false, true, false), (true, _, true): return Rupees(paise: balance)
            case (false, _, true): throw WalletError.cameBack
            case (true, false, _): throw WalletError.neverPaidOut
            case (false, false, _):
                guard note.amount <= balance else { throw WalletError.notEnough(Rupees(paise: balance)) }
                return try await post(note.paid, as: .paid, note, in: tx)
            case (true, true, false):
                return try await post(note.returned, as: .cameBack, note, in: tx)
            }
        }
    }

    private var book: WalletBook { WalletBook(cases: cases, now: clock.now) }

    /// The books show the reference, for comparing them with a bank's, and who noted it.
    private func post(
        _ posting: Posting, as change: WalletPayoutChange, _ note: PayoutNote, in tx: Transaction
    ) async throws -> Rupees {
        let cause = Posting.Cause(
            action: note.reference, requestID: RequestTrace.current?.requestID, admin: note.admin)
        guard let id = try await book.post(posting, to: [note.owner], .inr, because: cause, in: tx) else {
            throw PostgresError.noRow
        }
        let balance = try await book.free(of: note.owner, .inr, in: tx)
        let now = clock.now
        try await cases.outbox.append(
            Announcement(
                WalletPaidOut.self, of: id, sequence: 1, to: [note.owner],
                WalletPayoutNews(
                    userID: note.owner, change: change, amountCents: note.amount, currency: .inr,
                    balanceCents: balance, reference: note.reference, at: now),
                at: now),
            in: tx)
        return Rupees(paise: balance)
    }

    /// - Throws: ``WalletError/otherAmount(_:)`` when it was posted for another amount.
    private func isPosted(
        _ posting: Posting, _ amount: Int64, in wallet: LedgerAccount, in tx: Transaction
    ) async throws -> Bool {
        guard let known = try await ledger.transaction(posting.key, in: tx) else { return false }
        let posted = try await abs(ledger.amount(of: known, in: wallet, in: tx))
        guard posted == amount else { throw WalletError.otherAmount(Rupees(paise: posted)) }
        return true
    }
}

/// A payout of a wallet as an admin notes it.
private struct PayoutNote: Sendable {
    let owner: AccountID
    /// In paise.
    let amount: Int64
    /// The bank's, or whatever else tells this payout from others.
    let reference: String
    let admin: AccountID

    private var key: String { "wallet:\(owner):payout:\(reference)" }

    var paid: Posting {
        Posting(
            .walletPaid, key: "paid:" + key, of: owner.uuid,
            [(.wallet(owner, .inr), -amount), (.paidOut(.inr), amount)])
    }

    var returned: Posting {
        Posting(
            .walletPaymentReturned, key: "returned:" + key, of: owner.uuid,
            [(.wallet(owner, .inr), amount), (.paidOut(.inr), -amount)])
    }
}
