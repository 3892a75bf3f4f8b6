import Crypto
import ServiceKit
import SharedModels
import TestSupport
import Testing

@Suite struct ServiceTokensTests {
    private let secret = Secret("0123456789abcdef0123456789abcdef")
    private let clock = TestClock()

    private func tokens(_ service: ServiceName, secret: Secret? = nil) -> ServiceTokens {
        ServiceTokens(secret: RotatingSecret(secret ?? self.secret), issuer: service, realTime: clock)
    }

    @Test func `the called service learns who calls`() async throws {
        let token = try await tokens(.jobs).token(for: .auth)
        #expect(try await tokens(.auth).verify(token) == .jobs)
    }

    @Test func `while the secret is replaced, services with either understand each other`() async throws {
        let (old, new) = (Secret("the secret of yesterday, 32 bytes"), Secret("the secret of tomorrow, 32 bytes"))
        let both = ServiceTokens(secret: RotatingSecret(new, earlier: [old]), issuer: .jobs, realTime: clock)
        #expect(try await both.verify(tokens(.auth, secret: old).token(for: .jobs)) == .auth)
        #expect(try await both.verify(tokens(.auth, secret: new).token(for: .jobs)) == .auth)
        #expect(try await tokens(.auth, secret: new).verify(both.token(for: .auth)) == .jobs)
        await #expect(throws: CredentialRefusal.self) {
            try await tokens(.auth, secret: old).verify(both.token(for: .auth))
        }
    }

    @Test func `the operator is no service, and no service is the operator`() async throws {
        let command = ServiceTokens(ofOperator: RotatingSecret(secret), realTime: clock)
        let token = try await command.token(for: .auth)
        try await tokens(.auth).verifyOperator(token)
        await #expect(throws: CredentialRefusal.self) { try await tokens(.auth).verify(token) }
        await #expect(throws: CredentialRefusal.self) { try await tokens(.jobs).verifyOperator(token) }
        await #expect(throws: CredentialRefusal.self) {
            try await tokens(.auth).verifyOperator(tokens(.jobs).token(for: .auth))
        }
        clock.advance(by: .seconds(61))
        await #expect(throws: CredentialRefusal.self) { try await tokens(.auth).verifyOperator(token) }
    }

    @Test func `a token is used again for a while`() async throws {
        let jobs = tokens(.jobs)
        #expect(try await jobs.token(for: .auth) == jobs.token(for: .auth))
    }

    @Test func `a token for another service, an old one and a forged one are refused`() async throws {
        let token = try await tokens(.jobs).token(for: .auth)
        await #expect(throws: CredentialRefusal.self) { try await tokens(.payments).verify(token) }
        let forged = try await tokens(.jobs, secret: Secret("another secret of thirty-two byte")).token(for: .auth)
        await #expect(throws: CredentialRefusal.self) { try await tokens(.auth).verify(forged) }
        await #expect(throws: CredentialRefusal.self) { try await tokens(.auth).verify("") }
        // {"alg":"none"}.{"iss":"jobs","aud":"auth","exp":9999999999}.
        let unsigned = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2JzIiwiYXVkIjoiYXV0aCIsImV4cCI6OTk5OTk5OTk5OX0."
        await #expect(throws: CredentialRefusal.self) { try await tokens(.auth).verify(unsigned) }
        clock.advance(by: .seconds(60))
        await #expect(throws: CredentialRefusal.self) { try await tokens(.auth).verify(token) }
    }

    /// A token of jobs for auth, signed with the right key.
    private func signed(
        header: String = #"{"alg":"HS256","typ":"JWT"}"#, aud: String = #""auth""#, iat: Int64 = 0, exp: Int64 = 60,
        by key: SymmetricKey? = nil
    ) -> String {
        let now = clock.now.seconds
        let claims = #"{"iss":"jobs","aud":\#(aud),"iat":\#(now + iat),"exp":\#(now + exp)}"#
        let text = "\(Base64URL.encode(header.utf8)).\(Base64URL.encode(claims.utf8))"
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(text.utf8), using: key ?? secret.key(for: .serviceTokens))
        return "\(text).\(Base64URL.encode(code))"
    }

    @Test func `a token under the right key is taken`() async throws {
        #expect(try await tokens(.auth).verify(signed()) == .jobs)
    }

    @Test func `another algorithm, an unknown extension and a life too long are refused`() async throws {
        let refused = [
            signed(header: #"{"alg":"none"}"#), signed(header: #"{"alg":"HS512"}"#), signed(header: #"{"typ":"JWT"}"#),
            signed(header: #"{"alg":"HS256","crit":["exp"]}"#), signed(header: #"{"alg":"HS256","crit":[]}"#),
            signed(exp: 61), signed(exp: 9_999_999_999), signed(iat: 3600, exp: 3660), signed(iat: -120, exp: 0),
            signed(iat: -120, exp: -60), signed(aud: #""payments""#), signed(aud: "[]"), signed(aud: "null"),
        ]
        for token in refused {
            await #expect(throws: CredentialRefusal.self, "\(token)") { try await tokens(.auth).verify(token) }
        }
    }

    @Test func `the secret itself, and the keys it makes for other purposes, sign no tokens`() async throws {
        let keys = KeyPurpose.allCases.filter { $0 != .serviceTokens }.map { secret.key(for: $0) }
        for key in keys + [SymmetricKey(data: secret.bytes)] {
            await #expect(throws: CredentialRefusal.self) { try await tokens(.auth).verify(signed(by: key)) }
        }
    }
}
