import SharedModels

/// Gives advice, and never more than that.
protocol DisputeAdvisor: Sendable {
    /// - Throws: ``NoAdvice``.
    func advice(on file: CaseFile) async throws -> Advice
}

/// How a dispute might be decided. Nothing follows from it.
struct Advice: Sendable, Equatable {
    let outcome: DisputeOutcome
    /// How sure it is, in hundredths of a percent: 0 to 10,000.
    let confidenceBasisPoints: Int
    let reasons: [RecommendationReason]
    let source: RecommendationSource
}

/// Advice that was given.
struct Recommendation: Sendable, Equatable {
    let advice: Advice
    /// Of the case as it was put to the advisor (``CaseFile/digest``); `nil` for advice of old.
    let caseDigest: String?
    let at: Timestamp

    var view: RecommendationView {
        RecommendationView(
            outcome: advice.outcome, reasons: advice.reasons,
            confidence: Double(advice.confidenceBasisPoints) / 10_000, source: advice.source, createdAt: at)
    }
}
