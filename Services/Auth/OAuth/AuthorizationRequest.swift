import ServiceKit
import SharedModels

/// What a client asks a person for, as it came (RFC 6749, section 4.1.1; RFC 7636, section 4.3).
struct AuthorizationParameters: Sendable, Equatable {
    var responseType: String?
    var clientID: String?
    var redirectURI: String?
    var scope: String?
    var state: String?
    var codeChallenge: String?
    var codeChallengeMethod: String?
    /// What is wrong with one that came twice or cannot be read, and is left out here.
    var problem: String?

    /// The same as fields of a query.
    var fields: [(String, String)] {
        let all = [
            ("response_type", responseType), ("client_id", clientID), ("redirect_uri", redirectURI), ("scope", scope),
            ("state", state), ("code_challenge", codeChallenge), ("code_challenge_method", codeChallengeMethod),
        ]
        return all.compactMap { name, value in value.map { (name, $0) } }
    }

    /// The path at which a person is asked.
    var path: String { "\(Endpoints.oauth.authorize.operation.path)?\(FormEncoding.text(fields))" }
}

extension AuthorizationParameters {
    /// The same as members of an object. Texts that no query could hold are as good as none.
    init(_ json: JSONValue) {
        func text(_ name: String) -> String? {
            json[name]?.string.flatMap { 1...2000 ~= $0.utf8.count && !$0.utf8.contains(0) ? $0 : nil }
        }
        self.init(
            responseType: text("response_type"), clientID: text("client_id"), redirectURI: text("redirect_uri"),
            scope: text("scope"), state: text("state"), codeChallenge: text("code_challenge"),
            codeChallengeMethod: text("code_challenge_method"))
    }
}

/// A request of a client that may ask, whose answer goes to one of its places.
struct AuthorizationRequest: Sendable, Equatable {
    let client: OAuthClient
    /// Where the answer goes.
    let redirectURI: String
    let scopes: [Scope]
    let challenge: String
    let parameters: AuthorizationParameters

    /// - Throws: ``AuthorizationError``. ``AuthorizationError/sentBack(_:_:)`` is thrown only after client and place
    ///   were checked.
    init(
        _ parameters: AuthorizationParameters, _ client: OAuthClient, registrant: Account?
    ) throws(AuthorizationError) {
        guard let registrant, registrant.status == .active else { throw .unknownClient }
        guard let place = client.redirectURI(for: parameters.redirectURI) else {
            throw parameters.redirectURI == nil ? .noPlace : .foreignPlace
        }
        do throws(OAuthTokenError) {
            challenge = try Self.challenge(in: parameters, client)
            guard registrant.mayHaveClients else {
                throw .unauthorizedClient("The account of the client is not an enterprise account any more")
            }
            scopes = try client.scopes(for: parameters.scope)
        } catch {
            throw .sentBack(place, error)
        }
        (self.client, self.parameters, redirectURI) = (client, parameters, place)
    }

    private static func challenge(
        in parameters: AuthorizationParameters, _ client: OAuthClient
    ) throws(OAuthTokenError) -> String {
        if let problem = parameters.problem { throw .invalidRequest(problem) }
        guard let type = parameters.responseType else { throw .invalidRequest("response_type is missing") }
        guard type.isSpelled(OAuthResponseType.code.rawValue) else { throw .unsupportedResponseType }
        guard client.grantTypes.contains(.authorizationCode) else {
            throw .unauthorizedClient("The client is not registered for authorization_code")
        }
        guard let challenge = parameters.codeChallenge else {
            throw .invalidRequest("code_challenge is missing: every client needs PKCE")
        }
        guard parameters.codeChallengeMethod?.isSpelled("S256") == true else {
            throw .invalidRequest("code_challenge_method must be S256")
        }
        guard challenge.utf8.count == 43, Base64URL.decode(challenge)?.count == 32 else {
            throw .invalidRequest("code_challenge must be a SHA-256 in base 64 for URLs, of 43 characters")
        }
        return challenge
    }

    /// Where the browser goes with an answer (RFC 6749, section 4.1.2; RFC 9207).
    func answer(_ members: [(String, String)], from issuer: String) -> String {
        Self.answer(members, at: redirectURI, state: parameters.state, from: issuer)
    }

    static func answer(
        _ members: [(String, String)], at place: String, state: String?, from issuer: String
    ) -> String {
        let more = [state.map { ("state", $0) }, ("iss", issuer)].compactMap(\.self)
        return RedirectURI.answer(place, members + more)
    }
}
