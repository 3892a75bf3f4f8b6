import ServiceKit

/// The settings of payments, besides those of every service.
struct PaymentsSettings: Sendable {
    /// `PLATFORM_FEE_BPS`: the platform's share of a release, in hundredths of a percent; 500 is the
    /// published 5 %.
    let feeBasisPoints: Int
    /// `ESCROW_FEE_BPS`: the platform's share of a contract of the flow `escrow_checkout`; 1000 is the published 10 %.
    let escrowFeeBasisPoints: Int
    /// `STRIPE_API_BASE`: a different address only in development.
    let stripeBase: String
    /// `STRIPE_SECRET_KEY`.
    let stripeKey: Secret
    /// Whether the key is for real money.
    var isLive: Bool { stripeKey.reveal().contains("_live_") }
    /// `STRIPE_WEBHOOK_SECRET`: the endpoint's signing secret; several, separated by commas, during a rotation.
    let webhookSecrets: [Secret]

    init(_ reader: SettingsReader) throws(BadSetting) {
        feeBasisPoints = try reader.value(Declared.deals.platformFee)
        escrowFeeBasisPoints = try reader.value(Declared.deals.escrowFee)
        stripeBase = try reader.value(Declared.stripe.base)
        stripeKey = try reader.value(Declared.stripe.secretKey)
        guard !reader.isProduction || !stripeKey.reveal().contains("_test_") else {
            throw BadSetting(
                Declared.stripe.secretKey.name,
                "is a key for test money; in production it must be one that begins with sk_live_ or rk_live_")
        }
        webhookSecrets = try reader.value(Declared.stripe.webhookSecrets)
    }
}
