import SharedModels

/// Why a request is not let in.
package enum CredentialRefusal: Error, Sendable, Equatable {
    /// 401. The reason is fit for the caller.
    case unauthorized(String)
    /// 403. The account is blocked. The reason is fit for the caller.
    case blocked(String)
    /// 429. The account has used up what its plan allows for now.
    case rateLimited(RateLimitState)
    /// 503. Auth cannot be reached, and the cache does not cover the request.
    case unavailable(retryAfter: Duration)
}

/// The values of the `X-RateLimit-…` headers.
package struct RateLimitState: Sendable, Equatable {
    /// The plan's requests per minute.
    package let limit: Int
    /// How many requests are left in the current minute, never below 0.
    package let remaining: Int
    /// When the minute ends.
    package let resetsAt: Timestamp
    /// Seconds to wait: in a 429 until the next request can succeed, otherwise until the minute ends.
    package let retryAfterSeconds: Int

    package init(limit: Int, remaining: Int, resetsAt: Timestamp, retryAfterSeconds: Int) {
        self.limit = limit
        self.remaining = remaining
        self.resetsAt = resetsAt
        self.retryAfterSeconds = retryAfterSeconds
    }
}

extension CredentialRefusal: APIError {
    package var code: ErrorCode {
        switch self {
        case .unauthorized: .unauthorized
        case .blocked: .forbidden
        case .rateLimited: .rateLimitExceeded
        case .unavailable: .serviceUnavailable
        }
    }

    package var publicMessage: String {
        switch self {
        case .unauthorized(let reason), .blocked(let reason): reason
        case .rateLimited(let state):
            "The rate limit of the account's plan is reached; wait \(state.retryAfterSeconds.counted("second"))."
        case .unavailable: "Credentials cannot be checked right now; try again shortly."
        }
    }

    package var retryAfter: Duration? {
        switch self {
        case .unauthorized, .blocked: nil
        case .rateLimited(let state): .seconds(state.retryAfterSeconds)
        case .unavailable(let wait): wait
        }
    }
}
