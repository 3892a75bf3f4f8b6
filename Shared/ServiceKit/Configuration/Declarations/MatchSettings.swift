import SharedModels

/// How much each part of a match's score counts. Only their proportions matter.
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
}
