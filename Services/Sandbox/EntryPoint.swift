import Foundation
import ServiceKit
import SharedModels

/// The sandbox replaces every provider, in development only: Stripe, GitHub, Google, Telegram, Slack, Discord, Resend
/// and a language model. It speaks the API of each.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.sandbox, settings: SandboxSettings.init, migrations: Bundle.module) {
            kit, settings in
            let clock = SandboxClock(database: kit.database)
            try await clock.load()
            let base =
                settings.publicURL ?? kit.settings.sandboxURL
                ?? "http://\(kit.settings.host):\(kit.settings.port)"
            let faults = FaultStore(database: kit.database)
            let stripe = StripeSandbox(
                database: kit.database, clock: clock, faults: faults, http: kit.http, base: base,
                webhookURL: settings.webhookURL ?? kit.settings.publicURL + "/webhook",
                signature: WebhookSignature(secrets: settings.webhookSecrets), logger: kit.logger)
            stripe.register(on: kit.rawRoutes)
            kit.background(stripe.sender)
            kit.background(stripe.watch)

            let desk = MessageDesk(
                messages: MessageStore(), faults: FaultGate(store: faults), database: kit.database,
                clock: clock)
            TelegramRoutes(desk: desk, token: settings.telegramToken).register(on: kit.rawRoutes)
            SlackRoutes(desk: desk).register(on: kit.rawRoutes)
            DiscordRoutes(desk: desk).register(on: kit.rawRoutes)
            ResendRoutes(desk: desk).register(on: kit.rawRoutes)
            LanguageModelRoutes(faults: desk.faults, clock: clock).register(on: kit.rawRoutes)

            let github = GitHubStore(database: kit.database)
            GitHubSignIn(
                store: github, codes: AuthorizationCodeStore(database: kit.database, provider: "GitHub"), clock: clock,
                base: base + "/github", clientID: settings.githubClientID, clientSecret: settings.githubClientSecret
            ).register(on: kit.rawRoutes)
            GitHubRoutes(store: github, base: base + "/github").register(on: kit.rawRoutes)
            let googleKeys = GoogleKeyStore(database: kit.database)
            GoogleSignIn(
                codes: AuthorizationCodeStore(database: kit.database, provider: "Google"), keys: googleKeys,
                clock: clock, clientID: settings.googleClientID, clientSecret: settings.googleClientSecret,
                redirectURI: kit.settings.publicURL + Endpoints.session.finishGoogle.operation.path
            ).register(on: kit.rawRoutes)
            GoogleRoutes(keys: googleKeys, clock: clock, audience: settings.googleClientID)
                .register(on: kit.rawRoutes)

            ClockRoutes(clock: clock).register(on: kit.rawRoutes)
            ControlRoutes(
                messages: desk.messages, faults: faults, stripe: stripe.objects, database: kit.database
            )
            .register(on: kit.rawRoutes)
        }
    }
}
