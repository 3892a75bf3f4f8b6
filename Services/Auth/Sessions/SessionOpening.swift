import Postgres
import ServiceKit
import SharedModels

/// Begins sessions that live by a cookie, however their owners have proven who they are.
struct SessionOpening: Sendable {
    let sessions: SessionStore
    let revocations: RevocationStore

    /// The account must be locked. When it has too many sessions, the one that was not used for longest ends.
    ///
    /// - Returns: The text of the cookie.
    func begin(for account: AccountID, at now: Timestamp, in tx: Transaction) async throws -> String {
        let made = Session.make(for: account, at: now)
        for ended in try await sessions.makeRoom(of: account, at: now, in: tx) {
            try await revocations.announce(ended, in: tx)
        }
        try await sessions.insert(made.session, in: tx)
        return made.text
    }
}
