import ServiceKit
import SharedModels

/// The simulated providers, put together.
struct Features: Sendable {
    let clock: SandboxClock
    let faults: FaultStore
    let stripe: StripeSandbox
    let desk: MessageDesk
    let gitHubSignIn: GitHubSignIn
    let gitHub: GitHubRoutes
    let googleSignIn: GoogleSignIn
    let google: GoogleRoutes

    /// Reads the time from the database.
    init(_ kit: Kit, _ settings: SandboxSettings) async throws {
        let base =
            settings.publicURL ?? kit.settings.sandboxURL ?? "http://\(kit.settings.host):\(kit.settings.port)"
        let database = kit.database
        clock = SandboxClock(database: database)
        try await clock.load()
        faults = FaultStore(database: database)
        stripe = StripeSandbox(
            database: database, clock: clock, faults: faults, http: kit.http, base: base,
            webhookURL: settings.webhookURL ?? kit.settings.publicURL + "/webhook",
            signature: WebhookSignature(secrets: settings.webhookSecrets), logger: kit.logger)
        desk = MessageDesk(
            messages: MessageStore(), faults: FaultGate(store: faults), database: database, clock: clock)
        let users = GitHubStore(database: database)
        gitHubSignIn = GitHubSignIn(
            store: users, codes: AuthorizationCodeStore(database: database, provider: "GitHub"), clock: clock,
            base: base + "/github", clientID: settings.githubClientID, clientSecret: settings.githubClientSecret)
        gitHub = GitHubRoutes(store: users, base: base + "/github")
        let keys = GoogleKeyStore(database: database)
        googleSignIn = GoogleSignIn(
            codes: AuthorizationCodeStore(database: database, provider: "Google"), keys: keys, clock: clock,
            clientID: settings.googleClientID, clientSecret: settings.googleClientSecret,
            redirectURI: kit.settings.publicURL + Endpoints.session.finishGoogle.operation.path)
        google = GoogleRoutes(keys: keys, clock: clock, audience: settings.googleClientID)
    }
}
