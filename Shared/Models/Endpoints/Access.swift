/// Who may call an endpoint, checked before any handler runs.
public enum Access: Sendable {
    /// No credential is asked for.
    case anyone
    /// A person or an agent with a credential.
    case account(AccountRule)
    /// One of the named services of ours, with a signed service token (`/internal/…`).
    case service(from: Set<ServiceName>)
    /// Who looks after the installation: `guildhallctl`, with a token that takes the services' secret to sign
    /// (`/internal/…`).
    case `operator`

    /// Any signed-in account. A credential with limited scopes must have `scope`.
    public static func account(_ scope: Scope) -> Self { .account(AccountRule(scope: scope)) }
    public static func client(_ scope: Scope) -> Self { .account(AccountRule(userType: .client, scope: scope)) }
    public static func freelancer(_ scope: Scope) -> Self { .account(AccountRule(userType: .freelancer, scope: scope)) }
    public static func admin(_ scope: Scope) -> Self { .account(AccountRule(isForAdmins: true, scope: scope)) }
    /// A browser session or an access token, never a key.
    public static let sessionOnly = Access.account(
        AccountRule(credentials: [.session, .accessToken], scope: .accountWrite))
    /// A session, an access token or a key that may make keys. No program of others: it would end keys that are not its own.
    public static let ownKeys = Access.account(
        AccountRule(credentials: [.session, .accessToken, .apiKey], scope: .keysWrite))
    /// An API key, never a session.
    public static let keyOnly = Access.account(AccountRule(credentials: [.apiKey], scope: nil))
}

public struct AccountRule: Sendable {
    public let credentials: Set<CredentialKind>
    /// `nil`: either.
    public let userType: UserType?
    /// Whether the account must be an admin's, of either type.
    public let isForAdmins: Bool
    /// What a credential with limited scopes must have; `nil` asks for none.
    public let scope: Scope?
    /// Whether a request with a `signature` in its query needs no credential: the handler judges the signed link.
    public let opensByLink: Bool

    public init(
        credentials: Set<CredentialKind> = Set(CredentialKind.allCases), userType: UserType? = nil,
        isForAdmins: Bool = false, scope: Scope?, opensByLink: Bool = false
    ) {
        self.credentials = credentials
        self.userType = userType
        self.isForAdmins = isForAdmins
        self.scope = scope
        self.opensByLink = opensByLink
    }
}

public enum CredentialKind: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case session
    case accessToken = "access_token"
    case apiKey = "api_key"
    case oauthToken = "oauth_token"

    /// Keys and OAuth tokens are charged to the account's plan; sessions are limited by address at the gateway.
    public var isMetered: Bool { self == .apiKey || self == .oauthToken }
}

public enum UserType: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case freelancer, client
}

/// What a key or token may be limited to. The first eight are SkillSync's; the others cover the deal.
public enum Scope: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case matchesRead = "matches:read"
    case matchesWrite = "matches:write"
    case profilesRead = "profiles:read"
    case profilesWrite = "profiles:write"
    case messagesRead = "messages:read"
    case messagesWrite = "messages:write"
    case analyticsRead = "analytics:read"
    case keysWrite = "keys:write"
    case gigsRead = "gigs:read"
    case gigsWrite = "gigs:write"
    case dealsRead = "deals:read"
    case dealsWrite = "deals:write"
    case notificationsRead = "notifications:read"
    case notificationsWrite = "notifications:write"
    case accountRead = "account:read"
    case accountWrite = "account:write"
}

extension Scope {
    /// What it lets a program do, for somebody who knows no API.
    public var wish: String {
        switch self {
        case .matchesRead: "see the matches that were found for you"
        case .matchesWrite: "accept, reject and save matches for you"
        case .profilesRead: "see your profile, and the profiles that you can see"
        case .profilesWrite: "change your profile and your pictures"
        case .messagesRead: "read your messages"
        case .messagesWrite: "send messages in your name"
        case .analyticsRead: "see your figures, such as how often your profile was viewed"
        case .keysWrite: "make API keys for your account"
        case .gigsRead: "see gigs, jobs and your applications"
        case .gigsWrite: "post gigs and jobs, and apply to them, in your name"
        case .dealsRead: "see your negotiations, contracts, disputes and payments"
        case .dealsWrite: "negotiate, agree to contracts, pay for them and release money in your name"
        case .notificationsRead: "see your notices, and where they are sent"
        case .notificationsWrite: "change where your notices are sent, also to addresses of the program"
        case .accountRead: "see your account and its credits"
        case .accountWrite: "change your account and spend its credits"
        }
    }
}

/// What an account has paid for; decides its rate limits.
public enum Plan: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case free, pro, enterprise, custom
}
