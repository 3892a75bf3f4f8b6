import SharedModels

/// The secrets and addresses that payments and Stripe share.
package struct StripeSettings: Sendable {
    package let base = Setting(
        "STRIPE_API_BASE", .httpURL, default: "https://api.stripe.com", of: [.payments], outsideDevelopment: .https,
        "Stripe's API.")
    package let secretKey = Setting(
        "STRIPE_SECRET_KEY", .token(beginningWith: "sk_", "rk_"), of: [.payments],
        outsideDevelopment: .notPublished("sk_test_development"),
        "Our key at Stripe. In production not one for test money.")
    package let publishableKey = Setting(
        "STRIPE_PUBLISHABLE_KEY", .token(beginningWith: "pk_"),
        without: "pages that take cards must know it themselves, and ours take none", of: [.contracts], isSecret: false,
        "The key that browsers give to Stripe. Everybody may know it; the answer to funding tells it.")
    package let webhookSecrets = Setting(
        "STRIPE_WEBHOOK_SECRET", .tokens(beginningWith: "whsec_"), of: [.payments, .sandbox],
        outsideDevelopment: .notPublished("whsec_development"), "What Stripe signs its events with.")
}
