import ServiceKit
import SharedModels

/// Refusals to reserve an applicant for a negotiation.
enum EngagementError: Error, Equatable {
    case noApplicant(AccountID, of: GigID)
    case notShortlisted(ApplicationStatus)
    case alreadyNegotiating(ApplicationID)
}

extension EngagementError: APIError {
    var code: ErrorCode {
        switch self {
        case .noApplicant: .notFound
        case .notShortlisted, .alreadyNegotiating: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .noApplicant: "This worker has not applied to the gig."
        case .notShortlisted(let status):
            "The applicant is not shortlisted: the application is \(status.rawValue). Shortlist it first."
        case .alreadyNegotiating: "A negotiation with this applicant is under way."
        }
    }

    var allowed: [String]? {
        if case .notShortlisted = self { ["shortlist"] } else { nil }
    }
}
