import OutboundHTTP
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import SandboxService

/// The promise under test: the sandbox's Google gives a token where Google would, and is as hard where it is not.
@Suite struct SandboxGoogleTests {
    // RFC 7636, appendix B.
    private static let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    private static let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    private static let back = "http://market.example/api/session/google/callback"

    private struct Google: Sendable {
        let sandbox: SandboxFixture
        let url: String
        let http: OutboundHTTP

        func authorize(_ changes: [String: String?] = [:]) async throws -> OutboundResponse {
            let query: [String: String?] = [
                "client_id": "ours", "redirect_uri": SandboxGoogleTests.back, "response_type": "code",
                "scope": "openid email",
                "state": "s", "nonce": "n", "code_challenge": SandboxGoogleTests.challenge,
                "code_challenge_method": "S256",
                "login": "grace",
            ]
            let pairs = query.merging(changes) { $1 }.compactMap { name, value in value.map { (name, $0) } }
            return try await http.send(
                OutboundRequest(.get, "\(url)/google/o/oauth2/v2/auth?\(FormEncoding.text(pairs))"), .question)
        }

        func code(_ changes: [String: String?] = [:]) async throws -> String {
            let answer = try await authorize(changes)
            let location = try #require(answer.headers.first { $0.name.lowercased() == "location" }?.value)
            let pairs = FormData.pairs(location.split(separator: "?")[1].utf8)
            #expect(
                location.hasPrefix(SandboxGoogleTests.back) && pairs.contains { $0.name == "state" && $0.value == "s" })
            return try #require(pairs.first { $0.name == "code" }?.value)
        }

        func exchange(_ code: String, _ changes: [String: String] = [:]) async throws -> (status: Int, body: JSONValue)
        {
            let form = [
                "client_id": "ours", "client_secret": "secret", "redirect_uri": SandboxGoogleTests.back, "code": code,
                "code_verifier": SandboxGoogleTests.verifier, "grant_type": "authorization_code",
            ].merging(changes) { $1 }
            let answer = try await http.send(
                .form(.post, "\(url)/google/token", form: form.map { ($0.key, $0.value) }), .question)
            return (answer.status, try JSONValue.parse(answer.body))
        }
    }

    private func use(_ body: (Google) async throws -> Void) async throws {
        try await SandboxFixture.use { sandbox in
            let routes = RawRoutes()
            GoogleSignIn(
                codes: AuthorizationCodeStore(database: sandbox.database, provider: "Google"),
                keys: GoogleKeyStore(database: sandbox.database), clock: sandbox.clock, clientID: "ours",
                clientSecret: Secret("secret"), redirectURI: Self.back
            ).register(on: routes)
            let http = OutboundHTTP(logger: .quiet)
            do {
                try await LocalServer.serve(routes) { url in
                    try await body(Google(sandbox: sandbox, url: url, http: http))
                }
            } catch {
                await http.shutdown()
                throw error
            }
            await http.shutdown()
        }
    }

    @Test func `a code is good for one token, which repeats the nonce`() async throws {
        try await use { google in
            let code = try await google.code()
            let given = try await google.exchange(code)
            #expect(given.status == 200 && given.body["token_type"] == "Bearer")
            let token = try #require(given.body["id_token"]?.string)
            let claims = try JSONValue.parse(#require(Base64URL.decode(String(token.split(separator: ".")[1]))))
            #expect(claims["nonce"] == "n" && claims["aud"] == "ours" && claims["email_verified"] == true)
            #expect(claims["email"] == "grace@google.example.com")
            let again = try await google.exchange(code)
            #expect(again.status == 400 && again.body["error"] == "invalid_grant")
        }
    }

    @Test(arguments: [
        ("code_verifier", "another", 400, "invalid_grant"), ("redirect_uri", "http://x", 400, "redirect_uri_mismatch"),
        ("client_secret", "another", 401, "invalid_client"), ("client_id", "another", 401, "invalid_client"),
        ("grant_type", "password", 400, "unsupported_grant_type"), ("code", "another", 400, "invalid_grant"),
    ])
    func `an exchange that proves nothing is refused as Google refuses it`(
        name: String, value: String, status: Int, error: String
    ) async throws {
        try await use { google in
            let refused = try await google.exchange(try await google.code(), [name: value])
            #expect(refused.status == status && refused.body["error"]?.string == error, "\(refused)")
        }
    }

    @Test func `a code ends after ten minutes`() async throws {
        try await use { google in
            let code = try await google.code()
            _ = try await google.sandbox.clock.advance(seconds: 600)
            #expect(try await google.exchange(code).status == 400)
        }
    }

    @Test(arguments: [
        ("redirect_uri", "http://market.example/elsewhere"), ("client_id", "another"), ("scope", "email"),
        ("response_type", "token"), ("code_challenge_method", "plain"), ("login", "no body"),
    ])
    func `a request that is not the application's is a page, and sends nobody on`(name: String, value: String)
        async throws
    {
        try await use { google in
            let answer = try await google.authorize([name: value])
            #expect((400...404).contains(answer.status))
            #expect(!answer.headers.contains { $0.name.lowercased() == "location" })
        }
    }

    @Test func `who cancels is sent back with that, and who is asked sees a form`() async throws {
        try await use { google in
            let cancelled = try await google.authorize(["cancel": "1"])
            let location = cancelled.headers.first { $0.name.lowercased() == "location" }?.value
            #expect(location?.hasSuffix("?error=access_denied&state=s") == true)
            let asked = try await google.authorize(["login": nil])
            #expect(asked.status == 200 && String(decoding: asked.body, as: UTF8.self).contains("name=\"login\""))
        }
    }
}
