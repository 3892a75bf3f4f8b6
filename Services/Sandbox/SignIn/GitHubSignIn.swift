import Crypto
import ServiceKit
import SharedModels

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// GitHub's OAuth web flow
/// (https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps), with PKCE.
///
/// `GITHUB_BASE_URL=<sandbox>/github`; `?login=<name>` signs in at once as that made-up user.
struct GitHubSignIn: Sendable {
    /// GitHub's codes live ten minutes.
    private static let codeLifetime = Duration.minutes(10)
    private static let authorizeParameters = [
        "client_id", "redirect_uri", "state", "scope", "code_challenge", "code_challenge_method",
        "allow_signup",
    ]

    let store: GitHubStore
    let clock: SandboxClock
    /// How browsers reach the sandbox's GitHub.
    let base: String
    /// The only existing application; `nil` when every client id is one.
    let clientID: String?
    let clientSecret: Secret?

    func register(on routes: RawRoutes) {
        routes.on(.get, "/github/login/oauth/authorize", authorize)
        routes.on(.post, "/github/login/oauth/access_token", exchange)
    }

    private func authorize(_ request: RawRequest) async throws -> Answer {
        let query = Self.fields(FormData.pairs(request.rawQuery.utf8))
        guard let client = query["client_id"], !client.isEmpty, clientID == nil || clientID == client else {
            return .html(
                HTMLPage(title: "404", body: "<p>GitHub knows no such application: client_id.</p>").text,
                status: 404)
        }
        guard let redirect = query["redirect_uri"], WebAddress.isValid(redirect) else {
            return .html(
                HTMLPage(title: "Bad request", body: "<p>redirect_uri must be a URL.</p>").text, status: 400)
        }
        if let challenge = query["code_challenge"],
            query["code_challenge_method"] != "S256" || challenge.count != 43
        {
            return .html(
                HTMLPage(title: "Bad request", body: "<p>code_challenge must be one of the method S256.</p>")
                    .text, status: 400)
        }
        guard let login = query["login"] else { return .html(Self.form(query)) }
        guard GitHubUser(login: login, base: base) != nil else {
            return .html(
                HTMLPage(title: "Bad request", body: "<p>login is no name GitHub allows.</p>").text,
                status: 400)
        }
        let code = RandomText.hexadecimal(20)
        try await store.insert(
            code,
            GitHubCode(
                login: login, clientID: client, redirectURI: redirect, scope: query["scope"] ?? "",
                challenge: query["code_challenge"], expiresAt: clock.now + Self.codeLifetime))
        let answer = [("code", code)] + (query["state"].map { [("state", $0)] } ?? [])
        return .redirect(redirect + (redirect.contains("?") ? "&" : "?") + FormEncoding.text(answer))
    }

    private func exchange(_ request: RawRequest) async throws -> Answer {
        let isJSON = request.mediaType == "application/json"
        let input =
            isJSON
            ? Self.fields(
                (MessageDesk.object(request.body)?.object ?? []).map { ($0.name, $0.value.string ?? "") })
            : Self.fields(FormData.pairs(request.rawQuery.utf8) + FormData.pairs(request.body))
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
        guard let code = input["code"], let grant = try await store.take(code), grant.clientID == client,
            grant.expiresAt > clock.now, Self.isProven(grant, verifier: input["code_verifier"])
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

    /// RFC 7636, section 4.6.
    private static func isProven(_ grant: GitHubCode, verifier: String?) -> Bool {
        guard let challenge = grant.challenge else { return true }
        guard let verifier else { return false }
        return Base64URL.encode(SHA256.hash(data: Data(verifier.utf8))) == challenge
    }

    /// Empty values count as missing; of repeated names the first counts.
    private static func fields(_ pairs: [(name: String, value: String)]) -> [String: String] {
        Dictionary(pairs.filter { !$0.value.isEmpty }.map { ($0.name, $0.value) }) { first, _ in first }
    }

    private static func form(_ query: [String: String]) -> String {
        let hidden = authorizeParameters.compactMap { name in
            query[name].map { "<input type=\"hidden\" name=\"\(name)\" value=\"\(Markup.escape($0))\">" }
        }
        return HTMLPage(
            title: "Sign in to the sandbox's GitHub",
            body: """
                <form method="get">\(hidden.joined())
                <label>Any name:
                <input name="login" required pattern="[A-Za-z0-9]+(-[A-Za-z0-9]+)*" maxlength="39" autofocus></label>
                <button>Sign in</button></form>
                """
        ).text
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
