import SharedModels

/// What the sandbox alone reads; the rest it shares with those that it stands in for.
package struct SandboxOnlySettings: Sendable {
    package let webhookURL = Setting(
        "WEBHOOK_URL", .httpURL, without: "`<PUBLIC_URL>/webhook`", of: [.sandbox], "Where Stripe's events go.")
    package let publicURL = Setting(
        "SANDBOX_PUBLIC_URL", .httpURL, without: "`SANDBOX_URL`", of: [.sandbox],
        "How browsers reach the sandbox, for the links that it gives out.")
}
