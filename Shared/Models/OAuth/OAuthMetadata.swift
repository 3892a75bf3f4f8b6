/// Where and how this server speaks OAuth 2.0 (RFC 8414, section 2; RFC 9207, section 3).
public struct OAuthMetadata: Model {
    public let issuer: String
    public let authorizationEndpoint: String
    public let tokenEndpoint: String
    public let registrationEndpoint: String
    public let revocationEndpoint: String
    public let introspectionEndpoint: String
    public let scopesSupported: [Scope]
    public let responseTypesSupported: [OAuthResponseType]
    public let responseModesSupported: [String]
    public let grantTypesSupported: [OAuthGrantType]
    public let tokenEndpointAuthMethodsSupported: [OAuthClientAuthentication]
    public let revocationEndpointAuthMethodsSupported: [OAuthClientAuthentication]
    public let introspectionEndpointAuthMethodsSupported: [OAuthClientAuthentication]
    public let codeChallengeMethodsSupported: [String]
    public let authorizationResponseIssParameterSupported: Bool
    public let serviceDocumentation: String

    /// - Parameter server: The URL at which clients reach us, without a slash at its end.
    public init(server: String) {
        func url(_ operation: Operation) -> String { server + operation.path }
        issuer = server
        authorizationEndpoint = url(Endpoints.oauth.authorize.operation)
        tokenEndpoint = url(Endpoints.oauth.token.operation)
        registrationEndpoint = url(Endpoints.oauthClients.create.operation)
        revocationEndpoint = url(Endpoints.oauth.revoke.operation)
        introspectionEndpoint = url(Endpoints.oauth.introspect.operation)
        scopesSupported = Scope.ofClients
        responseTypesSupported = OAuthResponseType.allCases
        responseModesSupported = ["query"]
        grantTypesSupported = OAuthGrantType.allCases
        tokenEndpointAuthMethodsSupported = OAuthClientAuthentication.allCases
        revocationEndpointAuthMethodsSupported = OAuthClientAuthentication.allCases
        introspectionEndpointAuthMethodsSupported = [.basic, .post]
        codeChallengeMethodsSupported = ["S256"]
        authorizationResponseIssParameterSupported = true
        serviceDocumentation = server + "/docs"
    }
}

extension Scope {
    /// What a client can be registered for. Not making keys: a key would live on when the client's access has ended.
    public static let ofClients = allCases.filter { $0 != .keysWrite }
}

/// Found by clients at a place that the standard fixes.
public struct OAuthMetadataEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.auth

    public let get = Endpoint<NoInput, OAuthMetadata>(
        "oauth.metadata", .get, "/.well-known/oauth-authorization-server", of: Self.self, access: .anyone,
        anyOrigin: true, "Where and how this server speaks OAuth 2.0")
}
