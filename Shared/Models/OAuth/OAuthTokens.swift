/// A token just issued (RFC 6749, section 5.1).
public struct OAuthTokenView: LeavesOutNil {
    public let accessToken: String
    /// `Bearer`.
    public let tokenType: String
    /// In seconds.
    public let expiresIn: Int64
    /// Absent when the client is not registered for it, and for a client's own token.
    public let refreshToken: String?
    /// What the token may do, separated by spaces.
    public let scope: String

    public init(accessToken: String, expiresIn: Int64, refreshToken: String?, scope: String) {
        self.accessToken = accessToken
        tokenType = "Bearer"
        self.expiresIn = expiresIn
        self.refreshToken = refreshToken
        self.scope = scope
    }
}

/// What a token stands for (RFC 7662, section 2.2). Of one that is not valid, or not theirs, others learn `active`
/// alone.
public struct OAuthIntrospectionView: LeavesOutNil {
    public let active: Bool
    public let scope: String?
    public let clientID: PrefixedID<OAuthClientKind>?
    public let tokenType: String?
    /// In seconds since 1970, as is `iat`.
    public let exp: Int64?
    public let iat: Int64?
    /// The account that the token acts for.
    public let sub: PrefixedID<AccountKind>?
    public let iss: String?

    public static let inactive = Self()

    private init() {
        active = false
        (scope, clientID, tokenType, exp, iat, sub, iss) = (nil, nil, nil, nil, nil, nil, nil)
    }

    public init(
        scope: String, clientID: OAuthClientID, tokenType: String?, exp: Int64, iat: Int64, sub: AccountID, iss: String
    ) {
        active = true
        self.scope = scope
        self.clientID = PrefixedID(clientID)
        self.tokenType = tokenType
        self.exp = exp
        self.iat = iat
        self.sub = PrefixedID(sub)
        self.iss = iss
    }
}

/// `/v1/oauth`: how a program gets to act for an account (RFC 6749, 7009, 7636, 7662, 9207).
public struct OAuthEndpoints: EndpointGroup {
    public static let surface = Surface.oauth
    public static let service = ServiceName.auth

    public static let responseType = Parameter<String?>.text("response_type", 64, "code")
    public static let clientID = Parameter<String?>.text("client_id", 200, "Who asks")
    public static let redirectURI = Parameter<String?>.text(
        "redirect_uri", 2000, "Where the answer goes, exactly as registered; needed when several are")
    public static let scope = Parameter<String?>.text(
        "scope", 1000, "What is asked for, separated by spaces; all that the client is registered for when absent")
    public static let state = Parameter<String?>.text("state", 2000, "Comes back with the answer")
    public static let codeChallenge = Parameter<String?>.text(
        "code_challenge", 200, "SHA-256 of the code verifier in base 64 for URLs (RFC 7636)")
    public static let codeChallengeMethod = Parameter<String?>.text("code_challenge_method", 64, "S256")

    /// Read as strictly as any query; what else is there is ignored (RFC 6749, section 3.1). The client is told what is wrong
    /// (section 4.1.2.1), unless that is with ``clientID`` or ``redirectURI``.
    public static let request = [
        responseType.needed, clientID.needed, redirectURI, scope, state, codeChallenge.needed,
        codeChallengeMethod.needed,
    ]

    private static let grantType = Parameter<String?>.text(
        "grant_type", 64, "authorization_code, refresh_token or client_credentials")
    private static let code = Parameter<String?>.text("code", 200, "Of the authorization endpoint's answer")
    private static let codeVerifier = Parameter<String?>.text("code_verifier", 128, "RFC 7636")
    private static let refreshToken = Parameter<String?>.text("refresh_token", 200, "The latest one")
    private static let clientSecret = Parameter<String?>.text(
        "client_secret", 200, "Unless the client shows it as Authorization: Basic")
    private static let token = Parameter<String?>.text("token", 4096, "An access token or a refresh token")
    private static let tokenTypeHint = Parameter<String?>.text("token_type_hint", 64, "Not needed")

    public let authorize = Endpoint<NoInput, TextOutput>(
        "oauth.authorize", .get, "/v1/oauth/authorize", of: Self.self, access: .anyone, query: Self.request,
        takesAnyQuery: true, answersBadQuery: true, alsoAnswers: [302], errors: [.badRequest],
        mediaTypes: ["text/html"], "Ask a person for access: a page, or on to sign in, or back with an error")
    /// Takes the form of the page, or JSON: `{"approve": true}`.
    public let decide = Endpoint<RawInput, NoOutput>(
        "oauth.decide", .post, "/v1/oauth/authorize", of: Self.self, access: .sessionOnly, query: Self.request,
        takesAnyQuery: true, answersBadQuery: true, success: 302, errors: [.badRequest, .forbidden],
        "Allow or deny what is asked for; leads back to the client")
    public let token = Endpoint<RawInput, OAuthTokenView>(
        "oauth.token", .post, "/v1/oauth/token", of: Self.self, access: .anyone,
        errors: [.badRequest, .unauthorized, .rateLimitExceeded], answersSecret: true,
        form: [
            Self.grantType.needed, Self.code, Self.redirectURI, Self.codeVerifier, Self.refreshToken, Self.scope,
            Self.clientID, Self.clientSecret,
        ], anyOrigin: true,
        "Get an access token")
    public let revoke = Endpoint<RawInput, TextOutput>(
        "oauth.revoke", .post, "/v1/oauth/revoke", of: Self.self, access: .anyone,
        errors: [.badRequest, .unauthorized, .rateLimitExceeded],
        mediaTypes: ["text/plain"], form: [Self.token.needed, Self.tokenTypeHint, Self.clientID, Self.clientSecret],
        anyOrigin: true, "End a token; a refresh token with all that came of it")
    public let introspect = Endpoint<RawInput, OAuthIntrospectionView>(
        "oauth.introspect", .post, "/v1/oauth/introspect", of: Self.self, access: .anyone,
        errors: [.badRequest, .unauthorized, .rateLimitExceeded],
        form: [Self.token.needed, Self.tokenTypeHint, Self.clientID, Self.clientSecret],
        "What a token stands for, told to clients of the account that its client belongs to")
}
