import Logging
import Mails
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// The workflows of this service, put together.
struct Features: Sendable {
    let admin: AdminWorkflow
    let sessions: SessionWorkflow
    let passwords: PasswordWorkflow
    let passwordLinks: PasswordLinkWorkflow
    let registrations: RegistrationWorkflow
    let userImport: UserImportWorkflow
    let google: GoogleWorkflow
    let mails: MailWorkflow
    let adminUsers: AdminUserWorkflow
    let tokens: TokenWorkflow
    let credentials: CredentialWorkflow
    let places: PlaceWorkflow
    let keys: KeyWorkflow
    let keyRequests: KeyRequestWorkflow
    let keyExpiry: KeyExpiryWorkflow
    let hostedAgents: HostedAgentWorkflow
    let accounts: AccountWorkflow
    let deletions: DeletionWorkflow
    let revocations: RevocationHub
    let oauth: OAuthFeatures

    init(_ kit: Kit, _ settings: AuthSettings) async throws {
        let seal = Seal(.signingKeys, of: kit.settings.serviceSecret)
        let signingKeys = try await kit.database.transaction {
            try await SigningKeyStore().load(sealedWith: seal, at: kit.clock.now, in: $0)
        }
        self.init(
            settings, database: kit.database, clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler,
            http: kit.http, peers: LiveDeletionPeers(peers: kit.peers),
            readers: LiveReaderPeers(peers: kit.peers, logger: kit.logger), publicURL: kit.settings.publicURL,
            clientURL: kit.settings.clientURL, serviceSecret: kit.settings.serviceSecret, signingKeys: signingKeys,
            hasher: PasswordHasher(),
            digests: IdentityDigests(.departedIdentities, of: settings.tombstoneKey ?? kit.settings.serviceSecret),
            logger: kit.logger)
    }

    /// - Parameter signingKeys: Of access tokens, newest first.
    init(
        _ settings: AuthSettings, database: Database, clock: any DomainClock, outbox: Outbox, scheduler: Scheduler,
        http: OutboundHTTP, peers: any DeletionPeers, readers: any ReaderPeers, publicURL: String, clientURL: String,
        serviceSecret: RotatingSecret, signingKeys: [SigningKey], hasher: PasswordHasher, digests: IdentityDigests,
        logger: Logger
    ) {
        let (accountStore, keyStore, sessionStore) = (AccountStore(), KeyStore(), SessionStore())
        let (passwordStore, revocationStore) = (PasswordStore(), RevocationStore())
        let (accessTokens, attempts) = (AccessTokens(keys: signingKeys), AttemptStore())
        oauth = OAuthFeatures(
            database: database, clock: clock, accounts: accountStore, attempts: attempts, issuer: publicURL,
            serviceSecret: serviceSecret, logger: logger)
        let opening = AccountOpening(accounts: accountStore, outbox: outbox, digests: digests)
        let book = IdentityBook(
            accounts: accountStore, opening: opening, outbox: outbox, revocations: revocationStore,
            plan: settings.defaultPlan)
        let googleTokens = GoogleTokens(
            keys: GoogleKeys(url: settings.googleKeysURL, http: http, clock: clock), clock: clock,
            audience: settings.googleClientID)
        mails = MailWorkflow(
            clock: clock, scheduler: scheduler, sender: MailSender(settings.mail, http: http),
            seal: Seal(.waitingMails, of: serviceSecret), templates: settings.templates, home: clientURL,
            logger: logger)
        revocations = RevocationHub(database: database, store: revocationStore, logger: logger)
        admin = AdminWorkflow(
            database: database, clock: clock, outbox: outbox, accounts: accountStore, passwords: passwordStore,
            sessions: sessionStore, revocations: revocationStore, hasher: hasher, defaultPlan: settings.defaultPlan)
        sessions = SessionWorkflow(
            database: database, clock: clock, outbox: outbox,
            clients: Self.clients(settings, googleTokens, publicURL: publicURL, http: http), accounts: accountStore,
            sessions: sessionStore, revocations: revocationStore, book: book, passwords: passwordStore)
        credentials = CredentialWorkflow(verifiers: [
            SessionVerifier(database: database, clock: clock), KeyVerifier(database: database, clock: clock),
            OAuthTokenVerifier(database: database, clock: clock),
            AccessTokenVerifier(database: database, clock: clock, tokens: accessTokens),
        ])
        places = PlaceWorkflow(database: database)
        tokens = TokenWorkflow(
            database: database, clock: clock, accounts: accountStore, sessions: sessionStore,
            refreshTokens: RefreshTokenStore(), revocations: revocationStore, tokens: accessTokens, judge: credentials,
            logger: logger)
        passwords = PasswordWorkflow(
            database: database, clock: clock, accounts: accountStore, passwords: passwordStore,
            attempts: attempts, sessions: sessionStore, revocations: revocationStore, hasher: hasher, tokens: tokens)
        passwordLinks = PasswordLinkWorkflow(
            database: database, clock: clock, accounts: accountStore, passwords: passwordStore, attempts: attempts,
            sessions: sessionStore, revocations: revocationStore, hasher: hasher, mails: mails, readers: readers,
            clientURL: clientURL)
        registrations = RegistrationWorkflow(
            database: database, clock: clock, opening: opening, passwords: passwordStore, attempts: attempts,
            hasher: hasher, digests: CodeDigests(serviceSecret), mails: mails, defaultPlan: settings.defaultPlan)
        userImport = UserImportWorkflow(
            database: database, clock: clock, opening: opening, passwords: passwordStore,
            defaultPlan: settings.defaultPlan)
        google = GoogleWorkflow(
            database: database, clock: clock, google: googleTokens, accounts: accountStore, book: book, tokens: tokens)
        adminUsers = AdminUserWorkflow(
            database: database, clock: clock, accounts: accountStore, keys: keyStore, sessions: sessionStore,
            oauth: oauth.end, revocations: revocationStore, outbox: outbox)
        keys = KeyWorkflow(
            database: database, clock: clock, accounts: accountStore, keys: keyStore, revocations: revocationStore)
        keyRequests = KeyRequestWorkflow(database: database, clock: clock, keys: keyStore)
        keyExpiry = KeyExpiryWorkflow(database: database, clock: clock, outbox: outbox, keys: keyStore)
        hostedAgents = HostedAgentWorkflow(
            database: database, clock: clock, accounts: accountStore, keys: keyStore, revocations: revocationStore)
        accounts = AccountWorkflow(
            database: database, clock: clock, accounts: accountStore, revocations: revocationStore)
        deletions = DeletionWorkflow(
            database: database, clock: clock, outbox: outbox, peers: peers, accounts: accountStore,
            oauth: oauth.end, revocations: revocationStore, logger: logger, digests: digests)
    }

    private static func clients(
        _ settings: AuthSettings, _ tokens: GoogleTokens, publicURL: String, http: OutboundHTTP
    ) -> [Provider: any ProviderClient] {
        let session = Endpoints.session
        let gitHub = GitHubClient(
            settings, callbackURL: publicURL + session.finishGitHub.operation.path, http: http)
        let google = GoogleClient(
            settings, tokens: tokens, callbackURL: publicURL + session.finishGoogle.operation.path, http: http)
        var clients: [Provider: any ProviderClient] = [.gitHub: gitHub]
        clients[.google] = google
        return clients
    }
}
