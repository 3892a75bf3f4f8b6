/// A person's role on the Skillhouse surface: the account's type, or admin.
public enum Role: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case client, freelancer, admin
}

public enum AccountStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case active, blocked
}

public struct LoginInput: Model {
    public let email: String
    public let password: String

    public static let rules: [String: MemberRule] = ["email": .text(1...254), "password": .text(1...1024)]
}

/// The answer to signing in. The cookie `refreshToken` is set with it.
public struct LoginView: Model {
    public let message: String
    public let accessToken: String
    public let role: Role
    public let user: LoginUser

    public init(message: String, accessToken: String, role: Role, user: LoginUser) {
        self.message = message
        self.accessToken = accessToken
        self.role = role
        self.user = user
    }
}

public struct LoginUser: Model {
    public let id: ObjectID<AccountKind>
    public let name: String
    public let email: String
    public let status: AccountStatus
    /// A URL; empty when the account has no picture.
    public let profilePic: String

    public init(id: AccountID, name: String, email: String, status: AccountStatus, profilePic: String) {
        self.id = ObjectID(id)
        self.name = name
        self.email = email
        self.status = status
        self.profilePic = profilePic
    }
}

/// What Google's button gives a page.
public struct GoogleLoginInput: Model {
    /// An ID token.
    public let token: String
    /// Of a new account; one that exists keeps its own.
    public var role: Role?

    public static let rules: [String: MemberRule] = ["token": .text(1...8192)]
}

public struct AccessTokenView: Model {
    public let accessToken: String
    public init(accessToken: String) { self.accessToken = accessToken }
}

/// An answer that only says what was done.
public struct Acknowledgement: Model {
    public let message: String
    public init(_ message: String) { self.message = message }
}

/// A public key on the curve P-256 (RFC 7517; RFC 7518, section 6.2), its coordinates in base 64 for URLs.
public struct JSONWebKey: Model, Equatable {
    public let kty: String
    public let crv: String
    public let x: String
    public let y: String
    public let use: String
    public let alg: String
    public let kid: String

    /// A key for ES256 signatures.
    public init(x: String, y: String, kid: String) {
        (kty, crv, use, alg) = ("EC", "P-256", "sig", "ES256")
        (self.x, self.y, self.kid) = (x, y, kid)
    }
}

public struct JSONWebKeySet: Model {
    public let keys: [JSONWebKey]
    public init(keys: [JSONWebKey]) { self.keys = keys }
}

/// `/api/auth`: signing in, and the tokens that follow from it.
public struct AuthEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.auth

    /// Sets the cookie `refreshToken`.
    public let login = Endpoint<LoginInput, LoginView>(
        "auth.login", .post, "/api/auth/login", of: Self.self, access: .anyone,
        errors: [.badRequest, .forbidden], answersSecret: true,
        "Sign in with e-mail and password")
    /// Signs up a person who has no account yet. With an access token, Google is linked to the token's account.
    public let google = Endpoint<GoogleLoginInput, LoginView>(
        "auth.google", .post, "/api/auth/google-login", of: Self.self, access: .anyone,
        errors: [.badRequest, .unauthorized, .forbidden, .conflict, .serviceUnavailable], answersSecret: true,
        "Sign in with Google")
    /// Ends the session of the cookie `refreshToken`, or that of the access token in the request.
    public let logout = Endpoint<NoInput, Acknowledgement>(
        "auth.logout", .post, "/api/auth/logout", of: Self.self, access: .anyone, errors: [.forbidden], "Sign out"
    )
    /// Takes the cookie `refreshToken`, and replaces it.
    public let refresh = Endpoint<NoInput, AccessTokenView>(
        "auth.refresh", .post, "/api/auth/refresh-token", of: Self.self, access: .anyone,
        errors: [.unauthorized, .forbidden], answersSecret: true, "Get another access token")
    public let publicKeys = Endpoint<NoInput, JSONWebKeySet>(
        "auth.jwks", .get, "/.well-known/jwks.json", of: Self.self, access: .anyone,
        "The public keys of the access tokens")
}
