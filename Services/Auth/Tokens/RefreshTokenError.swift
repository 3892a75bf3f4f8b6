import ServiceKit
import SharedModels

/// Refusals of refresh tokens.
enum RefreshTokenError: Error, Equatable {
    /// Missing, unknown, outdated, or already used.
    case refused
}

extension RefreshTokenError: APIError {
    var code: ErrorCode { .unauthorized }
    var publicMessage: String { "There is no valid refresh token; sign in again." }
}
