import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: a code or a refresh token works once, for its client, and what is used twice is worth
/// nothing.
@Suite struct OAuthTokenTests {
    @Test func `a code gives a token that acts for the person, within what was allowed`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let given = try await world.tokens(of: client, scope: "gigs:write matches:read matches:read")
            #expect(given.tokenType == "Bearer" && given.expiresIn == 3600)
            #expect(given.scope == "matches:read gigs:write")
            let principal = try #require(try await world.resolve(given.accessToken).principal)
            #expect(principal.accountID == world.account && principal.credential == .oauthToken)
            #expect(principal.scopes == [.matchesRead, .gigsWrite] && principal.userType == .freelancer)
            #expect(principal.sessionID == nil && principal.apiKeyID == nil && !principal.isAdmin)
            let stored: Int = try await world.database.one(
                """
                SELECT count(*) AS total FROM oauth_access_tokens a, oauth_refresh_tokens r
                 WHERE a.sha256 = \(APIKeyFormat.sha256(given.accessToken))
                   AND r.sha256 = \(APIKeyFormat.sha256(given.refreshToken ?? ""))
                """
            ) { try $0.decode("total") }
            #expect(stored == 1)
        }
    }

    @Test func `a token that an admin allowed makes no admin of the client`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            try await world.database.execute("UPDATE accounts SET is_admin = true WHERE id = \(world.account)")
            let given = try await world.tokens(of: client)
            #expect(try await world.resolve(given.accessToken).principal?.isAdmin == false)
        }
    }

    @Test func `a token is charged to the plan of the person, together with their keys`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let token = try await world.tokens(of: client).accessToken
            let key = try await world.keys.create(APIKeyInput(), for: world.account).text
            var requests = 0
            for text in [token, key] {
                while let grant = try await world.resolve(text).grant, grant.requests > 0 {
                    #expect(grant.limit == 60)
                    requests += grant.requests
                }
            }
            #expect(requests == 100)
        }
    }

    @Test func `a token ends after an hour, and a code after ten minutes`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let token = try await world.tokens(of: client).accessToken
            let code = try await world.code(for: client)
            world.clock.advance(by: .minutes(10))
            await world.expect("invalid_grant") { try await world.exchange(code, client) }
            world.clock.advance(by: .minutes(50) - .seconds(1))
            #expect(try await world.refusal(of: token) == nil)
            world.clock.advance(by: .seconds(1))
            #expect(try await world.refusal(of: token) != nil)
        }
    }

    @Test func `a code that is used again ends what it gave`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let other = try await world.tokens(of: client)
            let code = try await world.code(for: client)
            let given = try await world.exchange(code, client)
            let renewed = try await world.refresh(given.refreshToken, client)
            await world.expect("invalid_grant") { try await world.exchange(code, client) }
            for text in [given.accessToken, renewed.accessToken] {
                #expect(try await world.refusal(of: text) != nil)
            }
            await world.expect("invalid_grant") { try await world.refresh(renewed.refreshToken, client) }
            // Another code's stay.
            #expect(try await world.refusal(of: other.accessToken) == nil)
            await world.expect("invalid_grant") { try await world.exchange(code, client) }
        }
    }

    @Test func `a code that is used again when its ten minutes are over ends what it gave, too`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let code = try await world.code(for: client)
            let given = try await world.exchange(code, client)
            world.clock.advance(by: .minutes(11))
            await world.expect("invalid_grant") { try await world.exchange(code, client) }
            #expect(try await world.refusal(of: given.accessToken) != nil)
            await world.expect("invalid_grant") { try await world.refresh(given.refreshToken, client) }
        }
    }

    @Test func `of many exchanges at once, one is answered`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let code = try await world.code(for: client)
            let answers = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<8 { group.addTask { (try? await world.exchange(code, client)) != nil } }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(answers == 1)
        }
    }

    @Test func `a code needs the verifier, the place and the client that it was asked for with`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let stranger = try await world.client()
            let code = try await world.code(for: client)
            for verifier in [
                AuthWorld.proofKey.challenge, String(repeating: "a", count: 43), AuthWorld.proofKey.verifier + "a",
                "dBjftJeZ4CVP", AuthWorld.proofKey.verifier + "\u{e9}",
            ] {
                await world.expect("invalid_grant") { try await world.exchange(code, client, verifier: verifier) }
            }
            for place in [nil, "https://app.example/done", "https://evil.example/"] {
                await world.expect("invalid_grant") { try await world.exchange(code, client, redirect: place) }
            }
            await world.expect("invalid_grant") { try await world.exchange(code, stranger) }
            await world.expect("invalid_request") { try await world.exchange(code, client, verifier: "") }
            // None of that has used it up.
            _ = try await world.exchange(code, client)
        }
    }

    @Test func `refreshing replaces the refresh token, and parallel ones go on with one`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let first = try await world.tokens(of: client)
            let parallel = try await withThrowingTaskGroup(of: OAuthTokenView.self) { group in
                for _ in 0..<6 { group.addTask { try await world.refresh(first.refreshToken, client) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(parallel.map(\.refreshToken)).count == 1 && parallel[0].refreshToken != first.refreshToken)
            #expect(Set(parallel.map(\.accessToken)).count == 6)
            for view in parallel { #expect(try await world.refusal(of: view.accessToken) == nil) }
            world.clock.advance(by: .seconds(9))
            #expect(
                try await world.refresh(first.refreshToken, client).refreshToken == parallel[0].refreshToken)
        }
    }

    @Test func `a refresh token that comes back late ends its family, in no other`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let (first, other) = (try await world.tokens(of: client), try await world.tokens(of: client))
            let second = try await world.refresh(first.refreshToken, client)
            world.clock.advance(by: .seconds(10))
            await world.expect("invalid_grant") { try await world.refresh(first.refreshToken, client) }
            await world.expect("invalid_grant") { try await world.refresh(second.refreshToken, client) }
            for text in [first.accessToken, second.accessToken] { #expect(try await world.refusal(of: text) != nil) }
            #expect(try await world.refusal(of: other.accessToken) == nil)
        }
    }

    @Test func `a refresh token that comes back late ends its family, whatever scope it asks for`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let first = try await world.tokens(of: client)
            let second = try await world.refresh(first.refreshToken, client)
            world.clock.advance(by: .seconds(10))
            await world.expect("invalid_grant") {
                try await world.refresh(first.refreshToken, client, scope: "messages:write")
            }
            #expect(try await world.refusal(of: second.accessToken) != nil)
        }
    }

    @Test func `a refresh token lives thirty days from its last use`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            var tokens = try await world.tokens(of: client)
            for _ in 0..<2 {
                world.clock.advance(by: .days(30) - .seconds(1))
                tokens = try await world.refresh(tokens.refreshToken, client)
            }
            world.clock.advance(by: .days(30))
            await world.expect("invalid_grant") { try await world.refresh(tokens.refreshToken, client) }
        }
    }

    @Test func `a refresh may ask for less, never for more`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let tokens = try await world.tokens(of: client, scope: "matches:read profiles:read")
            let less = try await world.refresh(tokens.refreshToken, client, scope: "matches:read")
            #expect(less.scope == "matches:read")
            #expect(try await world.resolve(less.accessToken).principal?.scopes == [.matchesRead])
            await world.expect("invalid_scope") {
                try await world.refresh(less.refreshToken, client, scope: "matches:read gigs:write")
            }
            #expect(try await world.refresh(less.refreshToken, client).scope == "matches:read profiles:read")
        }
    }

    @Test func `a client acts for its own account with its secret alone`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let given = try await world.token(client, [("grant_type", "client_credentials"), ("scope", "gigs:write")])
            #expect(given.refreshToken == nil && given.scope == "gigs:write")
            let principal = try await world.resolve(given.accessToken).principal
            #expect(principal?.accountID == client.value.accountID && principal?.scopes == [.gigsWrite])
            await world.expect("invalid_scope") {
                try await world.token(client, [("grant_type", "client_credentials"), ("scope", "account:write")])
            }
        }
    }

    @Test func `a client gets only what it is registered for`() async throws {
        try await AuthWorld.use { world in
            let app = try await world.client(isPublic: true)
            await world.expect("unauthorized_client") {
                try await world.token(app, [("grant_type", "client_credentials")])
            }
            let tokens = try await world.tokens(of: app)
            _ = try await world.refresh(tokens.refreshToken, app)
            let once = try await world.client(grantTypes: [.authorizationCode])
            let given = try await world.tokens(of: once)
            #expect(given.refreshToken == nil)
            await world.expect("unauthorized_client") { try await world.refresh("x", once) }
            await world.expect("unsupported_grant_type") { try await world.token(once, [("grant_type", "password")]) }
            await world.expect("invalid_request") { try await world.token(once, []) }
        }
    }

    @Test func `a family has ten access tokens, and a person twenty families at a client`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let first = try await world.tokens(of: client)
            var last = first
            for _ in 0..<OAuthLimits.tokensPerFamily {
                world.clock.advance(by: .seconds(1))
                last = try await world.refresh(last.refreshToken, client)
            }
            #expect(try await world.refusal(of: first.accessToken) != nil)
            #expect(try await world.refusal(of: last.accessToken) == nil)
            for _ in 0..<OAuthLimits.familiesPerGrant {
                world.clock.advance(by: .seconds(1))
                _ = try await world.tokens(of: client)
            }
            #expect(try await world.refusal(of: last.accessToken) != nil)
            let families: Int = try await world.database.one("SELECT count(*) AS total FROM oauth_families") {
                try $0.decode("total")
            }
            #expect(families == OAuthLimits.familiesPerGrant)
        }
    }

    @Test func `what has ended does not pile up`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            for _ in 0..<3 { _ = try await world.tokens(of: client) }
            world.clock.advance(by: .days(31))
            _ = try await world.tokens(of: client)
            for table: SQL in ["oauth_codes", "oauth_families", "oauth_access_tokens", "oauth_refresh_tokens"] {
                let rows: Int = try await world.database.one("SELECT count(*) AS total FROM \(fragment: table)") {
                    try $0.decode("total")
                }
                #expect(rows == 1, "\(table.text)")
            }
        }
    }
}
