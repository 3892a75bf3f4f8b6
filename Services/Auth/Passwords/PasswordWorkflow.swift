import Postgres
import ServiceKit
import SharedModels

/// Signing in with e-mail and password, and changing a password that one knows.
struct PasswordWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let passwords: PasswordStore
    let attempts: AttemptStore
    let sessions: SessionStore
    let revocations: RevocationStore
    let hasher: PasswordHasher
    let tokens: TokenWorkflow

    /// Begins a session that uses tokens.
    ///
    /// An address without an account gets the same answer, after the same time, as a wrong password.
    ///
    /// - Parameters:
    ///   - shown: The session that the request comes with.
    ///   - place: Where it comes from.
    /// - Throws: ``PasswordError``; ``AccountError/blocked``, to who knows the password.
    func signIn(
        _ input: LoginInput, showing shown: ShownSession, from place: Place
    ) async throws -> (account: Account, tokens: TokenPair) {
        let now = clock.now
        let (account, session) = try await enter(
            input.email, input.password, showing: shown, from: place
        ) { account, tx in
            try await tokens.begin(for: account, at: now, in: tx)
        }
        return (account, try await tokens.pair(session, of: account, at: now))
    }

    /// Begins a session that lives by a cookie.
    ///
    /// - Returns: The text of the cookie.
    /// - Throws: As ``signIn(_:showing:from:)``.
    func beginSession(
        of email: String, with password: String, showing shown: ShownSession, from place: Place
    ) async throws -> String {
        let now = clock.now
        return try await enter(email, password, showing: shown, from: place) { account, tx in
            try await SessionOpening(sessions: sessions, revocations: revocations)
                .begin(for: account.id, at: now, in: tx)
        }.session
    }

    private func enter<Opened: Sendable>(
        _ email: String, _ password: String, showing shown: ShownSession, from place: Place,
        _ open: (Account, Transaction) async throws -> Opened
    ) async throws -> (account: Account, session: Opened) {
        let stored = try await check(password, of: email, showing: shown, from: place)
        let renewed = stored.hash.isImported ? try await hasher.hash(password) : nil
        let entered = try await database.transaction { tx in
            guard
                let account = try await accounts.lock(stored.accountID, in: tx),
                try await passwords.hold(stored, in: tx)
            else { return (account: Account, session: Opened)?.none }
            try account.checkMaySignIn()
            if let renewed {
                try await passwords.save(StoredPassword(accountID: account.id, hash: renewed), at: clock.now, in: tx)
            }
            return (account, try await open(account, tx))
        }
        if let entered { return entered }
        // It has changed in the meantime, which ended all sessions. An imported hash is replaced by a sign-in, too.
        guard stored.hash.isImported else { throw PasswordError.wrong }
        return try await enter(email, password, showing: shown, from: place, open)
    }

    /// Changes a password. Every session of the account ends, except the one whose access token is shown.
    ///
    /// - Throws: ``PasswordError``, ``AccountError/blocked``.
    func change(_ input: PasswordChangeInput, showing shown: ShownSession, from place: Place) async throws {
        let own = try await ownSession(shown)
        try PasswordRule.check(input.newPassword, repeatedAs: input.confirmPassword)
        if let own {
            let owner = try await passwords.find(email: input.email.lowercased(), in: database)?.accountID
            guard owner == own.accountID else { throw PasswordError.notYours }
        }
        let stored = try await check(input.currentPassword, of: input.email, showing: shown, from: place)
        let hash = try await hasher.hash(input.newPassword)
        let now = clock.now
        try await database.transaction { tx in
            guard let account = try await accounts.lock(stored.accountID, in: tx),
                try await passwords.hold(stored, in: tx)
            else { throw PasswordError.wrong }
            try account.checkMaySignIn()
            try await passwords.save(StoredPassword(accountID: account.id, hash: hash), at: now, in: tx)
            try await sessions.deleteAll(of: account.id, except: own?.id, in: tx)
            try await revocations.announce(.account(account.id), in: tx)
        }
    }

    /// The session of the access token that is shown, if one is.
    ///
    /// - Throws: ``PasswordError/sessionEnded`` when the token is not valid any more.
    private func ownSession(_ shown: ShownSession) async throws -> LiveSession? {
        guard shown.accessToken != nil else { return nil }
        guard let session = try await tokens.session(shownBy: ShownSession(accessToken: shown.accessToken)) else {
            throw PasswordError.sessionEnded
        }
        return session
    }

    /// Checks a password. Only a wrong one stays counted; one that could not be checked says nothing.
    ///
    /// - Throws: ``PasswordError``.
    private func check(
        _ password: String, of address: String, showing shown: ShownSession, from place: Place
    ) async throws -> StoredPassword {
        let email = address.lowercased()
        let stored = try await passwords.find(email: email, in: database)
        let admitted = try await admit(email, of: stored?.accountID, showing: shown, from: place)
        let isRight: Bool
        do {
            isRight = try await hasher.matches(
                password, stored?.hash, isMixed: try await passwords.hasImported(in: database))
        } catch {
            try await giveBack(admitted)
            throw error
        }
        guard isRight, let stored else { throw PasswordError.wrong }
        try await giveBack(admitted)
        return stored
    }

    private func giveBack(_ admitted: [Attempt]) async throws {
        for attempt in admitted { try await attempts.giveBack(attempt, in: database) }
    }

    /// Permits a guess, or refuses it.
    ///
    /// Guesses are counted for the place where they come from and for the address. A stranger who guesses therefore
    /// closes the address for their own place first, and only very many places close it for all. Even then its owner
    /// signs in from a browser with a valid session. Those guesses are counted separately.
    private func admit(
        _ email: String, of account: AccountID?, showing shown: ShownSession, from place: Place
    ) async throws -> [Attempt] {
        let refusal: PasswordError
        switch try await reserve(.password(email: email, place: place)) {
        case .refused(let wait): refusal = .tooManyWrong(retryAfter: wait)
        case .granted(let here):
            switch try await reserve(.passwordFromAnywhere(email: email)) {
            case .granted(let anywhere): return [here, anywhere]
            case .refused(let wait):
                try await giveBack([here])
                refusal = .closed(retryAfter: wait)
            }
        }
        guard let session = try await tokens.session(shownBy: shown), session.accountID == account else {
            throw refusal
        }
        switch try await reserve(.session(session.id)) {
        case .granted(let attempt): return [attempt]
        case .refused(let wait): throw PasswordError.tooManyWrong(retryAfter: wait)
        }
    }

    private func reserve(_ subject: AttemptSubject) async throws -> AttemptStore.Reservation {
        try await attempts.reserve(subject, at: clock.now, in: database)
    }
}
