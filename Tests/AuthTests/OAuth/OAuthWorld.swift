import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

// Clients, and what they ask for.
extension AuthWorld {
    static let callback = "https://app.example/done?from=guildhall"
    static let proofKey = ProofKey(verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")

    private static let numbers = Shared<Int64>(1000)

    var oauth: OAuthFeatures { features.oauth }

    /// Another account, with the plan that clients need.
    func registrant(plan: Plan = .enterprise) async throws -> AccountID {
        let number = Self.numbers.change { number in
            number += 1
            return number
        }
        let account = Account.signingUp(try .named("maker\(number)", id: number), plan: plan, at: clock.now)
        try await database.transaction { _ = try await AccountStore().insertIfAbsent(account, in: $0) }
        return account.id
    }

    /// A client of a new account with the plan for it.
    func client(
        scopes: [Scope] = [.matchesRead, .profilesRead, .gigsWrite], isPublic: Bool = false,
        grantTypes: [OAuthGrantType]? = nil, redirects: [String] = [AuthWorld.callback], of owner: AccountID? = nil
    ) async throws -> TestClient {
        let account = if let owner { owner } else { try await registrant() }
        let all: [OAuthGrantType] =
            isPublic ? [.authorizationCode, .refreshToken] : OAuthGrantType.allCases
        let made = try await oauth.clients.register(
            OAuthClientInput(
                redirectURIs: redirects, clientName: "Calendar", clientURI: "https://app.example/",
                grantTypes: grantTypes ?? all,
                tokenEndpointAuthMethod: isPublic ? OAuthClientAuthentication.none : .basic,
                scope: scopes.text), by: account)
        return TestClient(value: made.client, secret: made.secret)
    }

    /// The query of a request for access.
    func parameters(
        of client: TestClient, scope: String? = nil, _ change: (inout AuthorizationParameters) -> Void = { _ in }
    ) -> AuthorizationParameters {
        var parameters = AuthorizationParameters(
            responseType: "code", clientID: client.value.id.prefixed, redirectURI: client.value.redirectURIs[0],
            scope: scope, state: "a state & more", codeChallenge: Self.proofKey.challenge, codeChallengeMethod: "S256")
        change(&parameters)
        return parameters
    }

    /// A code that the account gave.
    func code(
        for client: TestClient, scope: String? = nil, by person: AccountID? = nil,
        _ change: (inout AuthorizationParameters) -> Void = { _ in }
    ) async throws -> String {
        let request = try await oauth.consent.request(parameters(of: client, scope: scope, change))
        let answer = try await oauth.consent.allow(request, by: person ?? account)
        return try #require(answer.answerMembers["code"])
    }

    func exchange(
        _ code: String, _ client: TestClient, verifier: String = AuthWorld.proofKey.verifier,
        redirect: String? = AuthWorld.callback
    ) async throws -> OAuthTokenView {
        try await token(
            client,
            [("grant_type", "authorization_code"), ("code", code), ("code_verifier", verifier)]
                + [redirect.map { ("redirect_uri", $0) }].compactMap(\.self))
    }

    func refresh(_ text: String?, _ client: TestClient, scope: String? = nil) async throws -> OAuthTokenView {
        try await token(
            client,
            [("grant_type", "refresh_token"), ("refresh_token", text ?? "")]
                + [scope.map { ("scope", $0) }].compactMap(\.self))
    }

    func token(_ client: TestClient, _ fields: [(String, String)]) async throws -> OAuthTokenView {
        try await oauth.tokens.token(
            client.form(fields), authorization: client.authorization, from: Self.place)
    }

    /// All that a person's consent gives.
    func tokens(
        of client: TestClient, scope: String? = nil, by person: AccountID? = nil
    ) async throws -> OAuthTokenView {
        try await exchange(try await code(for: client, scope: scope, by: person), client)
    }

    func revoke(_ text: String, _ client: TestClient) async throws {
        try await oauth.end.revoke(
            client.form([("token", text)]), authorization: client.authorization, from: Self.place)
    }

    func introspect(_ text: String, _ client: TestClient) async throws -> OAuthIntrospectionView {
        try await oauth.end.introspect(
            client.form([("token", text)]), authorization: client.authorization, from: Self.place)
    }

    /// Expects that a token request is refused with this name.
    func expect<Given: Sendable>(
        _ name: String, sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Given
    ) async {
        let error = await #expect(throws: OAuthTokenError.self, sourceLocation: sourceLocation) {
            _ = try await body()
        }
        #expect(error?.oauthName == name, "\(String(describing: error))", sourceLocation: sourceLocation)
    }
}

struct TestClient: Sendable {
    let value: OAuthClient
    let secret: String?

    var authorization: String? {
        secret.map { "Basic " + Base64.encode(Array("\(value.id.prefixed):\($0)".utf8)) }
    }

    func form(_ fields: [(String, String)]) throws -> FormFields {
        try FormFields(FormEncoding.encode(fields + (secret == nil ? [("client_id", value.id.prefixed)] : [])))
    }
}

extension String {
    /// The query of a URL that an answer comes with.
    var answerMembers: [String: String] {
        guard let mark = firstIndex(of: "?") else { return [:] }
        var members: [String: String] = [:]
        for pair in self[index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1).compactMap { FormFields.text($0.utf8) }
            if parts.count == 2 { members[parts[0]] = parts[1] }
        }
        return members
    }
}
