import Postgres
import ServiceKit
import SharedModels

/// Credits: what accounts spend on matches and introductions.
struct CreditsWorkflow: Sendable {
    /// The credits that every account starts with.
    static let opening: Int64 = 10

    let database: Database
    let clock: any DomainClock
    let peers: any PaymentsPeers
    let ledger = Ledger()

    /// An account's credits. An account without postings, because its event has not arrived yet, already has its first
    /// credits.
    func balance(of id: AccountID) async throws -> Int64 {
        if let balance = try await ledger.balanceIfOpen(of: .credits(id), in: database) { return balance }
        return try await peers.isReturning(id) == true ? 0 : Self.opening
    }

    /// Gives an account credits, once for each reference.
    ///
    /// - Throws: ``CreditsError/accountNotFound(_:)``, ``CreditsError/otherAmount(_:)``.
    func grant(_ grant: CreditGrant, by admin: AccountID) async throws -> CreditMove {
        let id = grant.userID
        guard let isReturning = try await peers.isReturning(id) else { throw CreditsError.accountNotFound(id) }
        let once = grant.referenceID.map { "reference:\($0)" }
        let posting = Posting.grantedCredits(
            id, grant.amount, key: once ?? "unnamed:\(LedgerTransactionID.make(at: clock.now))")
        let cause = Posting.Cause.request(by: admin)
        return try await database.transaction { tx in
            try await open(id, isReturning: isReturning, in: tx)
            var given = try await ledger.post(posting, because: cause, at: clock.now, in: tx)
            if given == nil { given = try await known(posting, grant.amount, of: id, in: tx) }
            guard let given else { throw PostgresError.noRow }
            return CreditMove(transactionID: given, balance: try await ledger.balance(of: .credits(id), in: tx))
        }
    }

    /// Spends credits, once for each reference and reason.
    ///
    /// - Throws: ``CreditsError/notEnough(balance:)``, ``CreditsError/otherAmount(_:)``.
    func deduct(_ deduction: CreditDeduction, from id: AccountID) async throws -> CreditMove {
        let once = deduction.referenceID.map { "\(deduction.reason.rawValue):\($0)" }
        let posting = Posting.spentCredits(
            id, deduction.amount, key: once ?? "unnamed:\(LedgerTransactionID.make(at: clock.now))")
        let isOpen = try await ledger.balanceIfOpen(of: .credits(id), in: database) != nil
        let isReturning = try await isOpen ? false : peers.isReturning(id) ?? false
        return try await database.transaction { tx in
            if !isOpen { try await open(id, isReturning: isReturning, in: tx) }
            // Locked before it is looked at, so that two deductions cannot both find it enough.
            let balance = try await ledger.lockBalance(of: .credits(id), in: tx)
            if let spent = try await known(posting, -deduction.amount, of: id, in: tx) {
                return CreditMove(transactionID: spent, balance: balance)
            }
            guard balance >= deduction.amount else { throw CreditsError.notEnough(balance: balance) }
            guard let spent = try await ledger.post(posting, at: clock.now, in: tx) else { throw PostgresError.noRow }
            return CreditMove(transactionID: spent, balance: balance - deduction.amount)
        }
    }

    /// The transaction that was posted under the same reference before.
    ///
    /// - Throws: ``CreditsError/otherAmount(_:)`` when it was for another amount.
    private func known(
        _ posting: Posting, _ amount: Int64, of id: AccountID, in tx: Transaction
    ) async throws -> LedgerTransactionID? {
        guard let known = try await ledger.transaction(posting.key, in: tx) else { return nil }
        let posted = try await ledger.amount(of: known, in: .credits(id), in: tx)
        guard posted == amount else { throw CreditsError.otherAmount(abs(posted)) }
        return known
    }

    /// Gives a new account its first credits, once. An owner who had an account before does not get them again.
    func open(_ id: AccountID, isReturning: Bool, in tx: Transaction) async throws {
        guard try await ledger.balanceIfOpen(of: .credits(id), in: tx) == nil else { return }
        if isReturning {
            try await ledger.open(.credits(id), in: tx)
        } else {
            try await ledger.post(.openingCredits(id, Self.opening), at: clock.now, in: tx)
        }
    }
}

/// Credits that came or went, and what an account has since.
struct CreditMove: Sendable, Equatable {
    let transactionID: LedgerTransactionID
    let balance: Int64
}
