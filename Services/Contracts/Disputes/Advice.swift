import SharedModels

/// Gives advice on disputes. Advice changes nothing by itself.
protocol DisputeAdvisor: Sendable {
    /// - Throws: ``NoAdvice``.
    func advice(on file: CaseFile) async throws -> Advice
}

/// A suggestion of how to decide a dispute. It changes nothing by itself.
struct Advice: Sendable, Equatable {
    let outcome: DisputeOutcome
    /// The advisor's confidence, in hundredths of a percent: 0 to 10,000.
    let confidenceBasisPoints: Int
    let reasons: [RecommendationReason]
    let source: RecommendationSource
}

/// Advice that was given.
struct Recommendation: Sendable, Equatable {
    let advice: Advice
    /// Identifies the case as the advisor saw it (``CaseFile/digest``); `nil` for advice from before this column
    /// existed.
    let caseDigest: String?
    let at: Timestamp

    var view: RecommendationView {
        RecommendationView(
            outcome: advice.outcome, reasons: advice.reasons,
            confidence: Double(advice.confidenceBasisPoints) / 10_000, source: advice.source, createdAt: at)
    }
}
