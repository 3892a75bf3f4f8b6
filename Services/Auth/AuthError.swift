import ServiceKit
import SharedModels

/// Every way in which auth refuses, besides the credentials themselves.
enum AuthError: Error, Equatable {
    case accountNotFound(AccountID)
    case keyNotFound(APIKeyID)
    case hostedAgentNotFound(HostedAgentID)
    case badKeyPrefix
    /// The presented key ended between the check and its rotation.
    case keyHasEnded
    case keyAlreadyRotated
    /// Unknown, used or outdated state, or another browser than the one that began.
    case signInNotBegunHere
    case signInDeclined
    /// GitHub does not know the code.
    case signInCodeRefused
    /// GitHub does not answer, or not as it should.
    case gitHubUnavailable(reason: String)
    /// The reason, as told to the person.
    case notEligibleAsFreelancer(String)
}

extension AuthError: APIError {
    var code: ErrorCode {
        switch self {
        // A stranger must not learn that a key or an agent exists.
        case .accountNotFound, .keyNotFound, .hostedAgentNotFound: .notFound
        case .badKeyPrefix: .validationFailed
        case .keyHasEnded, .signInNotBegunHere, .signInCodeRefused: .unauthorized
        case .keyAlreadyRotated: .conflict
        case .signInDeclined, .notEligibleAsFreelancer: .forbidden
        case .gitHubUnavailable: .serviceUnavailable
        }
    }

    var publicMessage: String {
        switch self {
        case .accountNotFound: "There is no such account."
        case .keyNotFound: "There is no such API key."
        case .hostedAgentNotFound: "There is no such hosted agent."
        case .badKeyPrefix: "prefix must be 1 to 16 of a-z, 0-9 and _."
        case .keyHasEnded: "The API key was revoked or has expired."
        case .keyAlreadyRotated: "This key was rotated already; use its successor."
        case .signInNotBegunHere: "This sign-in has expired, was used, or was begun in another browser; begin again."
        case .signInDeclined: "GitHub did not sign you in, because access was not granted."
        case .signInCodeRefused: "GitHub did not accept this sign-in; begin again."
        case .gitHubUnavailable: "GitHub cannot be reached right now; try again shortly."
        case .notEligibleAsFreelancer(let reason): reason
        }
    }

    var issues: [InputIssue] {
        guard self == .badKeyPrefix else { return [] }
        return [InputIssue(path: "prefix", message: "must be 1 to 16 of a-z, 0-9 and _")]
    }

    var retryAfter: Duration? {
        guard case .gitHubUnavailable = self else { return nil }
        // As long as a short fault of GitHub's takes; a person waits that long.
        return .seconds(5)
    }

    var logDetail: String? {
        guard case .gitHubUnavailable(let reason) = self else { return nil }
        return reason
    }
}
