import ServiceKit
import SharedModels

/// Refusals about applications.
enum ApplicationError: Error, Equatable {
    case notFound(ApplicationID)
    case ownGig(GigID)
    case alreadyApplied(GigID)
    case shortlistInUse(ApplicationID)
    /// The gig's owner tried to withdraw it.
    case notYours(ApplicationID)
    case inUse(ApplicationID)
}

extension ApplicationError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .ownGig, .notYours: .forbidden
        case .alreadyApplied, .shortlistInUse, .inUse: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such application."
        case .ownGig: "You cannot apply to your own gig."
        case .alreadyApplied: "This account has already applied to the gig."
        case .shortlistInUse: "The applicant is being negotiated with; the shortlist stands until that is over."
        case .notYours: "Only the applicant can withdraw an application; the gig's owner can reject it."
        case .inUse: "A negotiation or contract about this application is open: it stays until that is over."
        }
    }

    var allowed: [String]? {
        switch self {
        case .shortlistInUse, .inUse: []
        case .notFound, .ownGig, .alreadyApplied, .notYours: nil
        }
    }
}
