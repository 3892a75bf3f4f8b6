/// How far a made-up deal goes.
enum SeedStage: CaseIterable, Sendable {
    case rejected, applied, shortlisted
    case offered, countered, declined, agreed
    case halfApproved, onboarding, awaitingFunding
    case active, delivered, completed, reviewed, extended, ended
    case disputed, responded, resolved

    /// In which part of the market's short history it is played. What takes days comes first.
    var wave: Int {
        switch self {
        case .completed, .reviewed, .ended, .resolved, .declined, .rejected: 0
        case .extended, .delivered, .active: 1
        case .applied, .shortlisted, .offered, .countered, .agreed, .halfApproved, .onboarding, .awaitingFunding,
            .disputed, .responded:
            2
        }
    }

    /// How many deals of the market stop here.
    var count: Int {
        switch self {
        case .reviewed: 10
        case .completed, .active, .delivered, .applied, .countered: 4
        case .extended, .shortlisted, .offered, .agreed, .awaitingFunding: 3
        case .rejected, .declined, .halfApproved, .onboarding, .ended, .disputed, .responded, .resolved: 2
        }
    }

    /// How many waves there are.
    static let waves = 3
}
