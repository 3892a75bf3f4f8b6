import Foundation
import ServiceKit
import SharedModels

@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(
            .auth, settings: AuthSettings.init, migrations: Bundle.module, compose: compose)
    }

    private static func compose(_ kit: Kit, _ settings: AuthSettings) async throws {
        let (database, clock) = (kit.database, kit.clock)
        let (accounts, keys, sessions, revocations) = (
            AccountStore(), KeyStore(), SessionStore(), RevocationStore()
        )
        let (passwords, hasher) = (PasswordStore(), PasswordHasher())
        let cookies = SessionCookies(publicURL: kit.settings.publicURL)
        let hub = RevocationHub(database: database, store: revocations, logger: kit.logger)
        kit.background(hub)

        let tokens = AccessTokens(
            keys: try await SigningKeyStore().load(
                sealedWith: Seal(.signingKeys, of: kit.settings.serviceSecret), at: clock.now, in: database))
        if let admin = settings.admin {
            try await AdminWorkflow(
                database: database, clock: clock, outbox: kit.outbox, accounts: accounts,
                passwords: passwords, sessions: sessions, revocations: revocations, hasher: hasher,
                defaultPlan: settings.defaultPlan
            ).establish(admin)
        }
        let judge = CredentialWorkflow(verifiers: [
            SessionVerifier(database: database, clock: clock), KeyVerifier(database: database, clock: clock),
            AccessTokenVerifier(database: database, clock: clock, tokens: tokens),
        ])
        let tokenWorkflow = TokenWorkflow(
            database: database, clock: clock, accounts: accounts, sessions: sessions,
            refreshTokens: RefreshTokenStore(), revocations: revocations, tokens: tokens, judge: judge,
            logger: kit.logger)

        let digests = IdentityDigests(.departedIdentities, of: settings.tombstoneKey ?? kit.settings.serviceSecret)

        HealthRoutes().register(on: kit.routes)
        DocumentRoutes(kit).register(on: kit.routes)
        SessionRoutes(
            workflow: SessionWorkflow(
                database: database, clock: clock, outbox: kit.outbox,
                gitHub: GitHubClient(
                    settings: settings,
                    callbackURL: kit.settings.publicURL + Endpoints.session.finishGitHub.operation.path,
                    http: kit.http),
                accounts: accounts, sessions: sessions, revocations: revocations,
                defaultPlan: settings.defaultPlan, digests: digests),
            cookies: cookies
        ).register(on: kit.routes)
        TokenRoutes(
            passwords: PasswordWorkflow(
                database: database, clock: clock, accounts: accounts, passwords: passwords,
                attempts: AttemptStore(), hasher: hasher, tokens: tokenWorkflow),
            workflow: tokenWorkflow, cookies: cookies,
            origins: OriginRule(allowing: [kit.settings.publicURL, kit.settings.clientURL])
        ).register(on: kit.routes)
        KeyRoutes(
            workflow: KeyWorkflow(
                database: database, clock: clock, accounts: accounts, keys: keys, revocations: revocations)
        ).register(on: kit.routes)
        HostedAgentRoutes(
            workflow: HostedAgentWorkflow(
                database: database, clock: clock, accounts: accounts, keys: keys, revocations: revocations)
        ).register(on: kit.routes)
        DeletionRoutes(
            workflow: DeletionWorkflow(
                database: database, clock: clock, outbox: kit.outbox,
                peers: LiveDeletionPeers(peers: kit.peers), accounts: accounts, revocations: revocations,
                logger: kit.logger, digests: digests),
            cookies: cookies
        ).register(on: kit.routes)
        AccountRoutes(
            workflow: AccountWorkflow(
                database: database, clock: clock, accounts: accounts, revocations: revocations)
        ).register(on: kit.routes)
        CredentialRoutes(workflow: judge, hub: hub).register(on: kit.routes)
        KeyExpiryWorkflow(database: database, clock: clock, outbox: kit.outbox, keys: keys)
            .register(on: kit.scheduler)
    }
}
