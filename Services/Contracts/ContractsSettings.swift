import ServiceKit
import SharedModels

struct ContractsSettings: Sendable {
    /// `ARBITRATION_FEE_CENTS`, what the party that lost a dispute owes when an admin says so; 150 USD, the
    /// figure the product names. 0: nothing is ever charged.
    let arbitrationFee: Money
    /// `LLM_BASE_URL`, `LLM_MODEL` and `LLM_API_KEY`; without the first, advice on disputes follows a rubric.
    let languageModel: LanguageModelSettings?

    init(_ reader: SettingsReader) throws(BadSetting) {
        let declared = Declared.deals
        arbitrationFee = .usd(cents: Int64(try reader.value(declared.arbitrationFee)))
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
    /// What `/chat/completions` is appended to.
    let baseURL: String
    let model: String
    /// `nil`: it asks for none.
    let apiKey: Secret?
}
