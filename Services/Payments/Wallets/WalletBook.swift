import Postgres
import ServiceKit
import SharedModels

/// What the owners of wallets have, and owe.
///
/// Money that has left a wallet can be taken back by the client's bank, or be refunded in Stripe's dashboard. What the wallet
/// has not any more is a receivable of its owner then, and whatever comes to the owner covers that first: an earning, a share,
/// a refund that failed, a dispute that was won, a payout that the bank sent back. So an owner has something or owes
/// something, never both, and it does not matter what happens first.
///
/// A receivable in a currency of wallets changes while the wallet is locked, too.
struct WalletBook: Sendable {
    let cases: CaseStore
    let now: Timestamp
    let ledger = Ledger()

    /// Keeps others from changing what owners have and owe, and locks what the transaction posts to besides. Everything in
    /// the ledger's own order.
    func lock(
        _ owners: [AccountID], _ currency: Currency, beside others: [LedgerAccount], in tx: Transaction
    ) async throws {
        let own = owners.flatMap { [LedgerAccount.wallet($0, currency), .receivable($0, currency)] }
        try await ledger.lock(own + others, in: tx)
    }

    /// Posts what gives owners something, and covers with it what they owe.
    ///
    /// - Parameter others: What the transaction posts to afterwards.
    /// - Returns: What was posted; `nil` when it was posted before.
    @discardableResult
    func post(
        _ posting: Posting, to owners: [AccountID], _ currency: Currency, because cause: Posting.Cause = .request(),
        beside others: [LedgerAccount] = [], in tx: Transaction
    ) async throws -> LedgerTransactionID? {
        try await lock(owners, currency, beside: posting.entries.map(\.account) + others, in: tx)
        let posted = try await ledger.post(posting, because: cause, at: now, in: tx)
        guard posted != nil else { return nil }
        for owner in owners { try await settle(owner, currency, after: posting, because: cause, in: tx) }
        return posted
    }

    /// Posts movements of a wallet that come from elsewhere, each at its own time, and covers with what is left of them what
    /// the owner owes here.
    func bring(
        _ postings: [(Posting, at: Timestamp)], to owner: AccountID, _ currency: Currency, in tx: Transaction
    ) async throws {
        guard let last = postings.last?.0 else { return }
        try await lock([owner], currency, beside: postings.flatMap { $0.0.entries.map(\.account) }, in: tx)
        for (posting, moment) in postings { try await ledger.post(posting, at: moment, in: tx) }
        try await settle(owner, currency, after: last, because: .request(), in: tx)
    }

    /// The accounts that lose what is taken from an owner. They are locked.
    func taking(
        _ amount: Int64, from owner: AccountID, _ currency: Currency, in tx: Transaction
    ) async throws -> [(LedgerAccount, Int64)] {
        guard amount > 0 else { return [] }
        let wallet = LedgerAccount.wallet(owner, currency)
        let given = try await min(amount, ledger.balance(of: wallet, in: tx))
        return [(wallet, -given), (.receivable(owner, currency), given - amount)]
    }

    /// What an owner has and does not owe. The accounts are locked.
    func free(of owner: AccountID, _ currency: Currency, in tx: Transaction) async throws -> Int64 {
        let owed = try await ledger.balance(of: .receivable(owner, currency), in: tx)
        return try await max(0, ledger.balance(of: .wallet(owner, currency), in: tx) + min(0, owed))
    }

    /// What was taken from an owner was not there: somebody should ask for it.
    func report(
        _ entries: [(LedgerAccount, Int64)], of owners: [AccountID], _ checkout: Checkout, in tx: Transaction
    ) async throws {
        for owner in owners {
            let receivable = LedgerAccount.receivable(owner, checkout.currency)
            guard entries.contains(where: { $0.0 == receivable && $0.1 < 0 }) else { continue }
            let owed = try await -ledger.balance(of: receivable, in: tx)
            guard owed > 0 else { continue }
            try await cases.settle(.owedByWallet, receivable.id, "It is another amount by now.", at: now, in: tx)
            try await cases.open(
                .owedByWallet, receivable.id, of: checkout, account: owner,
                Money(minorUnits: owed, currency: checkout.currency),
                believed: "the wallet's owner has what contracts brought, or was paid it",
                reported: "\(owed) more went back to clients than the wallet had left", at: now, in: tx)
        }
    }

    /// The platform gives up what an owner owes: it is the platform's loss, once for each case.
    ///
    /// - Parameter known: The case about it.
    /// - Returns: Whether it was given up, now or before.
    /// - Throws: ``CaseError/closed`` when another case took its place, or what came has covered it.
    func writeOff(_ known: EscrowCase, by admin: AccountID, in tx: Transaction) async throws -> Bool {
        guard let owner = known.accountID, let currency = known.amount?.currency else { return false }
        try await lock([owner], currency, beside: [.loss(currency)], in: tx)
        guard try await cases.find(known.id, in: tx)?.closedAt == nil else { throw CaseError.closed }
        let owed = try await -ledger.balance(of: .receivable(owner, currency), in: tx)
        let key = "written_off:\(known.id)"
        guard owed > 0 else { return try await ledger.transaction(key, in: tx) != nil }
        try await ledger.post(
            .writingOff(owner, owed, currency, key: key), because: .request(by: admin), at: now, in: tx)
        return true
    }

    /// What was given up and comes back after all is the platform's, which had lost it. Only what undoes a withdrawal gives
    /// back, and that has locked the loss.
    ///
    /// - Parameter amount: What came back beyond what the owner owes.
    /// - Returns: How much of it was the platform's.
    private func restore(
        _ amount: Int64, of owner: AccountID, _ currency: Currency, after posting: Posting,
        because cause: Posting.Cause, in tx: Transaction
    ) async throws -> Int64 {
        let part = try await min(
            amount, ledger.sum(of: .writtenOff, in: .receivable(owner, currency), in: tx))
        guard part > 0 else { return 0 }
        try await ledger.post(
            .writingOff(owner, -part, currency, key: "restored:\(owner):\(posting.key)"), because: cause, at: now,
            in: tx)
        return part
    }

    /// Moves what an owner has to what the same owner owes, as far as there is both. The case about it says what is left.
    private func settle(
        _ owner: AccountID, _ currency: Currency, after posting: Posting, because cause: Posting.Cause,
        in tx: Transaction
    ) async throws {
        let receivable = LedgerAccount.receivable(owner, currency)
        var owed = try await -ledger.balance(of: receivable, in: tx)
        if owed < 0 {
            owed += try await restore(-owed, of: owner, currency, after: posting, because: cause, in: tx)
        }
        let balance = try await ledger.balance(of: .wallet(owner, currency), in: tx)
        // Less than nothing is owed when what covered a debt came back in another way: it is the owner's.
        let part = min(owed, balance)
        if part != 0 {
            try await ledger.post(
                .settling(owner, part, currency, after: posting), because: cause, at: now, in: tx)
        }
        guard part != 0 || posting.entries.contains(where: { $0.account == receivable }) else { return }
        if owed > part {
            let left = Money(minorUnits: owed - part, currency: currency)
            try await cases.amend(.owedByWallet, receivable.id, to: left, in: tx)
        } else {
            try await cases.settle(.owedByWallet, receivable.id, "What came since has covered it.", at: now, in: tx)
        }
    }
}

extension Posting {
    /// What came to a wallet covers what its owner owes. It is about the owner: whose contract brought it does not learn
    /// of the debt.
    ///
    /// - Parameter amount: Negative when the owner owed less than nothing.
    fileprivate static func settling(
        _ owner: AccountID, _ amount: Int64, _ currency: Currency, after posting: Posting
    ) -> Self {
        Self(
            .debtCovered, key: "settled:\(owner):\(posting.key)", of: owner.uuid,
            [(.wallet(owner, currency), -amount), (.receivable(owner, currency), amount)])
    }

    /// - Parameter amount: What the platform loses; negative for what is not lost after all.
    fileprivate static func writingOff(
        _ owner: AccountID, _ amount: Int64, _ currency: Currency, key: String
    ) -> Self {
        Self(
            .writtenOff, key: key, of: owner.uuid,
            [(.loss(currency), -amount), (.receivable(owner, currency), amount)])
    }
}
