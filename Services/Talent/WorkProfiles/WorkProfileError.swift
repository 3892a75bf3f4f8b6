import ServiceKit
import SharedModels

/// Refusals about the profiles of freelancers and clients on Skillhouse.
enum WorkProfileError: Error, Equatable {
    case notFound(UserType)
    case notOwn
    case unacceptable(String, String)
    case unknownSkills([Int])
    case unknownCategory
}

extension WorkProfileError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .notOwn: .forbidden
        case .unacceptable, .unknownSkills, .unknownCategory: .validationFailed
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound(let type): "There is no such \(type.rawValue)."
        case .notOwn: "The id in the path must be your own."
        case .unacceptable(let member, let problem): "\(member) \(problem)."
        case .unknownSkills: "A skill is not in the catalogue; get-skills lists those that are."
        case .unknownCategory: "The category is not in the catalogue; get-categories lists those that are."
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .notFound, .notOwn: []
        case .unacceptable(let member, let problem): [InputIssue(path: member, message: problem)]
        case .unknownSkills(let places):
            places.map { InputIssue(path: "skills.\($0)._id", message: "is not in the catalogue") }
        case .unknownCategory: [InputIssue(path: "jobCategory", message: "is not in the catalogue")]
        }
    }
}
