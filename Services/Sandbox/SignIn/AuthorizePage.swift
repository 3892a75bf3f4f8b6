import ServiceKit
import SharedModels

/// A provider's page on which somebody says who they are, and is sent back with a code (RFC 6749, section 4.1; RFC 7636).
///
/// `?login=<name>` signs in at once as that made-up person, and `?cancel=1` refuses.
struct AuthorizePage: Sendable {
    /// A code lives ten minutes.
    private static let codeLifetime = Duration.minutes(10)
    private static let hidden = [
        "client_id", "redirect_uri", "state", "scope", "code_challenge", "code_challenge_method", "response_type",
        "nonce",
    ]

    let codes: AuthorizationCodeStore
    let clock: SandboxClock
    /// The only existing application; `nil` when every client id is one.
    let clientID: String?
    /// Which people there are, as `pattern` of the page's field.
    let pattern: String
    /// The person of that name; `nil` when the provider allows no such name.
    let login: @Sendable (String) -> String?
    /// What else the provider finds wrong with a request; `nil` for nothing.
    let fault: @Sendable ([String: String]) -> String?

    private var provider: String { codes.provider }

    func answer(_ request: RawRequest) async throws -> Answer {
        let query = Self.fields(FormData.pairs(request.rawQuery.utf8))
        guard let client = query["client_id"], !client.isEmpty, clientID == nil || clientID == client else {
            return page("404", "\(provider) knows no such application: client_id.", status: 404)
        }
        guard let redirect = query["redirect_uri"], WebAddress.isValid(redirect) else {
            return bad("redirect_uri must be a URL.")
        }
        if let challenge = query["code_challenge"],
            query["code_challenge_method"] != "S256" || challenge.count != 43
        {
            return bad("code_challenge must be one of the method S256.")
        }
        if let fault = self.fault(query) { return bad(fault) }
        let state = query["state"].map { [("state", $0)] } ?? []
        if query["cancel"] != nil { return Self.redirect(redirect, [("error", "access_denied")] + state) }
        guard let name = query["login"] else { return .html(form(query)) }
        guard let login = self.login(name) else { return bad("login is no name \(provider) allows.") }
        let code = RandomText.hexadecimal(20)
        try await codes.insert(
            code,
            AuthorizationCode(
                login: login, clientID: client, redirectURI: redirect, scope: query["scope"] ?? "",
                challenge: query["code_challenge"], nonce: query["nonce"],
                expiresAt: clock.now + Self.codeLifetime))
        return Self.redirect(redirect, [("code", code)] + state)
    }

    /// Empty values count as missing; of repeated names the first counts.
    static func fields(_ pairs: [(name: String, value: String)]) -> [String: String] {
        Dictionary(pairs.filter { !$0.value.isEmpty }.map { ($0.name, $0.value) }) { first, _ in first }
    }

    private static func redirect(_ address: String, _ answer: [(String, String)]) -> Answer {
        .redirect(address + (address.contains("?") ? "&" : "?") + FormEncoding.text(answer))
    }

    private func bad(_ text: String) -> Answer { page("Bad request", text, status: 400) }

    private func page(_ title: String, _ text: String, status: Int) -> Answer {
        .html(HTMLPage(title: title, body: "<p>\(Markup.escape(text))</p>").text, status: status)
    }

    private func form(_ query: [String: String]) -> String {
        let hidden = Self.hidden.compactMap { name in
            query[name].map { "<input type=\"hidden\" name=\"\(name)\" value=\"\(Markup.escape($0))\">" }
        }
        return HTMLPage(
            title: "Sign in to the sandbox's \(provider)",
            body: """
                <form method="get">\(hidden.joined())
                <label>Any name:
                <input name="login" required pattern="\(Markup.escape(pattern))" maxlength="254" autofocus></label>
                <button>Sign in</button> <button name="cancel" value="1" formnovalidate>Cancel</button></form>
                """
        ).text
    }
}
