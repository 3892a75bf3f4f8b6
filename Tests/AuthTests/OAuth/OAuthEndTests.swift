import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: ending an access ends all of it, in every service, and a client learns of a token
/// only what is its business.
@Suite struct OAuthEndTests {
    /// What the other services are told while `body` runs.
    private func revocations(
        in world: AuthWorld, _ body: () async throws -> Void
    ) async throws -> [Revocation] {
        let heard = Shared<[Revocation]?>(nil)
        let listening = Task {
            for try await notification in RevocationStore().messages(on: world.database, beatEvery: .seconds(1)) {
                switch notification {
                case .listening: heard.change { $0 = [] }
                case .message(let text):
                    if let revocation = Revocation(json: text) { heard.change { $0?.append(revocation) } }
                }
            }
        }
        defer { listening.cancel() }
        try await eventually("it listens") { heard.value != nil }
        try await body()
        let last = Revocation.account(.make(at: world.clock.now))
        try await world.database.transaction { try await RevocationStore().announce(last, in: $0) }
        try await eventually("the last one has come") { heard.value?.last == last }
        return Array((heard.value ?? []).dropLast())
    }

    private func digest(_ text: String) -> Revocation { .credential(sha256: APIKeyFormat.sha256(text)) }

    @Test func `a client ends an access token, and a refresh token with its family`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let first = try await world.tokens(of: client)
            let second = try await world.refresh(first.refreshToken, client)
            let told = try await revocations(in: world) { try await world.revoke(first.accessToken, client) }
            #expect(told == [digest(first.accessToken)])
            #expect(try await world.refusal(of: first.accessToken) != nil)
            #expect(try await world.refusal(of: second.accessToken) == nil)
            let more = try await revocations(in: world) {
                try await world.revoke(try #require(second.refreshToken), client)
            }
            #expect(more == [digest(second.accessToken)])
            #expect(try await world.refusal(of: second.accessToken) != nil)
            await world.expect("invalid_grant") { try await world.refresh(second.refreshToken, client) }
            // What is not there, or no more, is as good as ended.
            for text in [first.accessToken, try #require(second.refreshToken), "made up"] {
                try await world.revoke(text, client)
            }
        }
    }

    @Test func `a client does not end another's tokens`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let stranger = try await world.client()
            let tokens = try await world.tokens(of: client)
            for text in [tokens.accessToken, try #require(tokens.refreshToken)] {
                await #expect(throws: OAuthTokenError.notTheirs) { try await world.revoke(text, stranger) }
            }
            #expect(try await world.refusal(of: tokens.accessToken) == nil)
            await world.expect("invalid_client") {
                try await world.revoke(tokens.accessToken, TestClient(value: client.value, secret: "wrong"))
            }
        }
    }

    @Test func `a client asks about its account's tokens, and learns nothing of others`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let sister = try await world.client(of: client.value.accountID)
            let (stranger, app) = (try await world.client(), try await world.client(isPublic: true))
            let tokens = try await world.tokens(of: client, scope: "matches:read")
            for asking in [client, sister] {
                let view = try await world.introspect(tokens.accessToken, asking)
                #expect(view.active && view.scope == "matches:read" && view.tokenType == "Bearer")
                #expect(view.clientID?.id == client.value.id && view.sub?.id == world.account)
                #expect(view.exp == world.clock.now.seconds + 3600 && view.iss == "http://localhost")
            }
            let refresh = try await world.introspect(try #require(tokens.refreshToken), client)
            #expect(refresh.active && refresh.tokenType == nil)
            #expect(try await !world.introspect(tokens.accessToken, stranger).active)
            #expect(try await !world.introspect("made up", client).active)
            await world.expect("invalid_client") { try await world.introspect(tokens.accessToken, app) }
            world.clock.advance(by: .hours(1))
            let ended = try await world.introspect(tokens.accessToken, client)
            #expect(try JSONValue(encoding: ended) == ["active": false])
        }
    }

    @Test func `a person sees what they allowed, and takes it back`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let narrow = try await world.tokens(of: client, scope: "matches:read")
            let wide = try await world.tokens(of: client, scope: "gigs:write")
            let friend = try await world.registrant()
            let others = try await world.tokens(of: client, by: friend)
            let grants = try await world.oauth.end.page(of: world.account, after: nil, limit: 50).items
            #expect(grants.count == 1)
            let grant = try #require(grants.first)
            #expect(grant.clientName == "Calendar" && grant.scopes == [.matchesRead, .gigsWrite])
            await #expect(throws: OAuthClientError.grantNotFound) {
                try await world.oauth.end.withdraw(grant.id, of: friend)
            }
            let pending = try await world.code(for: client)
            let told = try await revocations(in: world) {
                try await world.oauth.end.withdraw(grant.id, of: world.account)
            }
            #expect(Set(told.map(\.json)) == Set([narrow, wide].map { digest($0.accessToken).json }))
            for tokens in [narrow, wide] {
                #expect(try await world.refusal(of: tokens.accessToken) != nil)
                await world.expect("invalid_grant") { try await world.refresh(tokens.refreshToken, client) }
            }
            await world.expect("invalid_grant") { try await world.exchange(pending, client) }
            #expect(try await world.oauth.end.page(of: world.account, after: nil, limit: 50).items.isEmpty)
            #expect(try await world.refusal(of: others.accessToken) == nil)
            await #expect(throws: OAuthClientError.grantNotFound) {
                try await world.oauth.end.withdraw(grant.id, of: world.account)
            }
        }
    }

    @Test func `blocking a person ends what acts for them, and deleting them as well`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let tokens = try await world.tokens(of: client)
            let code = try await world.code(for: client)
            _ = try await world.adminUsers.block(world.account, .freelancer)
            #expect(try await world.resolve(tokens.accessToken).principal == nil)
            await world.expect("invalid_grant") { try await world.refresh(tokens.refreshToken, client) }
            await world.expect("invalid_grant") { try await world.exchange(code, client) }
            _ = try await world.adminUsers.unblock(world.account, .freelancer)
            #expect(try await world.resolve(tokens.accessToken).principal == nil)

            let again = try await world.tokens(of: client)
            try await world.deletions.delete(world.account, reason: nil)
            #expect(try await world.resolve(again.accessToken).principal == nil)
            await world.expect("invalid_grant") { try await world.refresh(again.refreshToken, client) }
            let rows: Int = try await world.database.one(
                """
                SELECT (SELECT count(*) FROM oauth_grants) + (SELECT count(*) FROM oauth_codes)
                       + (SELECT count(*) FROM oauth_families) + (SELECT count(*) FROM oauth_access_tokens) AS total
                """
            ) { try $0.decode("total") }
            #expect(rows == 0)
        }
    }

    @Test func `blocking or deleting who has registered a client ends the client, for everybody`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let tokens = try await world.tokens(of: client)
            let own = try await world.token(client, [("grant_type", "client_credentials")])
            let told = try await revocations(in: world) {
                _ = try await world.adminUsers.block(client.value.accountID, .freelancer)
            }
            #expect(told.contains(digest(tokens.accessToken)) && told.contains(.account(client.value.accountID)))
            for text in [tokens.accessToken, own.accessToken] { #expect(try await world.refusal(of: text) != nil) }
            await world.expect("invalid_client") { try await world.refresh(tokens.refreshToken, client) }
            _ = try await world.adminUsers.unblock(client.value.accountID, .freelancer)
            let again = try await world.tokens(of: client)
            try await world.deletions.delete(client.value.accountID, reason: nil)
            #expect(try await world.refusal(of: again.accessToken) != nil)
            #expect(try await world.oauth.end.page(of: world.account, after: nil, limit: 50).items.isEmpty)
        }
    }

    @Test func `a client whose account leaves the plan gets nothing more, and what it has ends by itself`() async throws
    {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let tokens = try await world.tokens(of: client)
            _ = try await world.accounts.setPlan(.free, of: client.value.accountID)
            await world.expect("unauthorized_client") { try await world.refresh(tokens.refreshToken, client) }
            #expect(try await world.refusal(of: tokens.accessToken) == nil)
            world.clock.advance(by: .hours(1))
            #expect(try await world.refusal(of: tokens.accessToken) != nil)
        }
    }

    @Test func `an exchange that meets the deletion of its person waits, and gives nothing`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let code = try await world.code(for: client)
            let result = try await world.overtaking { try await world.exchange(code, client) }
            #expect(throws: OAuthTokenError.self) { try result.get() }
        }
    }
}
