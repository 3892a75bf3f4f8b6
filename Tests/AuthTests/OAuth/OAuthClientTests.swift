import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: only who may registers clients, and only such as can be held to what they say.
@Suite struct OAuthClientTests {
    private func expectRefused(
        _ input: OAuthClientInput, _ name: String, at path: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let error = #expect(throws: OAuthClientError.self, sourceLocation: sourceLocation) {
            try OAuthClient.registering(input, by: .make(at: .start), at: .start)
        }
        #expect(error?.oauthName == name, sourceLocation: sourceLocation)
        #expect(error?.issues.map(\.path) == [path], sourceLocation: sourceLocation)
    }

    @Test func `an enterprise account registers a client, whose secret is shown once and stored as a digest`()
        async throws
    {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let secret = try #require(client.secret)
            #expect(OAuthTokenFormat.clientSecret.matches(secret))
            let stored: [UInt8] = try await world.database.one("SELECT secret_sha256 FROM oauth_clients") {
                try $0.decode("secret_sha256")
            }
            #expect(stored == APIKeyFormat.sha256(secret))
            let found = try await world.oauth.clients.client(client.value.id, of: client.value.accountID)
            #expect(found == client.value && found.hasSecret(secret) && !found.hasSecret(secret + "x"))
            let page = try await world.oauth.clients.page(of: client.value.accountID, after: nil, limit: 50)
            #expect(page.items == [client.value])
        }
    }

    @Test(arguments: [Plan.free, .pro])
    func `an account on another plan registers no client`(plan: Plan) async throws {
        try await AuthWorld.use { world in
            let account = try await world.registrant(plan: plan)
            await #expect(throws: OAuthClientError.notEnterprise) {
                try await world.oauth.clients.register(
                    OAuthClientInput(redirectURIs: [AuthWorld.callback]), by: account)
            }
        }
    }

    @Test func `an admin does on any plan, and a blocked account on none`() async throws {
        try await AuthWorld.use { world in
            let (admin, blocked) = (try await world.registrant(plan: .free), try await world.registrant())
            try await world.database.execute("UPDATE accounts SET is_admin = true WHERE id = \(admin)")
            _ = try await world.client(of: admin)
            _ = try await world.adminUsers.block(blocked, .freelancer)
            await #expect(throws: AccountError.blocked) { try await world.client(of: blocked) }
        }
    }

    @Test func `an account has twenty at most, also when it asks for many at once`() async throws {
        try await AuthWorld.use { world in
            let owner = try await world.registrant()
            let made = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<24 { group.addTask { (try? await world.client(of: owner)) != nil } }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(made == OAuthClient.limit)
            await #expect(throws: OAuthClientError.tooMany) { try await world.client(of: owner) }
        }
    }

    @Test func `another account neither sees nor removes it`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let stranger = try await world.registrant()
            await #expect(throws: OAuthClientError.notFound) {
                try await world.oauth.clients.client(client.value.id, of: stranger)
            }
            await #expect(throws: OAuthClientError.notFound) {
                try await world.oauth.clients.delete(client.value.id, of: stranger)
            }
            #expect(try await world.oauth.clients.page(of: stranger, after: nil, limit: 50).items.isEmpty)
        }
    }

    @Test(arguments: [
        "http://app.example/done", "https://app.example/done#part", "https://ada@app.example/done",
        "//app.example/done",
        "app.example/done", "javascript:alert(1)", "data:text/html,hi", "myapp:/done", "com.example.app:/done",
        "https:///done", "https://app.example/do ne", "https://app.example/\u{e9}",
        "https://app.example\\@evil.example/",
        "http://127.0.0.1.evil.example/", "http://[::2]/", "https://app.example/<b>",
    ])
    func `a place for answers must be https, whole and plain`(uri: String) throws {
        try expectRefused(
            OAuthClientInput(redirectURIs: [AuthWorld.callback, uri]), "invalid_redirect_uri", at: "redirect_uris.1")
    }

    @Test(arguments: ["http://localhost:3000/done", "http://127.0.0.1/done", "http://[::1]:80/done"])
    func `on one's own machine it may be http`(uri: String) throws {
        #expect(RedirectURI.problem(of: uri, isPublic: false) == nil)
    }

    @Test func `only a program without a secret has its own scheme`() {
        #expect(RedirectURI.problem(of: "com.example.app:/done", isPublic: true) == nil)
        #expect(RedirectURI.problem(of: "myapp:/done", isPublic: true) != nil)
        #expect(RedirectURI.problem(of: "javascript:alert(1)", isPublic: true) != nil)
    }

    @Test func `what does not fit together is refused by name`() throws {
        let callback = [AuthWorld.callback]
        try expectRefused(
            OAuthClientInput(grantTypes: [.authorizationCode]), "invalid_redirect_uri", at: "redirect_uris")
        try expectRefused(
            OAuthClientInput(grantTypes: [.refreshToken, .clientCredentials]), "invalid_client_metadata",
            at: "grant_types")
        try expectRefused(
            OAuthClientInput(
                redirectURIs: callback, grantTypes: [.authorizationCode, .clientCredentials],
                tokenEndpointAuthMethod: OAuthClientAuthentication.none), "invalid_client_metadata", at: "grant_types")
        try expectRefused(
            OAuthClientInput(redirectURIs: callback, responseTypes: []), "invalid_client_metadata", at: "response_types"
        )
        for scope in ["matches:read gigs:fly", " ", "keys:write", "matches:READ"] {
            try expectRefused(
                OAuthClientInput(redirectURIs: callback, scope: scope), "invalid_client_metadata", at: "scope")
        }
    }

    @Test func `what is left out has the usual values`() throws {
        let usual = try OAuthClient.registering(
            OAuthClientInput(redirectURIs: [AuthWorld.callback]), by: .make(at: .start), at: .start
        ).client
        #expect(usual.grantTypes == [.authorizationCode, .refreshToken] && usual.authentication == .basic)
        #expect(usual.name == usual.id.prefixed)
        #expect(!usual.scopes.isEmpty && usual.scopes.allSatisfy { $0.rawValue.hasSuffix(":read") })
        let machine = try OAuthClient.registering(OAuthClientInput(), by: .make(at: .start), at: .start)
        #expect(machine.client.grantTypes == [.clientCredentials] && machine.secret != nil)
        let app = try OAuthClient.registering(
            OAuthClientInput(
                redirectURIs: ["com.example.app:/done"], tokenEndpointAuthMethod: OAuthClientAuthentication.none),
            by: .make(at: .start), at: .start)
        #expect(app.secret == nil && app.client.isPublic)
    }

    @Test func `removing a client ends everything that it was given`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let tokens = try await world.tokens(of: client)
            let own = try await world.token(client, [("grant_type", "client_credentials")])
            try await world.oauth.clients.delete(client.value.id, of: client.value.accountID)
            #expect(try await world.refusal(of: tokens.accessToken) != nil)
            #expect(try await world.refusal(of: own.accessToken) != nil)
            await world.expect("invalid_client") { try await world.refresh(tokens.refreshToken, client) }
            #expect(try await world.oauth.end.page(of: world.account, after: nil, limit: 50).items.isEmpty)
        }
    }
}

/// The promise under test: a mistyped token is refused by its form alone.
@Suite struct OAuthTokenFormatTests {
    @Test(arguments: OAuthTokenFormat.allCases)
    func `each has its own form, which no key has`(format: OAuthTokenFormat) {
        let text = format.make()
        #expect(text.utf8.count == 58 && text != format.make())
        #expect(APIKeyFormat.read(text) == .somethingElse)
        #expect(OAuthTokenFormat.allCases.filter { $0.matches(text) } == [format])
        #expect(!OAuthTokenFormat.isMistyped(text))
    }

    @Test func `changing any character breaks it`() {
        let text = Array(OAuthTokenFormat.accessToken.make().utf8)
        for position in text.indices {
            var changed = text
            changed[position] = changed[position] == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
            let mistyped = String(decoding: changed, as: UTF8.self)
            #expect(!OAuthTokenFormat.accessToken.matches(mistyped))
            #expect(OAuthTokenFormat.isMistyped(mistyped) == (position >= 9))
        }
    }

    @Test(arguments: ["", "oauth_at_", "oauth_at_\u{e9}", "eyJhbGciOiJFUzI1NiJ9.e30.x"])
    func `other texts are not tokens`(text: String) {
        #expect(!OAuthTokenFormat.accessToken.matches(text))
    }
}
