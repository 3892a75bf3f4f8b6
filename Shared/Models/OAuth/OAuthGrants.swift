/// What an account has allowed a client, as long as the client can use it.
public struct OAuthGrantView: Model {
    public let id: PrefixedID<OAuthGrantKind>
    public let clientID: PrefixedID<OAuthClientKind>
    public let clientName: String
    public let clientURI: String?
    public let scopes: [Scope]
    /// When it was allowed first.
    public let createdAt: Timestamp
    /// Unless the client goes on using it.
    public let expiresAt: Timestamp

    public init(
        id: OAuthGrantID, clientID: OAuthClientID, clientName: String, clientURI: String?, scopes: [Scope],
        createdAt: Timestamp, expiresAt: Timestamp
    ) {
        self.id = PrefixedID(id)
        self.clientID = PrefixedID(clientID)
        self.clientName = clientName
        self.clientURI = clientURI
        self.scopes = scopes
        self.createdAt = createdAt
        self.expiresAt = expiresAt
    }
}

public struct OAuthGrantList: Model {
    public let grants: [OAuthGrantView]
    public let nextCursor: String?

    public init(grants: [OAuthGrantView], nextCursor: String?) {
        self.grants = grants
        self.nextCursor = nextCursor
    }
}

/// `/v1/oauth/grants`: what one has allowed, and its end.
public struct OAuthGrantEndpoints: EndpointGroup {
    public static let surface = Surface.oauth
    public static let service = ServiceName.auth

    public let list = Endpoint<NoInput, OAuthGrantList>(
        "oauth.grants.list", .get, "/v1/oauth/grants", of: Self.self,
        access: .account(AccountRule(credentials: [.session, .accessToken], scope: .accountRead)),
        query: [Parameter<Int>.limit, Parameter<PageCursor?>.cursor], "The clients that you let in, newest first")
    public let delete = Endpoint<NoInput, NoOutput>(
        "oauth.grants.delete", .delete, "/v1/oauth/grants/{id}", of: Self.self, access: .sessionOnly, success: 204,
        errors: [.notFound], "Withdraw what you allowed a client; all its tokens for you end")
}
