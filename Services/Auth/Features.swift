import Postgres
import ServiceKit
import SharedModels

/// The workflows of this service, put together.
struct Features: Sendable {
    let admin: AdminWorkflow
    let sessions: SessionWorkflow
    let passwords: PasswordWorkflow
    let tokens: TokenWorkflow
    let credentials: CredentialWorkflow
    let keys: KeyWorkflow
    let keyExpiry: KeyExpiryWorkflow
    let hostedAgents: HostedAgentWorkflow
    let accounts: AccountWorkflow
    let deletions: DeletionWorkflow
    let revocations: RevocationHub

    init(_ kit: Kit, _ settings: AuthSettings) async throws {
        let (database, clock, outbox) = (kit.database, kit.clock, kit.outbox)
        let (accountStore, keyStore, sessionStore) = (AccountStore(), KeyStore(), SessionStore())
        let (passwordStore, revocations, hasher) = (PasswordStore(), RevocationStore(), PasswordHasher())
        let seal = Seal(.signingKeys, of: kit.settings.serviceSecret)
        let accessTokens = AccessTokens(
            keys: try await database.transaction {
                try await SigningKeyStore().load(sealedWith: seal, at: clock.now, in: $0)
            })
        let digests = IdentityDigests(.departedIdentities, of: settings.tombstoneKey ?? kit.settings.serviceSecret)
        self.revocations = RevocationHub(database: database, store: revocations, logger: kit.logger)
        admin = AdminWorkflow(
            database: database, clock: clock, outbox: outbox, accounts: accountStore, passwords: passwordStore,
            sessions: sessionStore, revocations: revocations, hasher: hasher, defaultPlan: settings.defaultPlan)
        sessions = SessionWorkflow(
            database: database, clock: clock, outbox: outbox,
            gitHub: GitHubClient(
                settings: settings,
                callbackURL: kit.settings.publicURL + Endpoints.session.finishGitHub.operation.path, http: kit.http),
            accounts: accountStore, sessions: sessionStore, revocations: revocations,
            defaultPlan: settings.defaultPlan, digests: digests)
        credentials = CredentialWorkflow(verifiers: [
            SessionVerifier(database: database, clock: clock), KeyVerifier(database: database, clock: clock),
            AccessTokenVerifier(database: database, clock: clock, tokens: accessTokens),
        ])
        tokens = TokenWorkflow(
            database: database, clock: clock, accounts: accountStore, sessions: sessionStore,
            refreshTokens: RefreshTokenStore(), revocations: revocations, tokens: accessTokens, judge: credentials,
            logger: kit.logger)
        passwords = PasswordWorkflow(
            database: database, clock: clock, accounts: accountStore, passwords: passwordStore,
            attempts: AttemptStore(), hasher: hasher, tokens: tokens)
        keys = KeyWorkflow(
            database: database, clock: clock, accounts: accountStore, keys: keyStore, revocations: revocations)
        keyExpiry = KeyExpiryWorkflow(database: database, clock: clock, outbox: outbox, keys: keyStore)
        hostedAgents = HostedAgentWorkflow(
            database: database, clock: clock, accounts: accountStore, keys: keyStore, revocations: revocations)
        accounts = AccountWorkflow(
            database: database, clock: clock, accounts: accountStore, revocations: revocations)
        deletions = DeletionWorkflow(
            database: database, clock: clock, outbox: outbox, peers: LiveDeletionPeers(peers: kit.peers),
            accounts: accountStore, revocations: revocations, logger: kit.logger, digests: digests)
    }
}
