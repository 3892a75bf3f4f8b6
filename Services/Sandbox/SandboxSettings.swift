import ServiceKit

/// The settings of the sandbox, besides those of every service.
struct SandboxSettings: Sendable {
    /// `STRIPE_WEBHOOK_SECRET`: signs the webhooks. With several secrets, separated by commas, each webhook carries one
    /// signature per secret, as at Stripe during a rotation.
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
    /// `GOOGLE_CLIENT_SECRET`.
    let googleClientSecret: Secret?

    init(_ reader: SettingsReader) throws(BadSetting) {
        webhookSecrets = try reader.value(Declared.stripe.webhookSecrets)
        webhookURL = reader.optional(Declared.sandbox.webhookURL)
        publicURL = reader.optional(Declared.sandbox.publicURL)
        telegramToken = reader.optional(Declared.sending.telegramToken)
        githubClientID = reader.optional(Declared.signIn.githubClientID)
        githubClientSecret = reader.optional(Declared.signIn.githubClientSecret)
        googleClientID = try reader.value(Declared.signIn.googleClientID)
        googleClientSecret = reader.optional(Declared.signIn.googleClientSecret)
    }
}
