import ServiceKit

/// What the sandbox reads from its environment, besides what every service reads.
struct SandboxSettings: Sendable {
    /// `STRIPE_WEBHOOK_SECRET`: signs the webhooks; with several, comma-separated, each webhook carries a
    /// signature of each, as Stripe does it while a secret is being rotated.
    let webhookSecrets: [Secret]
    /// `WEBHOOK_URL`: where the webhooks go; `nil` means `<PUBLIC_URL>/webhook`.
    let webhookURL: String?
    /// `SANDBOX_PUBLIC_URL`: how browsers reach the sandbox, for the links it gives out; `nil` means
    /// `SANDBOX_URL`, else its own host and port.
    let publicURL: String?
    /// `TELEGRAM_BOT_TOKEN`: the only token of a bot that exists; `nil` means every token does.
    let telegramToken: Secret?
    /// `GITHUB_CLIENT_ID`: the only application that GitHub knows; `nil` means it knows all.
    let githubClientID: String?
    /// `GITHUB_CLIENT_SECRET`.
    let githubClientSecret: Secret?
    /// `GOOGLE_CLIENT_ID`: whom Google's tokens are for.
    let googleClientID: String

    init(_ reader: SettingsReader) throws(BadSetting) {
        webhookSecrets = reader.list("STRIPE_WEBHOOK_SECRET").map(Secret.init)
        guard !webhookSecrets.isEmpty else { throw BadSetting("STRIPE_WEBHOOK_SECRET", "is missing") }
        webhookURL = reader.optional("WEBHOOK_URL") == nil ? nil : try reader.url("WEBHOOK_URL")
        publicURL = reader.optional("SANDBOX_PUBLIC_URL") == nil ? nil : try reader.url("SANDBOX_PUBLIC_URL")
        telegramToken = reader.optionalSecret("TELEGRAM_BOT_TOKEN")
        githubClientID = reader.optional("GITHUB_CLIENT_ID")
        githubClientSecret = reader.optionalSecret("GITHUB_CLIENT_SECRET")
        googleClientID = reader.string("GOOGLE_CLIENT_ID", default: "guildhall.apps.googleusercontent.com")
    }
}
