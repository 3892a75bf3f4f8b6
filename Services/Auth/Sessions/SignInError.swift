import ServiceKit
import SharedModels

/// Refusals on the way through a provider.
enum SignInError: Error, Equatable {
    /// The state is unknown, used or outdated, or the sign-in began in another browser or at another provider.
    case notBegunHere
    case declined(Provider)
    /// The provider refuses the code.
    case codeRefused(Provider)
    /// Nobody is signed in, to whose account the provider could be linked.
    case notSignedIn(Provider)
    /// No page of ours is known to have sent the browser here, to link the provider to its owner's account.
    case foreignPage(Provider)
    /// The provider was to be linked to another account than the browser's.
    case otherSession(Provider)
    /// The person at the provider is linked to another account.
    case linkedElsewhere(Provider)
    /// The account is linked to another person there, by this name if it is known.
    case alreadyLinked(Provider, username: String?)
    /// The owner of the account with the same address has unlinked the provider.
    case keptOut(Provider)
    /// Without this identity nobody could sign in to the account.
    case onlyWayIn
    /// We have no application there.
    case notOffered(Provider)
    /// The provider does not answer, or its answer is not valid.
    case unavailable(Provider, reason: String)
}

extension SignInError: APIError {
    var code: ErrorCode {
        switch self {
        case .notBegunHere, .codeRefused, .notSignedIn: .unauthorized
        case .declined, .foreignPage, .otherSession: .forbidden
        case .linkedElsewhere, .alreadyLinked, .keptOut, .onlyWayIn: .conflict
        case .notOffered: .notFound
        case .unavailable: .serviceUnavailable
        }
    }

    var publicMessage: String {
        switch self {
        case .notBegunHere:
            "This sign-in has expired, was finished already, or was begun in another browser; sign in again."
        case .declined(let provider):
            "\(provider.name) did not sign you in, because access was not granted; sign in again to grant it."
        case .codeRefused(let provider): "\(provider.name) did not accept this sign-in; sign in again."
        case .notSignedIn(let provider): "Sign in first; then link \(provider.name) to your account."
        case .foreignPage(let provider):
            "Begin on a page of the marketplace: nothing else can link \(provider.name) to your account."
        case .otherSession(let provider):
            "Another account has signed in meanwhile; link \(provider.name) again from the account that is to have it."
        case .linkedElsewhere(let provider):
            "This \(provider.name) user belongs to another account here; sign in with it, or unlink it there first."
        case .alreadyLinked(let provider, let username):
            "Your account is linked to \(username ?? "somebody else") at \(provider.name); unlink that first."
        case .keptOut(let provider):
            "\(provider.name) was unlinked from the account with your mail address; sign in to it otherwise, and link "
                + "\(provider.name) there."
        case .onlyWayIn: "This is the only way into your account; set a password or link another sign-in first."
        case .notOffered(let provider): "Nobody signs in with \(provider.name) here; sign in in another way."
        case .unavailable(let provider, _): "\(provider.name) cannot be reached right now; try again shortly."
        }
    }

    var retryAfter: Duration? {
        // About as long as a short outage; a person can wait that long.
        if case .unavailable = self { .seconds(5) } else { nil }
    }

    var logDetail: String? {
        if case .unavailable(_, let reason) = self { reason } else { nil }
    }
}
