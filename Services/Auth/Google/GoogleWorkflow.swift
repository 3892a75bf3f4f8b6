import Postgres
import ServiceKit
import SharedModels

/// Signing in with a token that a web client got from Google.
struct GoogleWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let google: GoogleTokens
    let accounts: AccountStore
    let book: IdentityBook
    let tokens: TokenWorkflow

    /// Begins a session that uses tokens. Who has no account yet gets one; an account that has proven the same address
    /// is linked, unless its owner has unlinked Google, and so is the account of a session that is shown on purpose.
    ///
    /// - Parameter shown: What the request comes with. Cookies do not count: on a shared computer they may be somebody
    ///   else's.
    /// - Throws: ``GoogleError``, ``SignInError``, ``AccountError/blocked``.
    func signIn(_ input: GoogleLoginInput, showing shown: ShownSession) async throws -> (
        account: Account, tokens: TokenPair
    ) {
        let identity = ProvenIdentity.google(try await google.person(input.token))
        let own = try await tokens.session(shownBy: ShownSession(accessToken: shown.accessToken))?.accountID
        let now = clock.now
        do {
            let (account, turn) = try await database.transaction { tx in
                let account =
                    if let own {
                        try await book.add(identity, to: accounts.lockActive(own, in: tx), at: now, in: tx)
                    } else {
                        try await book.enter(as: identity, becoming: input.role, at: now, in: tx)
                    }
                return (account, try await tokens.begin(for: account, at: now, in: tx))
            }
            return (account, try await tokens.pair(turn, of: account, at: now))
        } catch let error as PostgresError where error.isUniqueViolation(of: Provider.google.uniqueIdentity) {
            // Somebody else was quicker.
            throw SignInError.linkedElsewhere(.google)
        }
    }
}
