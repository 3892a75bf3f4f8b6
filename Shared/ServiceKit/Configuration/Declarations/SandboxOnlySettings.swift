import SharedModels

/// The settings that only the sandbox reads. It shares its other settings with the services that it stands in for.
package struct SandboxOnlySettings: Sendable {
    package let webhookURL = Setting(
        "WEBHOOK_URL", .httpURL, without: "`<PUBLIC_URL>/webhook`", of: [.sandbox], "Where Stripe's events go.")
    package let publicURL = Setting(
        "SANDBOX_PUBLIC_URL", .httpURL, without: "`SANDBOX_URL`", of: [.sandbox],
        "How browsers reach the sandbox, for the links that it gives out.")
}
