import ServiceKit
import SharedModels

struct ContractsSettings: Sendable {
    /// `ARBITRATION_FEE_CENTS`: what the losing party of a dispute owes if an admin decides so. 150 USD is the figure
    /// that the product names. With 0 nothing is ever charged.
    let arbitrationFee: Money
    /// `MINIMUM_MILESTONE_CENTS`.
    let prices: PriceRule
    /// `STRIPE_PUBLISHABLE_KEY`: for the browser of who funds.
    let publishableKey: String?
    /// `LLM_BASE_URL`, `LLM_MODEL` and `LLM_API_KEY`. Without the first, a rubric advises on disputes.
    let languageModel: LanguageModelSettings?

    init(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.deals
        arbitrationFee = .usd(cents: Int64(try reader.value(declared.arbitrationFee)))
        prices = PriceRule(minimumCents: Int64(try reader.value(declared.minimumMilestone)))
        publishableKey = reader.optional(Declared.stripe.publishableKey)?.reveal()
        guard let base = reader.optional(declared.modelBase) else {
            languageModel = nil
            return
        }
        guard let model = reader.optional(declared.modelName) else {
            throw BadSetting("LLM_MODEL", "is missing, while LLM_BASE_URL is there")
        }
        languageModel = LanguageModelSettings(
            baseURL: base, model: model, apiKey: reader.optional(declared.modelKey))
    }
}

/// An OpenAI-compatible language model.
struct LanguageModelSettings: Sendable {
    /// The URL that `/chat/completions` is appended to.
    let baseURL: String
    let model: String
    /// `nil` when the model needs no key.
    let apiKey: Secret?
}
