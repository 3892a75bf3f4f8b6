import ServiceKit
import SharedModels

/// Refusals about gigs.
enum GigError: Error, Equatable {
    /// Also for a stranger, who must not learn of a draft.
    case notFound(GigID)
    case notTheOwner(AccountID, of: GigID)
    case notActive(GigID)
    case dealUnderWay(GigID)
}

extension GigError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .notTheOwner: .forbidden
        case .notActive, .dealUnderWay: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such gig."
        case .notTheOwner: "Only the owner of the gig may do this."
        case .notActive: "The gig does not take applications: it is not active."
        case .dealUnderWay: "The gig has a negotiation or contract that is not over; it can be deleted afterwards."
        }
    }

    var allowed: [String]? {
        // Only its owner may publish a closed gig, so an applicant has nothing to do here.
        if case .notActive = self { [] } else { nil }
    }
}
