import ServiceKit

/// What payments reads from its environment, besides what every service reads.
struct PaymentsSettings: Sendable {
    /// `PLATFORM_FEE_BPS`: the platform's share of a release, in hundredths of a percent; 500 is the
    /// published 5 %.
    let feeBasisPoints: Int
    /// `STRIPE_API_BASE`: another address only in development.
    let stripeBase: String
    /// `STRIPE_SECRET_KEY`.
    let stripeKey: Secret
    /// `STRIPE_WEBHOOK_SECRET`: the endpoint's signing secret; several, with commas, while they are rotated.
    let webhookSecrets: [Secret]

    init(_ reader: SettingsReader) throws(BadSetting) {
        feeBasisPoints = try reader.value(Declared.deals.platformFee)
        stripeBase = try reader.value(Declared.stripe.base)
        stripeKey = try reader.value(Declared.stripe.secretKey)
        webhookSecrets = try reader.value(Declared.stripe.webhookSecrets)
    }
}
