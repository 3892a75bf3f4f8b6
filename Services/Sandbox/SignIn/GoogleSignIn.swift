import ServiceKit
import SharedModels

/// Signing in with Google: OpenID Connect, authorization code with PKCE
/// (https://developers.google.com/identity/openid-connect/openid-connect).
///
/// `GOOGLE_BASE_URL=<sandbox>/google` and `GOOGLE_TOKEN_BASE=<sandbox>/google`; `?login=<name>` signs in at once as that
/// made-up person, whose name is a mail address or the beginning of one.
struct GoogleSignIn: Sendable {
    let codes: AuthorizationCodeStore
    let keys: GoogleKeyStore
    let clock: SandboxClock
    /// The only existing application.
    let clientID: String
    let clientSecret: Secret?
    /// The only address that the application may have people sent back to.
    let redirectURI: String

    func register(on routes: RawRoutes) {
        routes.on(.get, "/google/o/oauth2/v2/auth", page.answer)
        routes.on(.post, "/google/token", exchange)
    }

    private var page: AuthorizePage {
        AuthorizePage(
            codes: codes, clock: clock, clientID: clientID, pattern: #"[^@\s]+(@[^@\s]+)?"#,
            login: { name in GooglePerson(login: name)?.email },
            fault: { query in
                if query["redirect_uri"] != redirectURI {
                    return "redirect_uri_mismatch: the application has the address \(redirectURI) alone."
                }
                if query["response_type"] != "code" { return "response_type must be code." }
                let scopes = query["scope"]?.split(separator: " ") ?? []
                return scopes.contains("openid") ? nil : "scope must have openid."
            })
    }

    private func exchange(_ request: RawRequest) async throws -> Answer {
        let input = AuthorizePage.fields(FormData.pairs(request.body))
        guard input["client_id"] == clientID, let secret = input["client_secret"],
            clientSecret == nil || clientSecret == Secret(secret)
        else { return Self.refusal("invalid_client", "The OAuth client was not found.", status: 401) }
        guard input["grant_type"] == "authorization_code" else {
            return Self.refusal("unsupported_grant_type", "Invalid grant_type.")
        }
        guard let code = input["code"], let grant = try await codes.take(code), grant.clientID == clientID,
            grant.expiresAt > clock.now, grant.isProven(by: input["code_verifier"]),
            let person = GooglePerson(login: grant.login)
        else { return Self.refusal("invalid_grant", "Malformed auth code.") }
        guard input["redirect_uri"] == grant.redirectURI else {
            return Self.refusal("redirect_uri_mismatch", "Bad Request")
        }
        let claims = person.claims(for: clientID, nonce: grant.nonce, at: clock.now)
        return .json([
            "access_token": .string("ya29." + RandomText.alphanumeric(40)), "expires_in": 3599,
            "scope": .string(grant.scope), "token_type": "Bearer",
            "id_token": .string(try await keys.key().sign(claims)),
        ])
    }

    private static func refusal(_ error: String, _ description: String, status: Int = 400) -> Answer {
        .json(["error": .string(error), "error_description": .string(description)], status: status)
    }
}
