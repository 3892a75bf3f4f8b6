import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: a person is asked in words that they understand, and an answer goes nowhere but where the
/// client has registered.
@Suite struct ConsentTests {
    private func refusal(
        _ world: AuthWorld, _ parameters: AuthorizationParameters
    ) async -> AuthorizationError? {
        do {
            _ = try await world.oauth.consent.request(parameters)
            return nil
        } catch {
            return error as? AuthorizationError
        }
    }

    @Test func `an answer brings code, state and issuer to the client's place`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let request = try await world.oauth.consent.request(world.parameters(of: client))
            let answer = try await world.oauth.consent.allow(request, by: world.account)
            #expect(answer.hasPrefix("https://app.example/done?from=guildhall&code=oauth_ac_"))
            #expect(answer.answerMembers["state"] == "a state & more")
            #expect(answer.answerMembers["iss"] == "http://localhost")
            let denied = world.oauth.consent.deny(request)
            #expect(denied.answerMembers["error"] == "access_denied" && denied.answerMembers["code"] == nil)
            #expect(denied.answerMembers["state"] == "a state & more")
            #expect(denied.answerMembers["iss"] == "http://localhost")
        }
    }

    @Test func `an unknown client, or a place that is not registered, leads nowhere`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            for id in [nil, "x", OAuthClientID.make(at: world.clock.now).prefixed] {
                #expect(await refusal(world, world.parameters(of: client) { $0.clientID = id }) == .unknownClient)
            }
            for place in [
                "https://app.example/done", "https://app.example/done?from=guildhall&x=1",
                "https://app.example/done?from=guildhall/", "https://APP.example/done?from=guildhall",
                "https://app.example:443/done?from=guildhall", "https://evil.example/", "http://127.0.0.1/",
            ] {
                #expect(
                    await refusal(world, world.parameters(of: client) { $0.redirectURI = place }) == .foreignPlace,
                    "\(place)")
            }
        }
    }

    @Test func `one place may be left out, of several one is named`() async throws {
        try await AuthWorld.use { world in
            let one = try await world.client()
            let code = try await world.code(for: one) { $0.redirectURI = nil }
            _ = try await world.exchange(code, one, redirect: nil)
            let two = try await world.client(redirects: [AuthWorld.callback, "https://app.example/other"])
            #expect(await refusal(world, world.parameters(of: two) { $0.redirectURI = nil }) == .noPlace)
        }
    }

    @Test func `only a program on one's own machine chooses its port`() async throws {
        try await AuthWorld.use { world in
            let native = try await world.client(isPublic: true, redirects: ["http://127.0.0.1/done?a=b"])
            for place in ["http://127.0.0.1:51004/done?a=b", "http://127.0.0.1/done?a=b"] {
                #expect(await refusal(world, world.parameters(of: native) { $0.redirectURI = place }) == nil)
            }
            for place in [
                "http://127.0.0.1:51004/done", "http://127.0.0.1:51004/other?a=b", "http://localhost:51004/done?a=b",
                "https://127.0.0.1:51004/done?a=b", "http://[::1]:51004/done?a=b", "http://127.0.0.1:51004/done?a=b#",
            ] {
                #expect(
                    await refusal(world, world.parameters(of: native) { $0.redirectURI = place }) == .foreignPlace,
                    "\(place)")
            }
            let web = try await world.client(redirects: ["http://127.0.0.1/done"])
            #expect(
                await refusal(world, world.parameters(of: web) { $0.redirectURI = "http://127.0.0.1:51004/done" })
                    == .foreignPlace)
        }
    }

    @Test func `what else is wrong goes back to the client, by the standard's name`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let wrong: [(String, @Sendable (inout AuthorizationParameters) -> Void)] = [
                ("invalid_request", { $0.responseType = nil }),
                ("unsupported_response_type", { $0.responseType = "token" }),
                ("invalid_request", { $0.codeChallenge = nil }),
                ("invalid_request", { $0.codeChallengeMethod = nil }),
                ("invalid_request", { $0.codeChallengeMethod = "plain" }),
                ("invalid_request", { $0.codeChallenge = "short" }),
                ("invalid_request", { $0.codeChallenge = String(repeating: "=", count: 43) }),
                ("invalid_scope", { $0.scope = "messages:read" }),
                ("invalid_scope", { $0.scope = "matches:read nonsense" }),
                ("invalid_scope", { $0.scope = " " }),
                ("invalid_request", { $0.problem = "scope must be there once" }),
            ]
            for (name, change) in wrong {
                let refusal = await refusal(world, world.parameters(of: client, change))
                guard case .sentBack(AuthWorld.callback, let error)? = refusal else {
                    Issue.record("\(name): \(String(describing: refusal))")
                    continue
                }
                let url = world.oauth.consent.sendBack(error, to: AuthWorld.callback, state: "s")
                #expect(url.answerMembers["error"] == name)
                #expect(url.answerMembers["state"] == "s" && url.answerMembers["iss"] == "http://localhost")
                #expect(url.answerMembers["error_description"]?.utf8.allSatisfy { (0x20...0x7E).contains($0) } == true)
            }
        }
    }

    @Test func `a client that is not registered for codes, or whose account has left the plan, does not ask`()
        async throws
    {
        try await AuthWorld.use { world in
            let machine = try await world.client(grantTypes: [.clientCredentials])
            #expect(await refusal(world, world.parameters(of: machine))?.oauthName == "unauthorized_client")
            let client = try await world.client()
            _ = try await world.accounts.setPlan(.pro, of: client.value.accountID)
            #expect(await refusal(world, world.parameters(of: client))?.oauthName == "unauthorized_client")
            _ = try await world.adminUsers.block(client.value.accountID, .freelancer)
            #expect(await refusal(world, world.parameters(of: client)) == .unknownClient)
        }
    }

    @Test func `a form counts only in the session and for the question that it was made for`() async throws {
        try await AuthWorld.use { world in
            let consent = world.oauth.consent
            let client = try await world.client()
            let request = try await consent.request(world.parameters(of: client, scope: "matches:read"))
            let session = LiveSession(id: .make(at: world.clock.now), accountID: world.account)
            let proof = try await consent.question(request, to: session).proof
            try consent.check(proof, of: request, in: session.id)
            let wider = try await consent.request(world.parameters(of: client))
            for (proof, request, session) in [
                (nil, request, session.id), ("", request, session.id), (proof + "A", request, session.id),
                (proof, wider, session.id), (proof, request, .make(at: world.clock.now)),
            ] as [(String?, AuthorizationRequest, SessionID)] {
                #expect(throws: AuthorizationError.foreignForm) { try consent.check(proof, of: request, in: session) }
            }
        }
    }

    @Test func `the page says who asks, for whom and for what, and a name cannot write on it`() async throws {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let shown = OAuthClient(
                id: client.value.id, accountID: client.value.accountID, name: "<script>x</script>\"",
                uri: "https://app.example/?a=\"b", redirectURIs: client.value.redirectURIs,
                grantTypes: client.value.grantTypes, authentication: .basic, scopes: client.value.scopes,
                sha256: client.value.sha256, createdAt: client.value.createdAt)
            let registrant = try await world.accounts.account(client.value.accountID)
            let request = try AuthorizationRequest(
                world.parameters(of: client) { $0.state = "\"><script>" }, shown, registrant: registrant)
            let session = LiveSession(id: .make(at: world.clock.now), accountID: world.account)
            let page = ConsentPage.page(try await world.oauth.consent.question(request, to: session)).text
            #expect(!page.contains("<script") && page.contains("&lt;script&gt;x&lt;/script&gt;&quot;"))
            #expect(page.contains("ada") && page.contains("app.example"))
            for scope in client.value.scopes { #expect(page.contains(scope.wish)) }
            #expect(!page.contains(Scope.messagesRead.wish))
            #expect(page.contains("value=\"allow\"") && page.contains("value=\"deny\""))
        }
    }

    @Test func `the page runs nothing, no other page shows it, and its form leads to us and on to the program`()
        async throws
    {
        try await AuthWorld.use { world in
            let client = try await world.client()
            let request = try await world.oauth.consent.request(world.parameters(of: client))
            let session = LiveSession(id: .make(at: world.clock.now), accountID: world.account)
            let page = ConsentPage.page(try await world.oauth.consent.question(request, to: session))
            let headers = Dictionary(uniqueKeysWithValues: page.headers.map { ($0.name, $0.value) })
            let policy = headers["Content-Security-Policy"] ?? ""
            #expect(policy.hasPrefix("default-src 'none'; ") && policy.hasSuffix("frame-ancestors 'none'"))
            #expect(policy.contains("form-action 'self' https://app.example;"))
            #expect(headers["X-Frame-Options"] == "DENY")
        }
        #expect(RedirectURI.policySource(of: "http://[::1]:3000/done") == "http:")
        #expect(RedirectURI.policySource(of: "com.example.app:/done") == "com.example.app:")
        #expect(RedirectURI.policySource(of: "http://127.0.0.1:3000/done") == "http://127.0.0.1:3000")
    }

    @Test func `each scope has its own words`() {
        #expect(Set(Scope.allCases.map(\.wish)).count == Scope.allCases.count)
    }
}
