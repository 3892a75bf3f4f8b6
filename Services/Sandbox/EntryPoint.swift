import Foundation
import ServiceKit
import SharedModels

/// The sandbox replaces every provider, in development only: Stripe, GitHub, Google, Telegram, Slack, Discord, Resend
/// and a language model. It speaks the API of each.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.sandbox, settings: SandboxSettings.init, migrations: Bundle.module) { kit, settings in
            let features = try await Features(kit, settings)
            let (desk, clock) = (features.desk, features.clock)

            features.stripe.register(on: kit.rawRoutes)
            TelegramRoutes(desk: desk, token: settings.telegramToken).register(on: kit.rawRoutes)
            SlackRoutes(desk: desk).register(on: kit.rawRoutes)
            DiscordRoutes(desk: desk).register(on: kit.rawRoutes)
            ResendRoutes(desk: desk).register(on: kit.rawRoutes)
            LanguageModelRoutes(faults: desk.faults, clock: clock).register(on: kit.rawRoutes)
            features.gitHubSignIn.register(on: kit.rawRoutes)
            features.gitHub.register(on: kit.rawRoutes)
            features.googleSignIn.register(on: kit.rawRoutes)
            features.google.register(on: kit.rawRoutes)
            ClockRoutes(clock: clock).register(on: kit.rawRoutes)
            ControlRoutes(
                messages: desk.messages, faults: features.faults, stripe: features.stripe.objects,
                database: kit.database
            ).register(on: kit.rawRoutes)

            kit.background(features.stripe.sender)
            kit.background(features.stripe.watch)
        }
    }
}
