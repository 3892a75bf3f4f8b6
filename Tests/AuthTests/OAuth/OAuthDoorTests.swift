import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: a client proves that it is the one, in the ways of the standard and in no other, and who
/// guesses is stopped.
@Suite struct OAuthDoorTests {
    private func proof(_ fields: [(String, String)], _ authorization: String? = nil) throws -> ClientProof {
        try ClientProof(FormFields(FormEncoding.encode(fields)), authorization: authorization)
    }

    private func basic(_ text: String) -> String { "Basic " + Base64.encode(Array(text.utf8)) }

    @Test func `id and secret come in the header, form-encoded, or in the form`() throws {
        #expect(try proof([], basic("a%20b:c%3Ad+e")) == ClientProof(id: "a b", secret: "c:d e"))
        #expect(try proof([("client_id", "a")], basic("a:s")) == ClientProof(id: "a", secret: "s"))
        #expect(try proof([("client_id", "a"), ("client_secret", "s")]) == ClientProof(id: "a", secret: "s"))
        #expect(try proof([("client_id", "a")]) == ClientProof(id: "a", secret: nil))
    }

    @Test(arguments: [
        "Basic", "Basic !!!", "Bearer abc", "Basic " + Base64.encode(Array("nocolon".utf8)),
        "Basic " + Base64.encode(Array(":secret".utf8)), "Basic " + Base64.encode(Array("a%zz:s".utf8)),
        "Basic " + Base64.encode([0xFF, 0x3A, 0xFF]),
    ])
    func `another header is refused`(header: String) {
        let error = #expect(throws: OAuthTokenError.self) { try proof([], header) }
        #expect(error?.oauthName == "invalid_client" && error?.code == .unauthorized)
        #expect(error?.challenge.hasPrefix("Basic ") == true)
    }

    @Test func `two secrets, two ids or none are refused`() {
        for (fields, header, name) in [
            ([("client_secret", "s")], basic("a:s"), "invalid_request"),
            ([("client_id", "b")], basic("a:s"), "invalid_request"), ([], nil, "invalid_client"),
        ] as [([(String, String)], String?, String)] {
            let error = #expect(throws: OAuthTokenError.self) { try proof(fields, header) }
            #expect(error?.oauthName == name)
        }
    }

    @Test(arguments: ["a=1&a=2", "a=%zz", "a=%00", "%ff=1", String(repeating: "a&", count: 51)])
    func `a form that can be read in two ways is refused`(text: String) {
        let error = #expect(throws: OAuthTokenError.self) { try FormFields(Array(text.utf8)) }
        #expect(error?.oauthName == "invalid_request")
    }

    @Test func `a field without a value is as good as none`() throws {
        let form = try FormFields(Array("a=&b&c=d&&e=f=g".utf8))
        #expect(form["a"] == nil && form["b"] == nil && form["c"] == "d" && form["e"] == "f=g")
    }

    @Test func `a wrong secret, another's, none, or one too many is refused`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let (other, app) = (try await world.client(), try await world.client(isPublic: true))
            let grant = [("grant_type", "client_credentials")]
            for secret in ["wrong", other.secret, nil] {
                let guess = TestClient(value: client.value, secret: secret)
                await world.expect("invalid_client") { try await world.token(guess, grant) }
            }
            await world.expect("invalid_client") {
                try await world.token(TestClient(value: app.value, secret: "one"), grant)
            }
            try await world.oauth.clients.delete(other.value.id, of: other.value.accountID)
            await world.expect("invalid_client") { try await world.token(other, grant) }
        }
    }

    @Test func `twenty guesses in an hour close the door to their place alone`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let guess = TestClient(value: client.value, secret: "wrong")
            let grant = [("grant_type", "client_credentials")]
            for _ in 0..<19 { await world.expect("invalid_client") { try await world.token(guess, grant) } }
            await world.expect("invalid_grant") {
                try await world.refresh(OAuthTokenFormat.refreshToken.make(), client)
            }
            await #expect(throws: OAuthTokenError.tooManyGuesses(retryAfter: .hours(1))) {
                try await world.token(client, grant)
            }
            _ = try await world.oauth.tokens.token(
                client.form(grant), authorization: client.authorization, from: Place(IPAddress("192.0.2.7")))
            world.clock.advance(by: .hours(1))
            _ = try await world.token(client, grant)
        }
    }

    @Test func `what is right, or was, never closes it`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let code = try await world.code(for: client)
            _ = try await world.exchange(code, client)
            for _ in 0..<25 { await world.expect("invalid_grant") { try await world.exchange(code, client) } }
            for _ in 0..<25 { _ = try await world.token(client, [("grant_type", "client_credentials")]) }
        }
    }
}
