import ServiceKit
import SharedModels

/// Refusals to sign in with Google.
enum GoogleError: Error, Equatable {
    /// The token is not Google's, not for us, or has expired.
    case tokenRefused
    /// Google has not verified the person's address.
    case addressUnverified
    /// A new account needs a role.
    case roleMissing
    case adminRole
    /// An account has the address and has not proven it, or another person at Google is linked to it.
    case taken
    /// The owner of the account with the same address has unlinked Google.
    case keptOut
    /// The session's account is linked to another person at Google, or the person to another account.
    case linkedElsewhere
    /// Google's keys cannot be fetched.
    case unavailable(reason: String)
}

extension GoogleError: APIError {
    var code: ErrorCode {
        switch self {
        case .tokenRefused, .addressUnverified: .unauthorized
        case .roleMissing: .validationFailed
        case .adminRole: .forbidden
        case .taken, .keptOut, .linkedElsewhere: .conflict
        case .unavailable: .serviceUnavailable
        }
    }

    var publicMessage: String {
        switch self {
        case .tokenRefused: "Google's token is not valid, or has expired; sign in with Google again."
        case .addressUnverified: "Google has not verified this address; verify it there, or register with it here."
        case .roleMissing: "role is required for a new account: client or freelancer."
        case .adminRole: "Nobody can sign up as an admin; sign up as a client or a freelancer."
        case .taken:
            "An account with this address exists already; sign in to it, and link Google with its access token."
        case .keptOut:
            "Google was unlinked from the account with this address; sign in to it, and link Google again from there."
        case .linkedElsewhere:
            "This account or this person at Google is linked already; sign out to sign in with Google."
        case .unavailable: "Google cannot be reached right now; try again shortly."
        }
    }

    var issues: [InputIssue] {
        if case .roleMissing = self { [InputIssue(path: "role", message: "is required for a new account")] } else { [] }
    }

    var retryAfter: Duration? { if case .unavailable = self { .seconds(5) } else { nil } }
    var logDetail: String? { if case .unavailable(let reason) = self { reason } else { nil } }
}
