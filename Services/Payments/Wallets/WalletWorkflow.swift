import Logging
import Postgres
import ServiceKit
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Shows accounts their wallets.
struct WalletWorkflow: Sendable {
    /// How many movements a wallet shows by itself. The list has all.
    static let newest = 100

    let database: Database
    let clock: any DomainClock
    let peers: any PaymentsPeers
    let cases: CaseStore
    let logger: Logger
    let ledger = Ledger()
    let wallets = WalletStore()
    let checkouts = CheckoutStore()

    /// An account's wallet; an empty one while nothing came.
    ///
    /// - Throws: ``WalletError/notYours`` for everybody else.
    func wallet(of owner: AccountID, for caller: AccountID) async throws -> Wallet {
        guard owner == caller else { throw WalletError.notYours }
        let account = LedgerAccount.wallet(owner, .inr)
        let moves = try await movements(
            ledger.page(of: account.id, after: nil, limit: Self.newest, in: database).items)
        let opened = try await wallets.opened(account, in: database) ?? Timestamp(of: owner)
        return Wallet(
            owner: owner,
            balance: Money.inr(paise: try await ledger.balance(of: account, in: database)),
            moves: moves, createdAt: opened, updatedAt: moves.first?.entry.at ?? opened)
    }

    /// A page of a wallet's movements, newest first, and how many there are on all pages.
    ///
    /// - Throws: ``WalletError/notYours``.
    func movements(
        of wallet: WalletID, for caller: AccountID, after cursor: PageCursor?, skipping skip: Int, limit: Int
    ) async throws -> (Page<WalletMovement>, count: Int64) {
        guard wallet.uuid == caller.uuid else { throw WalletError.notYours }
        let account = LedgerAccount.wallet(caller, .inr)
        let page = try await ledger.page(
            of: account.id, after: cursor, skipping: skip, limit: limit, in: database)
        let moves = try await movements(page.items)
        let people = await peers.people(knownOf: moves.compactMap(\.checkout?.clientID), logger)
        let named = moves.map { move in
            var move = move
            move.client = move.checkout.flatMap { people[$0.clientID] }
            return move
        }
        let byID = Dictionary(uniqueKeysWithValues: named.map { ($0.entry.transactionID, $0) })
        return (page.compactMap { byID[$0.transactionID] }, try await wallets.count(of: account, in: database))
    }

    /// What contracts brought an account, oldest month first.
    ///
    /// - Throws: ``WalletError/notYours``.
    func months(of owner: AccountID, for caller: AccountID) async throws -> [WalletIncome] {
        guard owner == caller else { throw WalletError.notYours }
        return try await wallets.months(of: .wallet(owner, .inr), in: database)
    }

    /// What keeps an account from being deleted: money in its wallet would be nobody's, and nobody would owe what it owes.
    func blockers(of account: AccountID) async throws -> [DeletionBlocker] {
        let balance = try await ledger.balance(of: .wallet(account, .inr), in: database)
        let owed = try await -ledger.balance(of: .receivable(account, .inr), in: database)
        return (balance > 0 ? [DeletionBlocker(walletOf: balance)] : [])
            + (owed > 0 ? [DeletionBlocker(debtOf: owed)] : [])
    }

    private func movements(_ entries: [AccountEntry]) async throws -> [WalletMovement] {
        let known = try await checkouts.find(Array(Set(entries.map { CheckoutID($0.subject) })), in: database)
        let byID = Dictionary(uniqueKeysWithValues: known.map { ($0.id.uuid, $0) })
        return entries.map { WalletMovement(entry: $0, checkout: byID[$0.subject]) }
    }
}

extension Timestamp {
    /// When an id was made: its first 48 bits are milliseconds.
    fileprivate init<Kind>(of id: Identifier<Kind>) {
        let milliseconds = withUnsafeBytes(of: id.uuid.uuid) { bytes in
            bytes.prefix(6).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        }
        self.init(microseconds: min(milliseconds * 1000, Self.calendarRange.upperBound.microseconds))
    }
}
