import Postgres
import ServiceKit
import SharedModels

/// Signing in with e-mail and password.
struct PasswordWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let passwords: PasswordStore
    let attempts: AttemptStore
    let hasher: PasswordHasher
    let tokens: TokenWorkflow

    /// Begins a session that uses tokens.
    ///
    /// An address without an account gets the same answer, after the same time, as a wrong password.
    ///
    /// - Parameter shown: The session that the request comes with.
    /// - Throws: ``PasswordError/wrong``, ``PasswordError/tooManyWrong(retryAfter:)``,
    ///   ``PasswordError/tooManySignIns``.
    func signIn(_ input: LoginInput, showing shown: ShownSession) async throws -> (
        account: Account, tokens: TokenPair
    ) {
        let email = input.email.lowercased()
        let stored = try await passwords.find(email: email, in: database)
        let attempt = try await admit(email, of: stored?.accountID, showing: shown)
        guard try await isRight(input.password, for: stored, counting: attempt), let stored else {
            throw PasswordError.wrong
        }
        let now = clock.now
        let (account, session) = try await database.transaction { tx in
            // It may have changed in the meantime, which ended all sessions.
            guard
                let account = try await accounts.lock(stored.accountID, in: tx),
                try await passwords.hold(stored, in: tx)
            else { throw PasswordError.wrong }
            return (account, try await tokens.begin(for: account, at: now, in: tx))
        }
        return (account, try await tokens.pair(session, of: account, at: now))
    }

    /// Checks a password. Only a wrong one stays counted; one that could not be checked says nothing.
    ///
    /// - Throws: ``PasswordError/tooManySignIns``.
    private func isRight(
        _ password: String, for stored: StoredPassword?, counting attempt: Attempt
    ) async throws -> Bool {
        let isRight: Bool
        do {
            isRight = try await hasher.matches(password, stored?.hash)
        } catch {
            try await attempts.giveBack(attempt, in: database)
            throw error
        }
        if isRight { try await attempts.giveBack(attempt, in: database) }
        return isRight
    }

    /// Permits a guess, or refuses it.
    ///
    /// While an address is locked, its owner can still sign in from a browser with a valid session. Those guesses are
    /// counted separately, so that a stranger cannot lock the owner out.
    private func admit(
        _ email: String, of account: AccountID?, showing shown: ShownSession
    ) async throws -> Attempt {
        do {
            return try await attempts.reserve(.email(email), at: clock.now, in: database)
        } catch let refusal as PasswordError {
            guard let session = try await tokens.session(shownBy: shown), session.accountID == account else {
                throw refusal
            }
            return try await attempts.reserve(.session(session.id), at: clock.now, in: database)
        }
    }
}
