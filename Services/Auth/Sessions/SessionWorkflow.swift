import Postgres
import ServiceKit
import SharedModels

/// Signing in through a provider, and signing out.
struct SessionWorkflow: Sendable {
    /// A browser about to go to a provider.
    struct Departure: Sendable {
        let url: String
        /// Comes back from there and identifies the sign-in.
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
    /// Of the providers at which we have an application.
    let clients: [Provider: any ProviderClient]
    let accounts: AccountStore
    let sessions: SessionStore
    let revocations: RevocationStore
    let book: IdentityBook
    let passwords: PasswordStore

    /// The ways in that people have here.
    var methods: [SignInMethod] {
        SignInMethod.allCases.filter { method in Provider(method).map { clients[$0] != nil } ?? true }
    }

    /// - Parameters:
    ///   - type: What somebody without an account becomes who comes from Google. GitHub's standing decides by itself.
    ///   - returnTo: A path on this site.
    ///   - linking: The session whose account the provider is linked to; `nil` to sign in.
    /// - Throws: ``SignInError/notOffered(_:)``
    func begin(
        at provider: Provider, becoming type: UserType = .client, returnTo: String, linking: LiveSession? = nil
    ) async throws -> Departure {
        let client = try self.client(of: provider)
        let now = clock.now
        let (state, browserSecret, proofKey) = (RandomText.make(), RandomText.make(), ProofKey.make())
        let signIn = SignIn(
            stateDigest: APIKeyFormat.sha256(state), browserDigest: APIKeyFormat.sha256(browserSecret),
            provider: provider, proofKey: proofKey, returnTo: returnTo, expiresAt: now + SignIn.lifetime,
            userType: type, linking: linking)
        try await sessions.insert(signIn, at: now, in: database)
        return Departure(
            url: client.authorizeURL(state: state, proofKey: proofKey), state: state, browserSecret: browserSecret)
    }

    private func client(of provider: Provider) throws(SignInError) -> any ProviderClient {
        guard let client = clients[provider] else { throw .notOffered(provider) }
        return client
    }

    /// - Parameters:
    ///   - provider: Whose way back the browser took.
    ///   - code: `nil` when the provider sent no code because access was not granted.
    ///   - browserSecret: The value of the sign-in cookie.
    ///   - account: Whose session the browser shows, if it shows one.
    func finish(
        from provider: Provider, code: String?, state: String?, browserSecret: String?,
        inBrowserOf account: AccountID? = nil
    ) async throws -> Arrival {
        guard
            let state, let signIn = try await sessions.take(stateDigest: APIKeyFormat.sha256(state), in: database)
        else { throw SignInError.notBegunHere }
        try signIn.check(browserSecret: browserSecret, from: provider, at: clock.now)
        try signIn.check(browserOf: account)
        guard let code else { throw SignInError.declined(provider) }
        let identity = try await client(of: provider).identity(code: code, proofKey: signIn.proofKey)
        guard let session = signIn.linking else {
            let text = try await begin(for: identity, becoming: signIn.userType)
            return Arrival(sessionText: text, returnTo: signIn.returnTo)
        }
        try await link(identity, to: session)
        return Arrival(sessionText: nil, returnTo: signIn.returnTo)
    }

    /// Begins a session for somebody for whom a provider vouches.
    ///
    /// - Returns: Its cookie's text.
    /// - Throws: What ``IdentityBook/enter(as:becoming:at:in:)`` throws, and ``SignInError/linkedElsewhere(_:)``.
    func begin(for identity: ProvenIdentity, becoming type: UserType = .client) async throws -> String {
        let now = clock.now
        do {
            return try await database.transaction { tx in
                let account = try await book.enter(as: identity, becoming: type.role, at: now, in: tx)
                return try await SessionOpening(sessions: sessions, revocations: revocations)
                    .begin(for: account.id, at: now, in: tx)
            }
        } catch let error as PostgresError where error.isUniqueViolation(of: identity.provider.uniqueIdentity) {
            // Somebody else was quicker.
            throw SignInError.linkedElsewhere(identity.provider)
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
}
