import ServiceKit
import SharedModels

/// Refusals to sign in with Google, besides those of every provider (``SignInError``).
enum GoogleError: Error, Equatable {
    /// The token is not Google's, not for us or for this sign-in, or has expired.
    case tokenRefused
    /// Google has not verified the person's address.
    case addressUnverified
    /// A new account needs a role.
    case roleMissing
    case adminRole
    /// An account has the address and has not proven it, is linked to another person at Google, or is an admin's.
    case taken
}

extension GoogleError: APIError {
    var code: ErrorCode {
        switch self {
        case .tokenRefused, .addressUnverified: .unauthorized
        case .roleMissing: .validationFailed
        case .adminRole: .forbidden
        case .taken: .conflict
        }
    }

    var publicMessage: String {
        switch self {
        case .tokenRefused: "Google's token is not valid, or has expired; sign in with Google again."
        case .addressUnverified: "Google has not verified this address; verify it there, or register with it here."
        case .roleMissing: "role is required for a new account: client or freelancer."
        case .adminRole: "Nobody can sign up as an admin; sign up as a client or a freelancer."
        case .taken:
            "An account with this address exists already; sign in to it otherwise, and link Google there."
        }
    }

    var issues: [InputIssue] {
        if case .roleMissing = self { [InputIssue(path: "role", message: "is required for a new account")] } else { [] }
    }
}
