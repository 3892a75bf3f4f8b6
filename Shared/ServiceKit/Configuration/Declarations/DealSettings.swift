import SharedModels

/// What a deal costs, and which language model advises on disputes.
package struct DealSettings: Sendable {
    package static let feeBasisPoints = 0...9_999

    package let platformFee = Setting(
        "PLATFORM_FEE_BPS", .integer(feeBasisPoints, "hundredths of a percent"), default: "500",
        of: [.payments], "The platform's share of a release.")
    package let escrowFee = Setting(
        "ESCROW_FEE_BPS", .integer(feeBasisPoints, "hundredths of a percent"), default: "1000",
        of: [.payments], "The platform's share of a contract that is paid at once (Skillhouse).")
    package let minimumMilestone = Setting(
        "MINIMUM_MILESTONE_CENTS", .integer(0...99_999_999, "US cents"), default: "0", of: [.contracts],
        "The least that a milestone may cost, if it costs anything; 0 leaves it to the payment provider's minimum.")
    package let arbitrationFee = Setting(
        "ARBITRATION_FEE_CENTS", .integer(0...100_000_000, "US cents"), default: "15000", of: [.contracts],
        "What the party that lost a dispute owes when an admin says so; 0 charges nobody.")
    package let modelBase = Setting(
        "LLM_BASE_URL", .httpURL, without: "advice on disputes follows a rubric", of: [.contracts],
        "An OpenAI-compatible language model: what stands before `/chat/completions`.")
    package let modelName = Setting(
        "LLM_MODEL", .word, without: "required with `LLM_BASE_URL`", of: [.contracts], "The model's name.")
    package let modelKey = Setting(
        "LLM_API_KEY", .token(), without: "the model is asked without one", of: [.contracts],
        outsideDevelopment: .notPublished("sk-development"), "The model's key.")
}
