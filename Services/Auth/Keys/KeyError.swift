import ServiceKit
import SharedModels

/// Refusals about API keys.
enum KeyError: Error, Equatable {
    /// Also for a stranger, who must not learn that it exists.
    case notFound(APIKeyID)
    case tooMany
    case badPrefix
    case endsInThePast
    /// The key that asks ends at this time.
    case outlives(Timestamp)
    /// These scopes are not among those of the credential that asks.
    case wider([Scope])
    /// The presented key was revoked between the check and its rotation.
    case hasEnded
    case alreadyRotated
    /// The key that is to be rotated was revoked, or has expired.
    case isOver
    /// The key that is to be rotated has these scopes, which the credential that asks lacks; none: it has no limits.
    case mayDoMore([Scope])
    /// An agent's key asks for a key that is not that agent's.
    case ofAnother
}

extension KeyError: APIError {
    var code: ErrorCode {
        switch self {
        case .notFound: .notFound
        case .badPrefix, .endsInThePast, .outlives: .validationFailed
        case .wider, .mayDoMore, .ofAnother: .forbidden
        case .hasEnded: .unauthorized
        case .tooMany, .alreadyRotated, .isOver: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .notFound: "There is no such API key."
        case .tooMany:
            "An account has at most \(APIKey.limit) keys that can be used; revoke one first, or rotate without overlap."
        case .badPrefix: "prefix must be 1 to 16 of a-z, 0-9 and _."
        case .endsInThePast: "expires_at must be in the future."
        case .outlives(let end): "expires_at must not be after \(Timestamp(seconds: end.seconds)), when your key ends."
        case .wider(let scopes):
            "Your credential does not have these scopes itself: \(scopes.map(\.rawValue).joined(separator: ", "))."
        case .hasEnded: "The API key was revoked or has expired; use another one."
        case .alreadyRotated: "This key was rotated already; use its successor."
        case .isOver: "The key was revoked or has expired, so nothing can take its place; make a new one."
        case .mayDoMore([]): "This key may do everything, and your credential has scopes."
        case .mayDoMore(let scopes):
            "This key has scopes that your credential lacks: \(scopes.map(\.rawValue).joined(separator: ", "))."
        case .ofAnother: "An agent's key rotates no key but that agent's."
        }
    }

    var suggestion: String? {
        switch self {
        case .wider: "Leave these scopes out, or make the key with a session, which has them all."
        case .outlives: "Leave expires_at out, or make the key with a session, which sets no end."
        case .tooMany: "Revoke a key that is not used any more: DELETE /api/keys/{id}."
        case .mayDoMore, .ofAnother: "Rotate it with a session, or with the key itself: POST /api/keys/rotate."
        case .notFound, .badPrefix, .endsInThePast, .hasEnded, .alreadyRotated, .isOver: nil
        }
    }

    var issues: [InputIssue] {
        switch self {
        case .badPrefix: [InputIssue(path: "prefix", message: "must be 1 to 16 of a-z, 0-9 and _")]
        case .endsInThePast: [InputIssue(path: "expires_at", message: "must be in the future")]
        case .outlives(let end):
            [
                InputIssue(
                    path: "expires_at",
                    message: "must not be after \(Timestamp(seconds: end.seconds)), when your key ends"
                )
            ]
        case .notFound, .tooMany, .wider, .hasEnded, .alreadyRotated, .isOver, .mayDoMore, .ofAnother: []
        }
    }
}
