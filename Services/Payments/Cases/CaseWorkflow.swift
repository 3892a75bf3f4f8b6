import Postgres
import ServiceKit
import SharedModels

/// What admins see of the cases, and do about them.
struct CaseWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let cases: CaseStore
    let ledger = Ledger()

    /// Newest first.
    func page(isOpen: Bool?, after cursor: PageCursor?, limit: Int) async throws -> Page<EscrowCase> {
        try await cases.page(isOpen: isOpen, after: cursor, limit: limit, in: database)
    }

    /// Notes what was done about a case. A repeat changes nothing.
    ///
    /// - Throws: ``CaseError/notFound(_:)``; ``CaseError/stillOwed`` for what a wallet's owner owes.
    func close(_ id: EscrowCaseID, by admin: AccountID, _ note: String) async throws -> EscrowCase {
        try await database.transaction { tx in
            if let known = try await cases.find(id, in: tx), known.kind == .owedByWallet, known.closedAt == nil,
                let account = try await ledger.find(known.subject, in: tx), account.balance < 0
            {
                throw CaseError.stillOwed
            }
            guard let closed = try await cases.close(id, by: admin, note, at: clock.now, in: tx) else {
                throw CaseError.notFound(id)
            }
            return closed
        }
    }

    /// For the metric.
    func countOpen() async throws -> Int64 { try await cases.countOpen(in: database) }
}
