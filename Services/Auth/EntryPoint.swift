import Foundation
import ServiceKit
import SharedModels

@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.auth, settings: AuthSettings.init, migrations: Bundle.module) {
            kit, settings in
            compose(kit, settings)
            try await KeyExpiryWorkflow(
                database: kit.database, clock: kit.clock, outbox: kit.outbox, keys: KeyStore()
            ).schedule(on: kit.scheduler)
        }
    }

    private static func compose(_ kit: Kit, _ settings: AuthSettings) {
        let (database, clock) = (kit.database, kit.clock)
        let (accounts, keys, revocations) = (AccountStore(), KeyStore(), RevocationStore())
        let hub = RevocationHub(database: database, store: revocations, logger: kit.logger)
        kit.background(hub)

        HealthRoutes().register(on: kit.routes)
        DocumentRoutes(kit).register(on: kit.routes)
        SessionRoutes(
            workflow: SessionWorkflow(
                database: database, clock: clock, outbox: kit.outbox,
                gitHub: GitHubClient(
                    settings: settings, callbackURL: kit.settings.publicURL + SessionEndpoints.finishGitHub.operation.path,
                    http: kit.http),
                accounts: accounts, sessions: SessionStore(), revocations: revocations, defaultPlan: settings.defaultPlan),
            cookies: SessionCookies(publicURL: kit.settings.publicURL)
        ).register(on: kit.routes)
        KeyRoutes(
            workflow: KeyWorkflow(database: database, clock: clock, keys: keys, revocations: revocations)
        ).register(on: kit.routes)
        HostedAgentRoutes(
            workflow: HostedAgentWorkflow(
                database: database, clock: clock, accounts: accounts, keys: keys, revocations: revocations)
        ).register(on: kit.routes)
        DeletionRoutes(
            workflow: DeletionWorkflow(
                database: database, clock: clock, outbox: kit.outbox,
                peers: LiveDeletionPeers(peers: kit.peers), accounts: accounts, revocations: revocations,
                logger: kit.logger),
            cookies: SessionCookies(publicURL: kit.settings.publicURL)
        ).register(on: kit.routes)
        AccountRoutes(
            workflow: AccountWorkflow(database: database, clock: clock, accounts: accounts, revocations: revocations)
        ).register(on: kit.routes)
        CredentialRoutes(
            workflow: CredentialWorkflow(
                database: database, clock: clock, credentials: CredentialStore(), keys: keys, usage: UsageStore()),
            hub: hub
        ).register(on: kit.routes)
    }
}
