import ServiceKit
import SharedModels

/// Refusals on the way through GitHub.
enum SignInError: Error, Equatable {
    /// The state is unknown, used or outdated, or the sign-in began in another browser.
    case notBegunHere
    case declined
    /// GitHub refuses the code.
    case codeRefused
    /// Nobody is signed in, to whose account GitHub could be linked.
    case notSignedIn
    /// No page of ours is known to have sent the browser here, to link GitHub to its owner's account.
    case foreignPage
    /// GitHub was to be linked to another account than the browser's.
    case otherSession
    /// The GitHub user is linked to another account.
    case linkedElsewhere
    /// The account is linked to another GitHub user.
    case alreadyLinked(username: String)
    /// The owner of the account with the same address has unlinked GitHub.
    case keptOut
    /// Without this identity nobody could sign in to the account.
    case onlyWayIn
    /// GitHub does not answer, or its answer is not valid.
    case gitHubUnavailable(reason: String)
}

extension SignInError: APIError {
    var code: ErrorCode {
        switch self {
        case .notBegunHere, .codeRefused, .notSignedIn: .unauthorized
        case .declined, .foreignPage, .otherSession: .forbidden
        case .linkedElsewhere, .alreadyLinked, .keptOut, .onlyWayIn: .conflict
        case .gitHubUnavailable: .serviceUnavailable
        }
    }

    var publicMessage: String {
        switch self {
        case .notBegunHere:
            "This sign-in has expired, was finished already, or was begun in another browser; sign in again."
        case .declined: "GitHub did not sign you in, because access was not granted; sign in again to grant it."
        case .codeRefused: "GitHub did not accept this sign-in; sign in again."
        case .notSignedIn: "Sign in first; then link GitHub to your account."
        case .foreignPage: "Begin on a page of the marketplace: nothing else can link GitHub to your account."
        case .otherSession:
            "Another account has signed in meanwhile; link GitHub again from the account that shall have it."
        case .linkedElsewhere:
            "This GitHub user belongs to another account here; sign in with it, or unlink it there first."
        case .alreadyLinked(let username): "Your account is linked to \(username) at GitHub; unlink that first."
        case .keptOut:
            "GitHub was unlinked from the account with your mail address; sign in to it otherwise, and link GitHub there."
        case .onlyWayIn: "This is the only way into your account; set a password or link another sign-in first."
        case .gitHubUnavailable: "GitHub cannot be reached right now; try again shortly."
        }
    }

    var retryAfter: Duration? {
        // About as long as a short outage; a person can wait that long.
        if case .gitHubUnavailable = self { .seconds(5) } else { nil }
    }

    var logDetail: String? {
        if case .gitHubUnavailable(let reason) = self { reason } else { nil }
    }
}
