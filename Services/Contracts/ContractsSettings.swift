import ServiceKit

struct ContractsSettings: Sendable {
    /// `PLATFORM_FEE_BPS`, the platform's share in hundredths of a percent; 5 % as the product promises.
    /// Payments, which has the same setting, decides; here it only foretells a release that has not
    /// finished.
    let feeBasisPoints: Int64

    /// `ARBITRATION_FEE_CENTS`, what the party that lost a dispute owes when an admin says so; 150 USD, the
    /// figure the product names. 0: nothing is ever charged.
    let arbitrationFeeCents: Int64
    /// `LLM_BASE_URL`, `LLM_MODEL` and `LLM_API_KEY`; without the first, advice on disputes follows a rubric.
    let languageModel: LanguageModelSettings?

    init(_ environment: SettingsReader) throws {
        feeBasisPoints = Int64(try environment.integer("PLATFORM_FEE_BPS", default: 500, 0...9_999))
        arbitrationFeeCents = Int64(
            try environment.integer("ARBITRATION_FEE_CENTS", default: 15_000, 0...100_000_000))
        languageModel =
            environment.optional("LLM_BASE_URL") == nil
            ? nil
            : LanguageModelSettings(
                baseURL: try environment.url("LLM_BASE_URL"), model: try environment.required("LLM_MODEL"),
                apiKey: environment.optionalSecret("LLM_API_KEY"))
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
