import SharedModels

/// How much each part of a match's score counts, of which only the proportions matter, and who gives vectors for free text.
package struct MatchSettings: Sendable {
    package let technical = Setting(
        "MATCH_WEIGHT_TECHNICAL", .integer(0...1_000, "shares"), default: "50", of: [.talent],
        "How much the skills count for the score of a match. The shares of all three make the whole.")
    package let cultural = Setting(
        "MATCH_WEIGHT_CULTURAL", .integer(0...1_000, "shares"), default: "20", of: [.talent],
        "How much preferences and location count for the score of a match.")
    package let experience = Setting(
        "MATCH_WEIGHT_EXPERIENCE", .integer(0...1_000, "shares"), default: "30", of: [.talent],
        "How much years of experience count for the score of a match.")
    package let text = Setting(
        "MATCH_WEIGHT_TEXT", .integer(0...1_000, "shares"), default: "20", of: [.talent],
        "How much the closeness of free texts counts for the score of a match, with `EMBEDDING_BASE_URL`.")
    package let embeddingBase = Setting(
        "EMBEDDING_BASE_URL", .httpURL, without: "free text does not count for matches", of: [.talent],
        "An OpenAI-compatible provider of vectors for texts: what stands before `/embeddings`.")
    package let embeddingModel = Setting(
        "EMBEDDING_MODEL", .word, without: "required with `EMBEDDING_BASE_URL`", of: [.talent], "The model's name.")
    package let embeddingKey = Setting(
        "EMBEDDING_API_KEY", .token(), without: "the provider is asked without one", of: [.talent],
        "The provider's key.")
}
