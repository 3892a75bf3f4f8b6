import Postgres
import ServiceKit
import SharedModels

/// Brings in the payments and wallets of another Skillhouse. All money that comes so is posted from the account `opening`,
/// or from what is at Stripe when that Stripe account goes on being used. Nobody hears of it.
struct MoneyImportWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let cases: CaseStore
    let checkouts = CheckoutStore()
    let ledger = Ledger()

    func bring(_ escrows: [ImportedEscrow], isRehearsal: Bool = false) async throws -> [ImportOutcome] {
        try await database.bring(escrows, isRehearsal: isRehearsal) { try await bring($0, in: $1) }
    }

    private func bring(_ escrow: ImportedEscrow, in tx: Transaction) async throws -> ImportOutcome {
        if try await checkouts.find(escrow.id, in: tx) != nil { return .present }
        if let division = escrow.division {
            guard division.fee + division.client + division.freelancer == escrow.paid else {
                return .refused("platformFee", "and the shares are not what was paid")
            }
        }
        guard try await checkouts.insertIfAbsent(whole: Checkout(escrow), in: tx) else {
            return .refused("contractId", "is a contract that has another payment here")
        }
        if let posting = Posting.opening(escrow) {
            try await ledger.post(posting, at: escrow.division?.at ?? escrow.fundedAt, in: tx)
        }
        return .imported
    }

    func bring(_ wallets: [ImportedWallet], isRehearsal: Bool = false) async throws -> [ImportOutcome] {
        try await database.bring(wallets, isRehearsal: isRehearsal) { try await bring($0, in: $1) }
    }

    /// A wallet comes as a whole or not at all.
    private func bring(_ wallet: ImportedWallet, in tx: Transaction) async throws -> ImportOutcome {
        if try await ledger.transaction(Posting.firstKey(ofWalletOf: wallet.ownerID), in: tx) != nil { return .present }
        var balance: Int64 = 0
        for movement in wallet.movements {
            let (sum, isTooLarge) = balance.addingReportingOverflow(movement.amount)
            guard movement.amount != 0, !isTooLarge, sum >= 0 else {
                return .refused("transactions", "would overdraw the wallet")
            }
            balance = sum
        }
        let known = try await checkouts.find(wallet.movements.compactMap(\.checkoutID), in: tx)
        let ids = Set(known.map(\.id))
        let postings = wallet.movements.enumerated().map { index, movement in
            let checkout = movement.checkoutID.flatMap { ids.contains($0) ? $0 : nil }
            return (Posting.opening(movement, index, of: checkout, in: wallet), at: movement.at)
        }
        let owner = wallet.ownerID
        try await WalletBook(cases: cases, now: clock.now).bring(postings, to: owner, .inr, in: tx)
        return .imported
    }
}
