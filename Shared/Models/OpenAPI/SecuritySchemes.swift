/// The ways to show who calls: as components of the document, and as what an operation takes.
enum SecuritySchemes {
    /// - Parameter server: The gateway's URL.
    static func components(server: String) -> JSONValue {
        [
            "bearer": [
                "type": "http", "scheme": "bearer",
                "description": "An API key, an access token or an OAuth token",
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
            "oauth": [
                "type": "oauth2",
                "description": """
                A program that acts for a person, with the scopes that the person allowed. The code flow needs PKCE with \
                S256. `POST /v1/oauth/clients` registers the program.
                """,
                "flows": [
                    "authorizationCode": flow(
                        [JSONMember("authorizationUrl", .string(server + Endpoints.oauth.authorize.operation.path))],
                        server),
                    "clientCredentials": flow([], server),
                ],
            ],
        ]
    }

    private static func flow(_ members: [JSONMember], _ server: String) -> JSONValue {
        let token = server + Endpoints.oauth.token.operation.path
        let scopes = Scope.allCases.map { JSONMember($0.rawValue, .string($0.wish)) }
        return .object(
            members + [
                JSONMember("tokenUrl", .string(token)), JSONMember("refreshUrl", .string(token)),
                JSONMember("scopes", .object(scopes)),
            ])
    }

    /// Each way that an operation takes; none when it asks for no credential.
    static func requirements(of operation: Operation) -> JSONValue {
        switch operation.access {
        case .anyone, .service, .operator: return []
        case .account(let rule):
            var schemes: [JSONValue] = []
            if rule.credentials.contains(where: { $0 != .session }) { schemes.append(["bearer": []]) }
            if rule.credentials.contains(.apiKey) { schemes.append(["apiKey": []]) }
            if rule.credentials.contains(.oauthToken) {
                schemes.append(["oauth": .array(rule.scope.map { [.string($0.rawValue)] } ?? [])])
            }
            if rule.credentials.contains(.session) { schemes.append(["session": []]) }
            // With a signed link, none is needed.
            if rule.opensByLink { schemes.append([:]) }
            return .array(schemes)
        }
    }
}
