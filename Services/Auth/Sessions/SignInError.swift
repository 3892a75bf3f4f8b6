import ServiceKit
import SharedModels

/// Refusals on the way through GitHub.
enum SignInError: Error, Equatable {
    /// The state is unknown, used or outdated, or the sign-in began in another browser.
    case notBegunHere
    case declined
    /// GitHub refuses the code.
    case codeRefused
    /// GitHub does not answer, or its answer is not valid.
    case gitHubUnavailable(reason: String)
}

extension SignInError: APIError {
    var code: ErrorCode {
        switch self {
        case .notBegunHere, .codeRefused: .unauthorized
        case .declined: .forbidden
        case .gitHubUnavailable: .serviceUnavailable
        }
    }

    var publicMessage: String {
        switch self {
        case .notBegunHere:
            "This sign-in has expired, was finished already, or was begun in another browser; sign in again."
        case .declined: "GitHub did not sign you in, because access was not granted; sign in again to grant it."
        case .codeRefused: "GitHub did not accept this sign-in; sign in again."
        case .gitHubUnavailable: "GitHub cannot be reached right now; try again shortly."
        }
    }

    var retryAfter: Duration? {
        // About as long as a short outage; a person can wait that long.
        if case .gitHubUnavailable = self { .seconds(5) } else { nil }
    }

    var logDetail: String? {
        if case .gitHubUnavailable(let reason) = self { reason } else { nil }
    }
}
