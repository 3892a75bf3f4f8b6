import Postgres
import ServiceKit
import SharedModels

/// Money that leaves wallets. The operator pays it from the platform's own bank and notes it here, and whatever comes back:
/// Stripe has no part in it.
extension WalletWorkflow {
    /// Notes a payout, or its return, once for each reference.
    ///
    /// - Returns: What the wallet has since.
    /// - Throws: ``WalletError``.
    func note(_ payout: WalletPayoutInput, of owner: AccountID) async throws -> Rupees {
        let wallet = LedgerAccount.wallet(owner, .inr)
        // A blank that was copied along makes no other payout of it.
        let reference = payout.reference.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return try await database.transaction { tx in
            guard try await ledger.balanceIfOpen(of: wallet, in: tx) != nil else {
                throw payout.cameBack == true ? WalletError.neverPaidOut : .notEnough(Rupees(paise: 0))
            }
            // Locked before it is looked at, so that two payouts cannot both find it enough.
            let balance = try await ledger.lockBalance(of: wallet, in: tx)
            let amount = payout.amount.paise
            let (paid, returned) = (
                Posting.walletPaid(owner, amount, reference),
                Posting.walletPaymentReturned(owner, amount, reference)
            )
            let isPaid = try await isPosted(paid, amount, in: wallet, in: tx)
            let isReturned = try await isPosted(returned, amount, in: wallet, in: tx)
            switch (payout.cameBack == true, isPaid, isReturned) {
            case (false, true, false), (true, _, true): return Rupees(paise: balance)
            case (false, _, true): throw WalletError.cameBack
            case (true, false, _): throw WalletError.neverPaidOut
            case (false, false, _):
                guard amount <= balance else { throw WalletError.notEnough(Rupees(paise: balance)) }
                try await post(paid, reference, in: tx)
                return Rupees(paise: balance - amount)
            case (true, true, false):
                try await post(returned, reference, in: tx)
                return Rupees(paise: balance + amount)
            }
        }
    }

    /// The books show the reference to whoever compares them with a bank's.
    private func post(_ posting: Posting, _ reference: String, in tx: Transaction) async throws {
        let cause = Posting.Cause(action: reference, requestID: RequestTrace.current?.requestID)
        try await ledger.post(posting, because: cause, at: clock.now, in: tx)
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

extension Posting {
    private static func walletPayoutKey(of owner: AccountID, _ reference: String) -> String {
        "wallet:\(owner):payout:\(reference)"
    }

    /// - Parameter reference: The bank's, or whatever else tells this payout from others.
    static func walletPaid(_ owner: AccountID, _ paise: Int64, _ reference: String) -> Self {
        Self(
            .walletPaid, key: "paid:" + walletPayoutKey(of: owner, reference), of: owner.uuid,
            [(.wallet(owner, .inr), -paise), (.paidOut(.inr), paise)])
    }

    static func walletPaymentReturned(_ owner: AccountID, _ paise: Int64, _ reference: String) -> Self {
        Self(
            .walletPaymentReturned, key: "returned:" + walletPayoutKey(of: owner, reference), of: owner.uuid,
            [(.wallet(owner, .inr), paise), (.paidOut(.inr), -paise)])
    }
}
