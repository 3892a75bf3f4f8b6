import ServiceKit
import SharedModels

/// Refusals about applications.
enum ApplicationError: Error, Equatable {
    case notFound(ApplicationID)
    case ownGig(GigID)
    case alreadyApplied(GigID)
    case shortlistInUse(ApplicationID)
}

extension ApplicationError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .ownGig: .forbidden
        case .alreadyApplied, .shortlistInUse: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such application."
        case .ownGig: "You cannot apply to your own gig."
        case .alreadyApplied: "This account has already applied to the gig."
        case .shortlistInUse: "The applicant is being negotiated with; the shortlist stands until that is over."
        }
    }

    var allowed: [String]? {
        if case .shortlistInUse = self { [] } else { nil }
    }
}
