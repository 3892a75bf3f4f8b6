import Foundation
import ServiceKit
import SharedModels

/// Auth owns accounts, and is the one judge of credentials.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.auth, settings: AuthSettings.init, migrations: .module) { kit, settings in
            let features = try await Features(kit, settings)
            let cookies = SessionCookies(publicURL: kit.settings.publicURL)
            let people = LivePeoplePeers(peers: kit.peers, logger: kit.logger)
            let origins = OriginRule(allowing: [kit.settings.publicURL, kit.settings.clientURL])
            if let admin = settings.admin { try await features.admin.establish(admin) }

            HealthRoutes().register(on: kit.routes)
            DocumentRoutes(kit).register(on: kit.routes)
            SessionRoutes(
                workflow: features.sessions, passwords: features.passwords, tokens: features.tokens, people: people,
                cookies: cookies, origins: origins
            ).register(on: kit.routes)
            TokenRoutes(
                passwords: features.passwords, google: features.google, workflow: features.tokens, people: people,
                cookies: cookies, origins: origins
            ).register(on: kit.routes)
            RegistrationRoutes(workflow: features.registrations).register(on: kit.routes)
            PasswordRoutes(
                passwords: features.passwords, links: features.passwordLinks, cookies: cookies, origins: origins
            ).register(on: kit.routes)
            AdminUserRoutes(workflow: features.adminUsers, accounts: features.accounts, people: people)
                .register(on: kit.routes)
            ServiceStateRoutes(
                workflow: ServiceStateWorkflow(peers: LiveServicePeers(kit: kit), logger: kit.logger)
            ).register(on: kit.routes)
            KeyRoutes(workflow: features.keys).register(on: kit.routes)
            KeyRequestRoutes(workflow: features.keyRequests).register(on: kit.routes)
            ScopedKeyRoutes(workflow: features.keys).register(on: kit.routes)
            OAuthClientRoutes(workflow: features.oauth.clients, issuer: kit.settings.publicURL)
                .register(on: kit.routes)
            ConsentRoutes(
                workflow: features.oauth.consent, sessions: features.tokens, cookies: cookies, origins: origins
            ).register(on: kit.routes)
            OAuthTokenRoutes(workflow: features.oauth.tokens, end: features.oauth.end).register(on: kit.routes)
            HostedAgentRoutes(workflow: features.hostedAgents).register(on: kit.routes)
            DeletionRoutes(workflow: features.deletions, cookies: cookies).register(on: kit.routes)
            AccountRoutes(workflow: features.accounts).register(on: kit.routes)
            UserImportRoutes(workflow: features.userImport).register(on: kit.routes)
            CredentialRoutes(
                workflow: features.credentials, places: features.places, hub: features.revocations
            ).register(on: kit.routes)

            features.places.register(on: kit.scheduler)
            features.keyExpiry.register(on: kit.scheduler)
            features.keyRequests.register(on: kit.scheduler)
            features.mails.register(on: kit.scheduler)
            features.registrations.register(on: kit.scheduler)
            features.passwordLinks.register(on: kit.scheduler)
            kit.background(features.revocations)
        }
    }
}
