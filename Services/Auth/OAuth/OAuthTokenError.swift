import ServiceKit
import SharedModels

/// Refusals of the token endpoint and its neighbours (RFC 6749, section 5.2). Their texts are for developers.
enum OAuthTokenError: Error, Equatable {
    case invalidRequest(String)
    /// The client is not known, or did not prove that it is the one.
    case invalidClient(String)
    /// A code or a refresh token that is not valid, or another client's.
    case invalidGrant(String)
    case unauthorizedClient(String)
    case unsupportedGrantType
    /// Only at the authorization endpoint, as is the next.
    case unsupportedResponseType
    case accessDenied
    case invalidScope(String)
    /// Too many wrong secrets and made-up tokens came for this client from this place.
    case tooManyGuesses(retryAfter: Duration)
}

extension OAuthTokenError: APIError {
    var code: ErrorCode {
        switch self {
        case .invalidClient: .unauthorized
        case .tooManyGuesses: .rateLimitExceeded
        case .invalidRequest, .invalidGrant, .unauthorizedClient, .unsupportedGrantType, .invalidScope,
            .unsupportedResponseType, .accessDenied:
            .badRequest
        }
    }

    var publicMessage: String {
        switch self {
        case .invalidRequest(let text), .invalidClient(let text), .invalidGrant(let text),
            .unauthorizedClient(let text), .invalidScope(let text):
            "\(text)."
        case .unsupportedResponseType: "response_type must be code."
        case .accessDenied: "The person has not allowed it."
        case .unsupportedGrantType: "grant_type is authorization_code, refresh_token or client_credentials."
        case .tooManyGuesses(let wait):
            "Too many wrong secrets or tokens came for this client; "
                + "wait \(Int(wait.components.seconds).counted("second"))."
        }
    }

    var oauthName: String? {
        switch self {
        case .invalidRequest: "invalid_request"
        case .invalidClient: "invalid_client"
        case .invalidGrant: "invalid_grant"
        case .unauthorizedClient: "unauthorized_client"
        case .unsupportedGrantType: "unsupported_grant_type"
        case .unsupportedResponseType: "unsupported_response_type"
        case .accessDenied: "access_denied"
        case .invalidScope: "invalid_scope"
        case .tooManyGuesses: nil
        }
    }

    var retryAfter: Duration? {
        if case .tooManyGuesses(let wait) = self { wait } else { nil }
    }

    var challenge: String { "Basic realm=\"guildhall\", charset=\"UTF-8\"" }
}
