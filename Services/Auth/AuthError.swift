import ServiceKit
import SharedModels

/// Every way in which auth refuses, besides the credentials themselves.
enum AuthError: Error, Equatable {
    case accountNotFound(AccountID)
    /// It was deleted while the request was under way.
    case accountHasEnded
    /// The open money and disputes that keep the account from being deleted.
    case accountInUse([DeletionBlocker])
    /// The answer about what is open is too old to rely on.
    case deletionTooSlow
    case keyNotFound(APIKeyID)
    case hostedAgentNotFound(HostedAgentID)
    case tooManyAgents
    case tooManyKeys
    /// The agent has used up its month. The value is the rest of that month.
    case agentPaused(until: Duration)
    case badKeyPrefix
    /// The presented key was revoked between the check and its rotation.
    case keyHasEnded
    case keyAlreadyRotated
    /// The state is unknown, used or outdated, or the sign-in began in another browser.
    case signInNotBegunHere
    case signInDeclined
    /// GitHub refuses the code.
    case signInCodeRefused
    /// GitHub does not answer, or its answer is not valid.
    case gitHubUnavailable(reason: String)
    /// The reason, in words for the person.
    case notEligibleAsFreelancer(String)
    /// Also when nobody has that address.
    case wrongPassword
    case tooManyPasswords(retryAfter: Duration)
    /// All the password checks that the machine can bear are under way.
    case tooManySignIns
    /// Missing, unknown, outdated, or already used.
    case refreshTokenRefused
}

extension AuthError: APIError {
    var code: ErrorCode {
        switch self {
        // A stranger must not learn that a key or an agent exists.
        case .accountNotFound, .keyNotFound, .hostedAgentNotFound: .notFound
        case .badKeyPrefix: .validationFailed
        case .accountHasEnded, .keyHasEnded, .signInNotBegunHere, .signInCodeRefused, .refreshTokenRefused:
            .unauthorized
        case .keyAlreadyRotated, .accountInUse, .tooManyAgents, .tooManyKeys: .conflict
        case .agentPaused: .agentPaused
        case .signInDeclined, .notEligibleAsFreelancer: .forbidden
        case .gitHubUnavailable, .tooManySignIns, .deletionTooSlow: .serviceUnavailable
        case .wrongPassword: .badRequest
        case .tooManyPasswords: .rateLimitExceeded
        }
    }

    var publicMessage: String {
        switch self {
        case .accountNotFound: "There is no such account."
        case .accountHasEnded: "The account was deleted."
        case .accountInUse:
            "The account cannot be deleted while it has open money or an open dispute; the issues name each."
        case .deletionTooSlow: "The account was not deleted, since that took too long; try again shortly."
        case .keyNotFound: "There is no such API key."
        case .hostedAgentNotFound: "There is no such hosted agent."
        case .tooManyAgents: "An account has at most \(HostedAgentWorkflow.limit) hosted agents; delete one first."
        case .tooManyKeys:
            "An account has at most \(APIKey.limit) keys that can be used; revoke one first, or rotate without overlap."
        case .agentPaused: "The hosted agent has used up its recommendations of this month."
        case .badKeyPrefix: "prefix must be 1 to 16 of a-z, 0-9 and _."
        case .keyHasEnded: "The API key was revoked or has expired."
        case .keyAlreadyRotated: "This key was rotated already; use its successor."
        case .signInNotBegunHere:
            "This sign-in has expired, was finished already, or was begun in another browser; sign in again."
        case .signInDeclined: "GitHub did not sign you in, because access was not granted."
        case .signInCodeRefused: "GitHub did not accept this sign-in; sign in again."
        case .gitHubUnavailable: "GitHub cannot be reached right now; try again shortly."
        case .notEligibleAsFreelancer(let reason): reason
        case .wrongPassword: "The e-mail address or the password is wrong."
        case .tooManyPasswords: "There were too many wrong passwords for this address; try again later."
        case .tooManySignIns: "Too many people are signing in right now; try again shortly."
        case .refreshTokenRefused: "There is no valid refresh token; sign in again."
        }
    }

    var issues: [InputIssue] {
        if case .accountInUse(let blockers) = self { return blockers.map(\.issue) }
        guard self == .badKeyPrefix else { return [] }
        return [InputIssue(path: "prefix", message: "must be 1 to 16 of a-z, 0-9 and _")]
    }

    var retryAfter: Duration? {
        switch self {
        // About as long as a short outage, or as the requests ahead in the queue; a person can wait that long.
        case .gitHubUnavailable, .tooManySignIns, .deletionTooSlow: .seconds(5)
        case .tooManyPasswords(let wait), .agentPaused(let wait): wait
        case .accountNotFound, .keyNotFound, .hostedAgentNotFound, .badKeyPrefix, .keyHasEnded,
            .keyAlreadyRotated, .signInNotBegunHere, .signInDeclined, .signInCodeRefused,
            .notEligibleAsFreelancer, .wrongPassword, .refreshTokenRefused, .accountHasEnded, .accountInUse,
            .tooManyAgents, .tooManyKeys:
            nil
        }
    }

    var logDetail: String? {
        guard case .gitHubUnavailable(let reason) = self else { return nil }
        return reason
    }
}
