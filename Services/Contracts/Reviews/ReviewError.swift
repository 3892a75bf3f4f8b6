import ServiceKit
import SharedModels

/// Refusals about reviews, besides ``ActionError``.
enum ReviewError: Error, Equatable {
    case notFound
    /// The account whose reviews were asked for does not exist.
    case accountNotFound
    case alreadyReviewed(allowed: [String])
    /// The contract is with somebody else.
    case otherFreelancer
}

extension ReviewError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound, .accountNotFound: .notFound
        case .alreadyReviewed: .conflict
        case .otherFreelancer: .validationFailed
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such review."
        case .accountNotFound: "There is no such account."
        case .alreadyReviewed: "You have already reviewed this contract."
        case .otherFreelancer: "freelancerId must be the contract's freelancer."
        }
    }

    var issues: [InputIssue] {
        self == .otherFreelancer
            ? [InputIssue(path: "freelancerId", message: "must be the contract's freelancer")] : []
    }

    var allowed: [String]? {
        if case .alreadyReviewed(let allowed) = self { allowed } else { nil }
    }
}
