import ServiceKit
import SharedModels

/// All refusals of this service.
enum JobsError: Error, Equatable {
    case gigNotFound(GigID)
    case applicationNotFound(ApplicationID)
    case noApplicant(AccountID, of: GigID)
    case notTheOwner(AccountID, of: GigID)
    case ownGig(GigID)
    case gigNotActive(GigID)
    case alreadyApplied(GigID)
    case dealUnderWay(GigID)
    case shortlistInUse(ApplicationID)
    case notShortlisted(ApplicationStatus)
    case alreadyNegotiating(ApplicationID)
}

extension JobsError: APIError {
    var code: ErrorCode {
        switch self {
        case .gigNotFound, .applicationNotFound, .noApplicant: .notFound
        case .notTheOwner, .ownGig: .forbidden
        case .gigNotActive, .alreadyApplied, .dealUnderWay, .shortlistInUse, .notShortlisted, .alreadyNegotiating:
            .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .gigNotFound: "There is no such gig."
        case .applicationNotFound: "There is no such application."
        case .noApplicant: "This worker has not applied to the gig."
        case .notTheOwner: "Only the owner of the gig may do this."
        case .ownGig: "You cannot apply to your own gig."
        case .gigNotActive: "The gig does not take applications: it is not active."
        case .alreadyApplied: "This account has already applied to the gig."
        case .dealUnderWay: "The gig has a negotiation or contract that is not over."
        case .shortlistInUse: "The applicant is being negotiated with; the shortlist stands until that is over."
        case .notShortlisted(let status): "The applicant is not shortlisted: the application is \(status.rawValue)."
        case .alreadyNegotiating: "A negotiation with this applicant is under way."
        }
    }

    var allowed: [String]? {
        switch self {
        case .notShortlisted: ["shortlist"]
        // Only its owner may publish a closed gig, so an applicant has nothing to do here.
        case .gigNotActive, .shortlistInUse: []
        case .gigNotFound, .applicationNotFound, .noApplicant, .notTheOwner, .ownGig, .alreadyApplied, .dealUnderWay,
            .alreadyNegotiating:
            nil
        }
    }
}
