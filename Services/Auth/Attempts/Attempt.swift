import OutboundHTTP
import ServiceKit
import SharedModels

/// What guesses, and the mails that a stranger can ask for, are counted by.
enum AttemptSubject: Sendable, Equatable {
    /// Wrong passwords for an address, whether or not an account has it, from one place.
    case password(email: String, place: Place)
    /// Wrong passwords for an address from anywhere.
    case passwordFromAnywhere(email: String)
    /// Wrong passwords in a session whose owner signs in again while the address is closed.
    case session(SessionID)
    /// Other codes asked for at an address.
    case resend(email: String)
    /// Mails with codes that go to an address.
    case code(email: String)
    /// Mails with links that go to an address.
    case link(email: String)
    /// Mails that one place asks for, to any address: nobody sends mails to strangers through us.
    case mails(place: Place)
    /// Wrong secrets and made-up tokens for an OAuth client, from one place.
    case oauthClient(OAuthClientID, place: Place)

    var sha256: [UInt8] {
        switch self {
        case .password(let email, let place): APIKeyFormat.sha256("password:\(place.text):\(email)")
        case .passwordFromAnywhere(let email): APIKeyFormat.sha256("password:\(email)")
        case .session(let id): APIKeyFormat.sha256("session:\(id)")
        case .resend(let email): APIKeyFormat.sha256("resend:\(email)")
        case .code(let email): APIKeyFormat.sha256("code:\(email)")
        case .link(let email): APIKeyFormat.sha256("link:\(email)")
        case .mails(let place): APIKeyFormat.sha256("mails:\(place.text)")
        case .oauthClient(let id, let place): APIKeyFormat.sha256("client:\(place.text):\(id)")
        }
    }

    /// The address whose new password by link forgets the count.
    var address: String? {
        switch self {
        case .password(let email, _), .passwordFromAnywhere(let email): email
        case .session, .resend, .code, .link, .mails, .oauthClient: nil
        }
    }

    /// Platform contract, section 2.
    var rule: AttemptRule {
        switch self {
        case .password, .session: AttemptRule(limit: 10, window: .hours(1))
        // So long that only the mailed link helps.
        case .passwordFromAnywhere: AttemptRule(limit: 100, window: .hours(1), closure: .days(30))
        case .resend: AttemptRule(limit: 1, window: .minutes(1))
        case .code, .link: AttemptRule(limit: 10, window: .hours(1))
        // An office or a school may be behind one address.
        case .mails: AttemptRule(limit: 100, window: .hours(1))
        // A client that was given a new secret may try the old one in several processes.
        case .oauthClient: AttemptRule(limit: 20, window: .hours(1))
        }
    }

    /// The digest that rows about an address have in common.
    static func digest(ofAddress email: String) -> [UInt8] { APIKeyFormat.sha256("address:\(email)") }
}

/// How often something may be tried.
struct AttemptRule: Sendable, Equatable {
    let limit: Int
    let window: Duration
    /// How long after the first attempt all others are refused, once there were too many.
    let closure: Duration

    init(limit: Int, window: Duration, closure: Duration? = nil) {
        self.limit = limit
        self.window = window
        self.closure = closure ?? window
    }
}

/// A permitted attempt. It counts until it is given back.
struct Attempt: Sendable, Equatable {
    let subject: AttemptSubject
    let windowBeganAt: Timestamp
}

/// Where a request comes from, as far as attempts are counted by it.
struct Place: Sendable, Equatable {
    /// The network of one subscriber: an IPv4 address, or 64 bits of an IPv6 address.
    let text: String

    init(_ address: IPAddress?) {
        text = address.map { "\($0.subscriber)" } ?? "here"
    }
}
