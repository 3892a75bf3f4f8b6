import Postgres
import ServiceKit
import SharedModels

/// Shows the books.
struct LedgerWorkflow: Sendable {
    let database: Database
    let ledger = Ledger()
    let checkouts = CheckoutStore()

    /// What was posted about some milestones and disputes, and about the payment of a contract.
    ///
    /// - Parameter isWhole: Whether the reader may see what the accounts of the platform and of others held, too.
    func entries(
        of milestones: [MilestoneID], _ disputes: [DisputeID], paidFor contract: ContractID? = nil, isWhole: Bool
    ) async throws -> [LedgerEntry] {
        var checkout: CheckoutID?
        if let contract { checkout = try await checkouts.find(of: contract, in: database)?.id }
        let entries = try await ledger.entries(
            about: milestones.map(\.uuid) + disputes.map(\.uuid) + (checkout.map { [$0.uuid] } ?? []), in: database)
        let own = Set(
            (milestones.map(\.description) + (checkout.map { ["\($0)"] } ?? [])).flatMap {
                ["escrow:\($0)", "refunding:\($0)"]
            })
        return isWhole ? entries : entries.map { own.contains($0.account) ? $0 : $0.withoutBalance }
    }

    /// An account and a page of its entries, newest first.
    ///
    /// - Throws: ``LedgerError/noSuchAccount(_:)``.
    func account(
        _ id: String, after cursor: PageCursor?, limit: Int
    ) async throws -> (account: OpenAccount, entries: Page<AccountEntry>) {
        guard let account = try await ledger.find(id, in: database) else { throw LedgerError.noSuchAccount(id) }
        return (account, try await ledger.page(of: id, after: cursor, limit: limit, in: database))
    }
}
