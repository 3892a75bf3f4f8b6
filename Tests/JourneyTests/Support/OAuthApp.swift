import OutboundHTTP
import SharedModels
import Testing

/// A program that is registered with the stack, and asks people for access.
struct OAuthApp: Sendable {
    static let callback = "http://127.0.0.1:9/done"
    /// RFC 7636, appendix B.
    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

    let stack: Stack
    let owner: Account
    let id: String
    let secret: String

    struct Tokens: Sendable {
        let access: String
        let refresh: String?
        /// Who shows the access token.
        let caller: Caller
    }

    /// Registers one for an account, which gets the plan for it.
    static func make(
        by owner: Account, scope: String = "matches:read gigs:read account:read", in stack: Stack
    ) async throws -> OAuthApp {
        try await stack.set(.enterprise, for: owner, by: stack.admin().caller)
        let made = try await owner.session.succeed(
            Endpoints.oauthClients.create.operation, [:],
            [
                "client_name": "Calendar", "redirect_uris": [.string(callback)], "scope": .string(scope),
                "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            ])
        return OAuthApp(
            stack: stack, owner: owner, id: try #require(made["client_id"]?.string, "\(made)"),
            secret: try #require(made["client_secret"]?.string))
    }

    /// The query with which the program sends a person to us.
    func query(_ changes: [String: String?] = [:]) -> String {
        let usual: [(String, String)] = [
            ("response_type", "code"), ("client_id", id), ("redirect_uri", Self.callback), ("state", "s 1"),
            ("code_challenge", Self.challenge), ("code_challenge_method", "S256"),
        ]
        let fields = usual.compactMap { name, value -> (String, String)? in
            guard let change = changes[name] else { return (name, value) }
            return change.map { (name, $0) }
        }
        let more = changes.compactMap { name, value -> (String, String)? in
            usual.contains { $0.0 == name } ? nil : value.map { (name, $0) }
        }
        return "?" + FormEncoding.text(fields + more)
    }

    /// The person allows it.
    func code(from person: Account, scope: String? = nil) async throws -> String {
        let answer = try await person.session.succeed(
            Endpoints.oauth.decide.operation, [:], ["approve": true], query: query(["scope": scope]))
        let location = try #require(answer.header("location"))
        return try #require(Self.members(of: location)["code"], "\(location)")
    }

    /// Asks one of the endpoints for clients.
    func ask(
        _ operation: SharedModels.Operation, _ fields: [(String, String)], secret shown: String? = nil
    ) async throws -> Answer {
        let proof = Base64.encode(Array("\(id):\(shown ?? secret)".utf8))
        return try await stack.anyone.ask(
            operation.method, operation.path(with: [:]), bytes: FormEncoding.encode(fields),
            headers: [("Content-Type", "application/x-www-form-urlencoded"), ("Authorization", "Basic \(proof)")])
    }

    func exchange(_ code: String) async throws -> Answer {
        try await ask(
            Endpoints.oauth.token.operation,
            [
                ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", Self.callback),
                ("code_verifier", Self.verifier),
            ])
    }

    func refresh(_ text: String) async throws -> Answer {
        try await ask(
            Endpoints.oauth.token.operation, [("grant_type", "refresh_token"), ("refresh_token", text)])
    }

    /// What the person's consent gives.
    func tokens(from person: Account, scope: String? = nil) async throws -> Tokens {
        try tokens(in: try await exchange(try await code(from: person, scope: scope)))
    }

    func tokens(in answer: Answer) throws -> Tokens {
        let access = try #require(answer["access_token"]?.string, "\(answer)")
        var caller = stack.anyone
        caller.headers = [("Authorization", "Bearer \(access)")]
        return Tokens(access: access, refresh: answer["refresh_token"]?.string, caller: caller)
    }

    static func members(of url: String) -> [String: String] {
        var members: [String: String] = [:]
        for pair in FormEncoding.pairs(url.split(separator: "?").last?.utf8 ?? ""[...].utf8) {
            guard let name = FormEncoding.text(decoding: pair.name) else { continue }
            members[name] = FormEncoding.text(decoding: pair.value)
        }
        return members
    }
}
