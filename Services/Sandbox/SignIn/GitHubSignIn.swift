import ServiceKit
import SharedModels

/// GitHub's OAuth web flow
/// (https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps), with PKCE.
///
/// `GITHUB_BASE_URL=<sandbox>/github`; `?login=<name>` signs in at once as that made-up user.
struct GitHubSignIn: Sendable {
    let store: GitHubStore
    let codes: AuthorizationCodeStore
    let clock: SandboxClock
    /// How browsers reach the sandbox's GitHub.
    let base: String
    /// The only existing application; `nil` when every client id is one.
    let clientID: String?
    let clientSecret: Secret?

    func register(on routes: RawRoutes) {
        routes.on(.get, "/github/login/oauth/authorize", page.answer)
        routes.on(.post, "/github/login/oauth/access_token", exchange)
    }

    private var page: AuthorizePage {
        AuthorizePage(
            codes: codes, clock: clock, clientID: clientID, pattern: "[A-Za-z0-9]+(-[A-Za-z0-9]+)*",
            login: { name in GitHubUser(login: name, base: base).map(\.login) }, fault: { _ in nil })
    }

    private func exchange(_ request: RawRequest) async throws -> Answer {
        let isJSON = request.mediaType == "application/json"
        let input =
            isJSON
            ? AuthorizePage.fields(
                (MessageDesk.object(request.body)?.object ?? []).map { ($0.name, $0.value.string ?? "") })
            : AuthorizePage.fields(FormData.pairs(request.rawQuery.utf8) + FormData.pairs(request.body))
        let wantsJSON = request.header("accept")?.contains("json") == true
        let answer: [(String, String)]
        switch try await grant(input) {
        case .success(let pairs): answer = pairs
        case .failure(let refusal): answer = refusal.pairs
        }
        // GitHub answers 200 either way.
        if wantsJSON { return .json(.object(answer.map { JSONMember($0.0, .string($0.1)) })) }
        return Answer(
            headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            body: Array(FormEncoding.text(answer).utf8))
    }

    private func grant(_ input: [String: String]) async throws -> Result<[(String, String)], GitHubRefusal> {
        guard let client = input["client_id"], clientID == nil || clientID == client,
            let secret = input["client_secret"], !secret.isEmpty,
            clientSecret == nil || clientSecret == Secret(secret)
        else { return .failure(.incorrectClientCredentials) }
        guard let code = input["code"], let grant = try await codes.take(code), grant.clientID == client,
            grant.expiresAt > clock.now, grant.isProven(by: input["code_verifier"])
        else { return .failure(.badVerificationCode) }
        if let redirect = input["redirect_uri"], redirect != grant.redirectURI {
            return .failure(.redirectMismatch)
        }
        let token = "gho_" + RandomText.alphanumeric(36)
        try await store.insert(token: token, login: grant.login, scope: grant.scope, at: clock.now)
        return .success([
            ("access_token", token), ("scope", grant.scope.replacing(" ", with: ",")),
            ("token_type", "bearer"),
        ])
    }
}

/// Why GitHub gives no token.
enum GitHubRefusal: String, Error {
    case incorrectClientCredentials = "incorrect_client_credentials"
    case badVerificationCode = "bad_verification_code"
    case redirectMismatch = "redirect_uri_mismatch"

    var pairs: [(String, String)] {
        let description =
            switch self {
            case .incorrectClientCredentials: "The client_id and/or client_secret passed are incorrect."
            case .badVerificationCode: "The code passed is incorrect or expired."
            case .redirectMismatch:
                "The redirect_uri MUST match the registered callback URL for this application."
            }
        return [("error", rawValue), ("error_description", description)]
    }
}
