import Postgres
import SharedModels

/// In which language somebody reads what is sent to them.
struct ReadingWorkflow: Sendable {
    let database: Database
    let settings = ReadingStore()

    /// - Returns: `nil` when the account has not chosen.
    func choice(of account: AccountID) async throws -> Language? {
        try await settings.find(account, in: database)
    }

    /// The choice, or else the language of everybody who has not chosen.
    func language(of account: AccountID) async throws -> Language {
        try await settings.language(of: account, in: database)
    }

    func choose(_ language: Language, by account: AccountID, at now: Timestamp) async throws {
        try await settings.save(language, of: account, at: now, in: database)
    }
}
