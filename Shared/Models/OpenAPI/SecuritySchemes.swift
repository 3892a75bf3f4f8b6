/// The ways to show who calls: as components of the document, and as what an operation takes.
///
/// OAuth is not a way of its own: beside the bearer token, libraries for TypeScript would send its tokens without `Bearer`.
enum SecuritySchemes {
    static let components: JSONValue = [
        "bearer": [
            "type": "http", "scheme": "bearer",
            "description": """
            An API key, an access token, or an OAuth token: a program that acts for a person is registered by \
            `POST /v1/oauth/clients` and asks at `/v1/oauth/authorize`, with PKCE. \
            `/.well-known/oauth-authorization-server` has the rest.
            """,
        ],
        "apiKey": [
            "type": "apiKey", "in": "header", "name": "x-api-key",
            "description": "An API key, in place of the bearer token",
        ],
        "session": [
            // As a cookie it would break libraries for Ruby.
            "type": "apiKey", "in": "header", "name": "Cookie",
            "description": "A browser's session: guildhall_session=…; over https __Host-guildhall_session=…",
        ],
    ]

    /// Each way that an operation takes, with the scope that a key or token with limited scopes needs; none when it asks
    /// for no credential.
    static func requirements(of operation: Operation) -> JSONValue {
        switch operation.access {
        case .anyone, .service, .operator: return []
        case .account(let rule):
            let isLimited = !rule.credentials.isDisjoint(with: [.apiKey, .oauthToken])
            let scopes = JSONValue.array(isLimited ? rule.scope.map { [.string($0.rawValue)] } ?? [] : [])
            var schemes: [JSONValue] = []
            if rule.credentials.contains(where: { $0 != .session }) { schemes.append(["bearer": scopes]) }
            if rule.credentials.contains(.apiKey) { schemes.append(["apiKey": scopes]) }
            if rule.credentials.contains(.session) { schemes.append(["session": []]) }
            // With a signed link, none is needed.
            if rule.opensByLink { schemes.append([:]) }
            return .array(schemes)
        }
    }
}
