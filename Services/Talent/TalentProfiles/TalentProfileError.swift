import ServiceKit
import SharedModels

/// Refusals about profiles on SkillSync.
enum TalentProfileError: Error, Equatable {
    case notOwn
    case salaryUpsideDown
    case unknownCurrency
    /// The places of two names of one skill.
    case sameSkill(Int, as: Int)
}

extension TalentProfileError: APIError {
    var code: ErrorCode { self == .notOwn ? .forbidden : .validationFailed }

    var publicMessage: String {
        switch self {
        case .notOwn: "Only the owner of a profile can change it."
        case .salaryUpsideDown, .unknownCurrency, .sameSkill:
            issues.map { "\($0.path) \($0.message)." }.joined(separator: " ")
        }
    }

    var suggestion: String? {
        switch self {
        case .notOwn: "Use your own id in the path."
        case .sameSkill(let place, _): "Leave skills.\(place) out."
        case .salaryUpsideDown, .unknownCurrency: nil
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .notOwn: []
        case .salaryUpsideDown:
            [InputIssue(path: "preferences.salary_range.max", message: "must not be less than min")]
        case .unknownCurrency:
            [
                InputIssue(
                    path: "preferences.salary_range.currency", message: "must be three capital letters, such as EUR")
            ]
        case .sameSkill(let place, let first):
            [InputIssue(path: "skills.\(place).name", message: "is the same skill as skills.\(first)")]
        }
    }
}
