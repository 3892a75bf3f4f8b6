import Postgres
import ServiceKit
import SharedModels

/// Signing in with GitHub, and signing out.
struct SessionWorkflow: Sendable {
    /// A browser about to go to GitHub.
    struct Departure: Sendable {
        let url: String
        /// Comes back from GitHub and identifies the sign-in.
        let state: String
        /// The value of the sign-in cookie.
        let browserSecret: String
    }

    /// A browser that is signed in.
    struct Arrival: Sendable {
        /// The value of the session cookie; `nil` when the session goes on that the browser has.
        let sessionText: String?
        let returnTo: String
    }

    let database: Database
    let clock: any DomainClock
    let outbox: Outbox
    let gitHub: GitHubClient
    let accounts: AccountStore
    let sessions: SessionStore
    let revocations: RevocationStore
    let defaultPlan: Plan
    let opening: AccountOpening
    let passwords: PasswordStore

    /// - Parameters:
    ///   - returnTo: A path on this site.
    ///   - linking: The session to whose account GitHub shall be linked; `nil` to sign in.
    func begin(returnTo: String, linking: LiveSession? = nil) async throws -> Departure {
        let now = clock.now
        let (state, browserSecret, proofKey) = (RandomText.make(), RandomText.make(), ProofKey.make())
        let signIn = SignIn(
            stateDigest: APIKeyFormat.sha256(state), browserDigest: APIKeyFormat.sha256(browserSecret),
            proofKey: proofKey, returnTo: returnTo, expiresAt: now + SignIn.lifetime, linking: linking)
        try await sessions.insert(signIn, at: now, in: database)
        return Departure(
            url: gitHub.authorizeURL(state: state, proofKey: proofKey), state: state, browserSecret: browserSecret)
    }

    /// - Parameters:
    ///   - code: `nil` when GitHub sent no code because access was not granted.
    ///   - browserSecret: The value of the sign-in cookie.
    ///   - account: Whose session the browser shows, if it shows one.
    func finish(
        code: String?, state: String?, browserSecret: String?, inBrowserOf account: AccountID? = nil
    ) async throws -> Arrival {
        guard
            let state, let signIn = try await sessions.take(stateDigest: APIKeyFormat.sha256(state), in: database)
        else { throw SignInError.notBegunHere }
        try signIn.check(browserSecret: browserSecret, at: clock.now)
        try signIn.check(browserOf: account)
        guard let code else { throw SignInError.declined }
        let user = try await gitHub.user(code: code, proofKey: signIn.proofKey)
        guard let session = signIn.linking else {
            return Arrival(sessionText: try await begin(for: user), returnTo: signIn.returnTo)
        }
        try await link(user, to: session)
        return Arrival(sessionText: nil, returnTo: signIn.returnTo)
    }

    /// Begins a session for a GitHub user.
    ///
    /// - Returns: The text of its cookie.
    func begin(for user: GitHubUser) async throws -> String {
        let now = clock.now
        return try await database.transaction { tx in
            let account = try await signUpOrRefresh(user, at: now, in: tx)
            return try await SessionOpening(sessions: sessions, revocations: revocations)
                .begin(for: account.id, at: now, in: tx)
        }
    }

    /// The account that the session belongs to.
    func account(of principal: Principal) async throws -> Account {
        guard let account = try await accounts.find(principal.accountID, in: database) else {
            throw AccountError.notFound(principal.accountID)
        }
        return account
    }

    /// Ends a session in every service. A repeat changes nothing.
    func end(_ id: SessionID) async throws {
        try await database.transaction { tx in
            guard let revocation = try await sessions.delete(id, in: tx) else { return }
            try await revocations.announce(revocation, in: tx)
        }
    }

    /// Ends every session of an account in every service, together with its refresh tokens.
    func endAll(of account: AccountID) async throws {
        try await database.transaction { tx in
            // Beginning a session locks the account first, so no session is missed.
            guard try await accounts.lock(account, in: tx) != nil else { return }
            try await sessions.deleteAll(of: account, in: tx)
            try await revocations.announce(.account(account), in: tx)
        }
    }

    /// Creates the account of a new user, or locks the account of a known one: by the identity, or by an address that
    /// both sides have confirmed, which links them unless the account's owner has unlinked GitHub. A known user keeps
    /// type and plan: a freelancer in the middle of a deal stays one, even if GitHub shows less public work today.
    ///
    /// - Throws: ``SignInError/keptOut``, ``AccountError/blocked``
    private func signUpOrRefresh(_ user: GitHubUser, at now: Timestamp, in tx: Transaction) async throws -> Account {
        // Somebody else may open the account between our look and our attempt. One retry is enough.
        for _ in 0..<2 {
            if let known = try await accounts.lock(gitHub: user.identity.id, in: tx) {
                return try await refresh(known, user, at: now, in: tx)
            }
            var (new, isKeptOut) = (Account.signingUp(user, plan: defaultPlan, at: now), false)
            for email in user.confirmedEmails {
                guard let owner = try await accounts.lock(verifiedEmail: email, in: tx) else {
                    new.verifiedEmail = new.verifiedEmail ?? email
                    continue
                }
                // Both sides have proven the address, so it is one person. One with another identity at GitHub has two.
                guard owner.gitHub == nil else { continue }
                if !owner.keepsGitHubOut { return try await refresh(owner, user, at: now, in: tx) }
                isKeptOut = true
            }
            guard !isKeptOut else { throw SignInError.keptOut }
            if let account = try await opening.open(new, in: tx) { return account }
        }
        throw Refusal.unavailable()
    }

    func refresh(
        _ known: Account, _ user: GitHubUser, at now: Timestamp, in tx: Transaction
    ) async throws -> Account {
        try known.checkMaySignIn()
        let account = known.changed { changed in
            (changed.gitHub, changed.keepsGitHubOut) = (user.identity, false)
            changed.follow(user.email)
        }
        if account != known { try await accounts.save(account, at: now, in: tx) }
        if account.gitHub?.username != known.gitHub?.username {
            try await revocations.announce(.account(account.id), in: tx)
        }
        if account.isKnownOtherwise(than: known) {
            try await outbox.append(.accountUpdated(account, at: now), in: tx)
        }
        return account
    }
}

extension Announcement {
    /// What other services copy has changed.
    static func accountUpdated(_ account: Account, at now: Timestamp) throws -> Self {
        try Self(
            AccountUpdated.self, of: account.id, sequence: account.version,
            GitHubNews(userID: account.id, githubUsername: account.gitHub?.username), at: now)
    }
}
