import ServiceKit
import SharedModels

/// Every way in which auth refuses, besides the credentials themselves.
enum AuthError: Error, Equatable {
    case accountNotFound(AccountID)
    /// It was deleted while the request was under way.
    case accountHasEnded
    /// What is open and keeps the account from being deleted.
    case accountInUse([DeletionBlocker])
    case keyNotFound(APIKeyID)
    case hostedAgentNotFound(HostedAgentID)
    case tooManyAgents
    /// The agent has used up its month, of which so much is left.
    case agentPaused(until: Duration)
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
        case .accountHasEnded, .keyHasEnded, .signInNotBegunHere, .signInCodeRefused: .unauthorized
        case .keyAlreadyRotated, .accountInUse, .tooManyAgents: .conflict
        case .agentPaused: .agentPaused
        case .signInDeclined, .notEligibleAsFreelancer: .forbidden
        case .gitHubUnavailable: .serviceUnavailable
        }
    }

    var publicMessage: String {
        switch self {
        case .accountNotFound: "There is no such account."
        case .accountHasEnded: "The account was deleted."
        case .accountInUse:
            "The account cannot be deleted while money or a dispute of its is open; the issues name each."
        case .keyNotFound: "There is no such API key."
        case .hostedAgentNotFound: "There is no such hosted agent."
        case .tooManyAgents: "An account has at most \(HostedAgentWorkflow.limit) hosted agents."
        case .agentPaused: "The hosted agent has used up its recommendations of this month."
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
        if case .accountInUse(let blockers) = self { return blockers.map(\.issue) }
        guard self == .badKeyPrefix else { return [] }
        return [InputIssue(path: "prefix", message: "must be 1 to 16 of a-z, 0-9 and _")]
    }

    var retryAfter: Duration? {
        if case .agentPaused(let rest) = self { return rest }
        guard case .gitHubUnavailable = self else { return nil }
        // As long as a short fault of GitHub's takes; a person waits that long.
        return .seconds(5)
    }

    var logDetail: String? {
        guard case .gitHubUnavailable(let reason) = self else { return nil }
        return reason
    }
}
