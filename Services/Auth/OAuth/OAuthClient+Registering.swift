import ServiceKit
import SharedModels

/// What a client may be (RFC 7591, section 2). Pure.
extension OAuthClient {
    /// What a client is registered for when it names nothing: everything that changes nothing.
    private static let usualScopes = Scope.ofClients.filter { $0.rawValue.hasSuffix(":read") }

    /// - Parameter secret: Its secret's text, unless the client is public.
    /// - Throws: ``OAuthClientError/badRedirect(_:_:)``, ``OAuthClientError/badMetadata(_:_:)``
    static func registering(
        _ input: OAuthClientInput, by account: AccountID, at now: Timestamp
    ) throws(OAuthClientError) -> (client: OAuthClient, secret: String?) {
        let authentication = input.tokenEndpointAuthMethod ?? .basic
        let redirects = input.redirectURIs ?? []
        let grants = try grantTypes(of: input, authentication, hasRedirects: !redirects.isEmpty)
        for (index, uri) in redirects.enumerated() {
            guard let problem = RedirectURI.problem(of: uri, isPublic: authentication == .none) else { continue }
            throw .badRedirect(index, problem)
        }
        let id = OAuthClientID.make(at: now)
        let secret = authentication == .none ? nil : OAuthTokenFormat.clientSecret.make()
        let client = OAuthClient(
            id: id, accountID: account, name: input.clientName ?? id.prefixed, uri: input.clientURI,
            redirectURIs: redirects, grantTypes: grants, authentication: authentication,
            scopes: try scopes(named: input.scope), sha256: secret.map(APIKeyFormat.sha256), createdAt: now)
        return (client, secret)
    }

    private static func grantTypes(
        of input: OAuthClientInput, _ authentication: OAuthClientAuthentication, hasRedirects: Bool
    ) throws(OAuthClientError) -> [OAuthGrantType] {
        let usual: [OAuthGrantType] = hasRedirects ? [.authorizationCode, .refreshToken] : [.clientCredentials]
        let named = input.grantTypes ?? usual
        let grants = OAuthGrantType.allCases.filter(named.contains)
        if grants.contains(.authorizationCode), !hasRedirects {
            throw .badMetadata("redirect_uris", "must be there for the grant type authorization_code")
        }
        if grants.contains(.refreshToken), !grants.contains(.authorizationCode) {
            throw .badMetadata("grant_types", "must name authorization_code with refresh_token")
        }
        if grants.contains(.clientCredentials), authentication == .none {
            throw .badMetadata("grant_types", "must not name client_credentials for a client without a secret")
        }
        if let responses = input.responseTypes, responses.isEmpty == grants.contains(.authorizationCode) {
            throw .badMetadata(
                "response_types", "must be [\"code\"] with the grant type authorization_code, else empty")
        }
        return grants
    }

    private static func scopes(named text: String?) throws(OAuthClientError) -> [Scope] {
        guard let text else { return usualScopes }
        do throws(OAuthTokenError) {
            return try Scope.reading(text, within: Scope.ofClients, of: "clients can have")
        } catch {
            throw .badMetadata("scope", "must be some of: \(Scope.ofClients.text)")
        }
    }
}
