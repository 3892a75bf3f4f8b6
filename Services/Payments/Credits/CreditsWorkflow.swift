import Postgres
import ServiceKit
import SharedModels

/// Credits: what accounts spend on matches and introductions.
struct CreditsWorkflow: Sendable {
    /// What every account starts with (`clawconnected.md`, section 8, number 22).
    static let opening: Int64 = 10

    let database: Database
    let clock: any DomainClock
    let ledger = Ledger()

    /// Gives a new account its first credits, once.
    func open(_ id: AccountID) async throws {
        try await database.transaction { tx in
            try await ledger.post(.openingCredits(id, Self.opening), at: clock.now, in: tx)
        }
    }

    /// An account's credits. One whose event has not come yet gets its first credits here.
    func balance(of id: AccountID) async throws -> Int64 {
        let account = LedgerAccount.credits(id)
        return try await database.transaction { tx in
            try await ledger.post(.openingCredits(id, Self.opening), at: clock.now, in: tx)
            return try await ledger.balance(of: account, in: tx)
        }
    }
}
