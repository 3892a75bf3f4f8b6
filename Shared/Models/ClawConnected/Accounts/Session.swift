/// What a person can sign in with.
public enum SignInMethod: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case password
    case github
    case google
}

/// Who is signed in.
public struct SessionView: Model {
    public let userID: AccountID
    public let userType: UserType
    /// The type, or admin.
    public let role: Role
    public let displayName: String
    public let githubUsername: String?
    public let signInMethods: [SignInMethod]
    public let subscriptionTier: Plan
    public let expiresAt: Timestamp

    public init(
        userID: AccountID, userType: UserType, role: Role, displayName: String, githubUsername: String?,
        signInMethods: [SignInMethod], subscriptionTier: Plan, expiresAt: Timestamp
    ) {
        self.userID = userID
        self.userType = userType
        self.role = role
        self.displayName = displayName
        self.githubUsername = githubUsername
        self.signInMethods = signInMethods
        self.subscriptionTier = subscriptionTier
        self.expiresAt = expiresAt
    }
}

/// How people can sign in here.
public struct SignInMethodList: Model {
    public let methods: [SignInMethod]

    public init(methods: [SignInMethod]) { self.methods = methods }
}

/// Where to link GitHub or Google.
public struct ProviderDoor: Model {
    /// Of GitHub or Google. The browser that asked goes there, and comes back to `return_to`.
    public let url: String

    public init(url: String) { self.url = url }
}

/// `/api/session`: signing in with GitHub or Google, who is signed in, signing out.
public struct SessionEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.auth

    /// Sends the browser to GitHub (OAuth 2.0 authorization code with PKCE).
    public let startGitHub = Endpoint<NoInput, NoOutput>(
        "session.github", .get, "/api/session/github", of: Self.self, access: .anyone,
        query: [Self.returnTo, Self.link], success: 302, errors: [.unauthorized, .forbidden], "Sign in with GitHub")

    /// GitHub sends the browser back here; sets the cookie `guildhall_session`, unless GitHub was linked to the account
    /// of who is signed in, and goes on to `return_to`.
    public let finishGitHub = Endpoint<NoInput, NoOutput>(
        "session.github.callback", .get, "/api/session/github/callback", of: Self.self, access: .anyone,
        query: [Self.code, Self.state, Self.providerError], takesAnyQuery: true, success: 302,
        errors: [.unauthorized, .forbidden, .conflict, .serviceUnavailable],
        "Finish signing in with GitHub")

    /// For a web client that has an access token: with a session cookie, a link to `?link=true` does it too.
    public let linkGitHub = Endpoint<NoInput, ProviderDoor>(
        "session.github.link", .post, "/api/session/github", of: Self.self,
        access: .account(AccountRule(credentials: [.session, .accessToken], scope: nil)), query: [Self.returnTo],
        "Begin to link GitHub to your account")

    /// It stays out until its owner links it again; so with ``unlinkGoogle``.
    public let unlinkGitHub = Endpoint<NoInput, NoOutput>(
        "session.github.unlink", .delete, "/api/session/github", of: Self.self,
        access: .account(AccountRule(credentials: [.session, .accessToken], scope: nil)), success: 204,
        errors: [.conflict], "Unlink GitHub from your account")

    /// Sends the browser to Google (OpenID Connect, authorization code with PKCE).
    public let startGoogle = Endpoint<NoInput, NoOutput>(
        "session.google", .get, "/api/session/google", of: Self.self, access: .anyone,
        query: [Self.returnTo, Self.link, Self.userType], success: 302,
        errors: [.unauthorized, .forbidden, .notFound], "Sign in with Google")

    /// Google sends the browser back here; like ``finishGitHub``.
    public let finishGoogle = Endpoint<NoInput, NoOutput>(
        "session.google.callback", .get, "/api/session/google/callback", of: Self.self, access: .anyone,
        query: [Self.code, Self.state, Self.providerError], takesAnyQuery: true, success: 302,
        errors: [.unauthorized, .forbidden, .notFound, .conflict, .serviceUnavailable],
        "Finish signing in with Google")

    /// Like ``linkGitHub``.
    public let linkGoogle = Endpoint<NoInput, ProviderDoor>(
        "session.google.link", .post, "/api/session/google", of: Self.self,
        access: .account(AccountRule(credentials: [.session, .accessToken], scope: nil)), query: [Self.returnTo],
        errors: [.notFound], "Begin to link Google to your account")

    public let unlinkGoogle = Endpoint<NoInput, NoOutput>(
        "session.google.unlink", .delete, "/api/session/google", of: Self.self,
        access: .account(AccountRule(credentials: [.session, .accessToken], scope: nil)), success: 204,
        errors: [.conflict], "Unlink Google from your account")

    /// GitHub and a password always; Google where the marketplace has an application there.
    public let methods = Endpoint<NoInput, SignInMethodList>(
        "session.methods", .get, "/api/session/methods", of: Self.self, access: .anyone, "How people can sign in")

    /// For pages of ours that ask people to sign in, such as that of ``OAuthEndpoints/authorize``.
    public let signInPage = Endpoint<NoInput, TextOutput>(
        "session.page", .get, "/api/session/sign-in", of: Self.self, access: .anyone, query: [Self.returnTo],
        mediaTypes: ["text/html"], "A page on which people sign in")

    /// The page's form. Sets the cookie `guildhall_session` and goes on to `return_to`.
    public let signIn = Endpoint<RawInput, NoOutput>(
        "session.password", .post, "/api/session/sign-in", of: Self.self, access: .anyone, query: [Self.returnTo],
        success: 302, errors: [.badRequest, .forbidden, .rateLimitExceeded],
        form: [Self.email, Self.password], "Sign in with mail address and password, in a browser")

    public let current = Endpoint<NoInput, SessionView>(
        "session.get", .get, "/api/session", of: Self.self,
        access: .account(AccountRule(credentials: [.session, .accessToken], scope: nil)), "Who is signed in")

    public let end = Endpoint<NoInput, NoOutput>(
        "session.delete", .delete, "/api/session", of: Self.self,
        access: .account(AccountRule(credentials: [.session, .accessToken], scope: nil)), query: [Self.everySession],
        success: 204, "Sign out")

    /// Ends every session of the account and its refresh tokens, not only the session that was presented.
    public static let everySession = Parameter<Bool>.flag("all", "End every session of the account")

    /// A path on this site to come back to; anything else is refused (no open redirect).
    public static let returnTo = Parameter<String>(
        "return_to", pathSchema, "Path to return to, beginning with one /"
    ) { text in
        guard let text else { return "/" }
        let isLocalPath =
            text.utf8.count <= 4096 && text.utf8.allSatisfy { $0.isVisibleASCII && $0 != UInt8(ascii: "\\") }
            && text.utf8.starts(with: "/".utf8) && !text.utf8.starts(with: "//".utf8)
        return isLocalPath ? text : nil
    }
    private static let pathSchema: Schema = {
        var rules = StringRules()
        rules.length = 1...4096
        rules.pattern = #"^/(?:[!-.0-\[\]-~][!-\[\]-~]*)?$"#
        return .string(rules)
    }()
    public static let link = Parameter<Bool>.flag("link", "Link the account that is signed in, instead of signing in")
    public static let userType = Parameter<UserType?>.oneOf(
        "user_type", UserType.self, "What somebody without an account becomes: client unless this says freelancer")
    private static let email = Parameter<String?>.text("email", 254, "The mail address")
    private static let password = Parameter<String?>.text("password", 1024, "The password")
    public static let code = Parameter<String?>.text("code", 512, "The provider's authorization code")
    public static let state = Parameter<String?>.text("state", 512, "The state this sign-in began with")
    public static let providerError = Parameter<String?>.text("error", 128, "The provider's refusal")
}
