import ServiceKit
import SharedModels
import TestSupport
import Testing

@Suite struct ServiceTokensTests {
    private let secret = Secret("0123456789abcdef0123456789abcdef")
    private let clock = TestClock()

    private func tokens(_ service: ServiceName, secret: Secret? = nil) -> ServiceTokens {
        ServiceTokens(secret: secret ?? self.secret, issuer: service, realTime: clock)
    }

    @Test func `the called service learns who calls`() async throws {
        let token = try await tokens(.jobs).token(for: .auth)
        #expect(try await tokens(.auth).verify(token) == .jobs)
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
}
