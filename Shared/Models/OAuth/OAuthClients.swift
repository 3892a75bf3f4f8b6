/// How a client gets tokens (RFC 6749, section 1.3).
public enum OAuthGrantType: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case authorizationCode = "authorization_code"
    case refreshToken = "refresh_token"
    case clientCredentials = "client_credentials"
}

public enum OAuthResponseType: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case code
}

/// How a client proves who it is at the token endpoint.
public enum OAuthClientAuthentication: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case basic = "client_secret_basic"
    case post = "client_secret_post"
    /// A public client: a program in people's hands, which can keep no secret.
    case none
}

/// What a client says about itself (RFC 7591, section 2). The members from `logoURI` on are taken, as the standard has
/// them, but not used.
public struct OAuthClientInput: Model {
    public var redirectURIs: [String]?
    public var clientName: String?
    public var clientURI: String?
    public var grantTypes: [OAuthGrantType]?
    public var responseTypes: [OAuthResponseType]?
    public var tokenEndpointAuthMethod: OAuthClientAuthentication?
    /// Separated by spaces.
    public var scope: String?
    public var logoURI: String?
    public var tosURI: String?
    public var policyURI: String?
    public var contacts: [String]?
    public var softwareID: String?
    public var softwareVersion: String?
    public var applicationType: String?

    public static let rules: [String: MemberRule] = [
        "redirectURIs": .texts(count: 0...10, length: 1...2000), "clientName": .name, "clientURI": .format(.uri),
        "grantTypes": .count(1...3), "responseTypes": .count(0...1), "scope": .text(1...1000),
        "logoURI": .format(.uri), "tosURI": .format(.uri), "policyURI": .format(.uri),
        "contacts": .texts(count: 0...10, length: 1...254), "softwareID": .text(1...200),
        "softwareVersion": .text(1...200),
        "applicationType": .oneOf("OAuthApplicationType", ["web", "native"]),
    ]
}

/// A client as it is registered (RFC 7591, section 3.2.1).
public struct OAuthClientView: LeavesOutNil {
    public let clientID: PrefixedID<OAuthClientKind>
    /// In seconds since 1970.
    public let clientIDIssuedAt: Int64
    public let clientName: String
    public let clientURI: String?
    public let redirectURIs: [String]
    public let grantTypes: [OAuthGrantType]
    public let responseTypes: [OAuthResponseType]
    public let tokenEndpointAuthMethod: OAuthClientAuthentication
    /// Separated by spaces.
    public let scope: String

    public init(
        clientID: OAuthClientID, clientIDIssuedAt: Int64, clientName: String, clientURI: String?,
        redirectURIs: [String], grantTypes: [OAuthGrantType], tokenEndpointAuthMethod: OAuthClientAuthentication,
        scope: String
    ) {
        self.clientID = PrefixedID(clientID)
        self.clientIDIssuedAt = clientIDIssuedAt
        self.clientName = clientName
        self.clientURI = clientURI
        self.redirectURIs = redirectURIs
        self.grantTypes = grantTypes
        responseTypes = grantTypes.contains(.authorizationCode) ? [.code] : []
        self.tokenEndpointAuthMethod = tokenEndpointAuthMethod
        self.scope = scope
    }
}

/// A client just registered: the only time its secret is shown.
public struct RegisteredOAuthClient: LeavesOutNil {
    public let clientID: PrefixedID<OAuthClientKind>
    /// Absent for a public client.
    public let clientSecret: String?
    /// 0: it does not end. Absent for a public client.
    public let clientSecretExpiresAt: Int64?
    public let clientIDIssuedAt: Int64
    public let clientName: String
    public let clientURI: String?
    public let redirectURIs: [String]
    public let grantTypes: [OAuthGrantType]
    public let responseTypes: [OAuthResponseType]
    public let tokenEndpointAuthMethod: OAuthClientAuthentication
    public let scope: String

    public init(_ client: OAuthClientView, secret: String?) {
        clientID = client.clientID
        clientSecret = secret
        clientSecretExpiresAt = secret.map { _ in 0 }
        clientIDIssuedAt = client.clientIDIssuedAt
        clientName = client.clientName
        clientURI = client.clientURI
        redirectURIs = client.redirectURIs
        grantTypes = client.grantTypes
        responseTypes = client.responseTypes
        tokenEndpointAuthMethod = client.tokenEndpointAuthMethod
        scope = client.scope
    }
}

public struct OAuthClientList: Model {
    public let clients: [OAuthClientView]
    public let nextCursor: String?

    public init(clients: [OAuthClientView], nextCursor: String?) {
        self.clients = clients
        self.nextCursor = nextCursor
    }
}

/// `/v1/oauth/clients`: the programs that an account has registered. Only people manage them, never a key or a token.
public struct OAuthClientEndpoints: EndpointGroup {
    public static let surface = Surface.oauth
    public static let service = ServiceName.auth

    private static let read = Access.account(
        AccountRule(credentials: [.session, .accessToken], scope: .accountRead))

    public let create = Endpoint<OAuthClientInput, RegisteredOAuthClient>(
        "oauth.clients.create", .post, "/v1/oauth/clients", of: Self.self, access: .sessionOnly, success: 201,
        errors: [.badRequest, .forbidden, .conflict], answersSecret: true,
        "Register an OAuth client; its secret is shown once")
    public let list = Endpoint<NoInput, OAuthClientList>(
        "oauth.clients.list", .get, "/v1/oauth/clients", of: Self.self, access: Self.read,
        query: [Parameter<Int>.limit, Parameter<PageCursor?>.cursor], "Your OAuth clients, newest first")
    public let get = Endpoint<NoInput, OAuthClientView>(
        "oauth.clients.get", .get, "/v1/oauth/clients/{id}", of: Self.self, access: Self.read, errors: [.notFound],
        "An OAuth client of yours")
    public let delete = Endpoint<NoInput, NoOutput>(
        "oauth.clients.delete", .delete, "/v1/oauth/clients/{id}", of: Self.self, access: .sessionOnly, success: 204,
        errors: [.notFound], "Remove an OAuth client; all its tokens end")
}
