import SharedModels

/// What a plan allows (SkillSync contract, section 2).
struct PlanLimits: Sendable, Equatable {
    /// How many requests flow into the bucket each minute; also `X-RateLimit-Limit`.
    let perMinute: Int
    /// Requests per calendar day in UTC.
    let perDay: Int
    /// How many requests the bucket holds.
    let burst: Int
    /// In flight at once, over all services and replicas.
    let concurrent: Int
}

extension Plan {
    /// `nil`: unlimited.
    var limits: PlanLimits? {
        switch self {
        case .free: PlanLimits(perMinute: 60, perDay: 1000, burst: 100, concurrent: 5)
        case .pro: PlanLimits(perMinute: 300, perDay: 10_000, burst: 500, concurrent: 20)
        case .enterprise: PlanLimits(perMinute: 1000, perDay: 50_000, burst: 2000, concurrent: 100)
        case .custom: nil
        }
    }
}
