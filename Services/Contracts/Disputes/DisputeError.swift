import ServiceKit
import SharedModels

/// Refusals about disputes, besides ``ActionError``.
enum DisputeError: Error, Equatable {
    /// Also for a stranger, who must not learn that it exists.
    case notFound
    /// The request opens it for the other side.
    case notYourSide(PartyRole)
    /// The party that opened it cannot answer it.
    case openedByYou
    /// Members of the body that contradict each other.
    case invalid([InputIssue])
    /// The dispute changed while advice was being given.
    case outdatedAdvice(allowed: [String])
    /// A different decision was already made.
    case decidedOtherwise
}

extension DisputeError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .notYourSide, .openedByYou: .forbidden
        case .invalid: .validationFailed
        case .outdatedAdvice, .decidedOtherwise: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such dispute."
        case .notYourSide(let role): "You are the \(role.rawValue) of this contract; disputing_party must say so."
        case .openedByYou: "You opened this dispute; the other party responds to it."
        case .invalid(let issues): issues.first.map { "\($0.path) \($0.message)." } ?? "The input is not valid."
        case .outdatedAdvice: "The dispute has changed in the meantime; ask again."
        case .decidedOtherwise: "This dispute has already been decided differently, and a decision is final."
        }
    }

    var issues: [InputIssue] {
        if case .invalid(let issues) = self { issues } else { [] }
    }

    var allowed: [String]? {
        switch self {
        case .outdatedAdvice(let allowed): allowed
        case .decidedOtherwise: []
        case .notFound, .notYourSide, .openedByYou, .invalid: nil
        }
    }
}

/// The advisor gave no usable advice.
struct NoAdvice: APIError, Equatable {
    /// For the log.
    let reason: String

    var code: ErrorCode { .serviceUnavailable }
    var publicMessage: String { "No advice can be given right now; try again shortly." }
    var retryAfter: Duration? { .seconds(5) }
    var logDetail: String? { "no advice: \(reason)" }
}

/// The account has used up its questions to the advisor.
struct TooMuchAdvice: APIError, Equatable {
    /// The time until it may ask about another case.
    let wait: Duration

    var code: ErrorCode { .rateLimitExceeded }
    var publicMessage: String {
        "You have asked for advice on \(AdviceAsk.limit) cases within 24 hours; ask again later."
    }
    var retryAfter: Duration? { wait }
}
