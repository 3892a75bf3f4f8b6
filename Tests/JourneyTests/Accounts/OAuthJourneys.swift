import OutboundHTTP
import SharedModels
import TestSupport
import Testing

extension Journeys {
    /// Programs of others that act for people (OAuth 2.0), through the gateway.
    @Suite struct OAuth {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private static let authorize = Endpoints.oauth.authorize.operation
        private static let token = Endpoints.oauth.token.operation

        @Test
        func `A token of a person opens their matches and gigs, and nothing beyond its scopes`() async throws {
            let (owner, person) = (try await stack.client(), try await stack.freelancer())
            let app = try await OAuthApp.make(by: owner, in: stack)
            let answer = try await app.exchange(try await app.code(from: person, scope: "matches:read gigs:read"))
            #expect(answer.status == 200 && answer.header("cache-control") == "no-store", "\(answer)")
            #expect(answer["token_type"] == "Bearer" && answer["expires_in"] == 3600)
            #expect(answer["scope"] == "matches:read gigs:read" && answer["success"] == nil)
            let tokens = try app.tokens(in: answer)
            let matches = try await tokens.caller.succeed(Endpoints.matches.own.operation)
            #expect(matches["success"] == true && matches.header("x-ratelimit-limit") == "60")
            try await tokens.caller.succeed(Endpoints.gigs.list.operation)
            let write = try await tokens.caller.ask(
                Endpoints.profiles.update.operation, [:], ["bio": "Parsers."])
            #expect(write.status == 403 && write.code == "FORBIDDEN", "\(write)")
            for operation in [Endpoints.session.current.operation, Endpoints.keys.create.operation] {
                let refused = try await tokens.caller.ask(operation, [:], operation.inputExample)
                #expect(refused.status == 401, "\(operation.id): \(refused)")
            }
            let key = try await tokens.caller.ask(
                Endpoints.scopedKeys.create.operation, [:], ["name": "mine", "scopes": ["gigs:read"]])
            #expect(key.status == 403, "\(key)")
        }

        @Test
        func `Only an enterprise account or an admin registers a client, by its session`() async throws {
            let account = try await stack.client()
            let create = Endpoints.oauthClients.create.operation
            let body: JSONValue = ["redirect_uris": ["https://app.example/done"]]
            let refused = try await account.session.ask(create, [:], body)
            #expect(refused.status == 403 && refused["error"] == "access_denied", "\(refused)")
            let admin = try await stack.admin().caller.succeed(create, [:], body)
            #expect(admin["client_secret"]?.string?.hasPrefix("oauth_cs_") == true)
            #expect(
                admin["client_secret_expires_at"] == 0 && admin["token_endpoint_auth_method"] == "client_secret_basic")
            let app = try await OAuthApp.make(by: account, in: stack)
            let seen = try await account.session.succeed(Endpoints.oauthClients.get.operation, ["id": app.id])
            #expect(seen["client_id"]?.string == app.id && seen["client_secret"] == nil)
            let bad = try await account.session.ask(create, [:], ["redirect_uris": ["http://app.example/"]])
            #expect(bad.status == 400 && bad["error"] == "invalid_redirect_uri", "\(bad)")
            #expect(bad.issuePaths == ["redirect_uris.0"])
        }

        @Test
        func `Who is not signed in is led to sign in, and comes back to the question`() async throws {
            let app = try await OAuthApp.make(by: try await stack.client(), in: stack)
            let away = try await stack.anyone.ask(Self.authorize, query: app.query())
            #expect(away.status == 302, "\(away)")
            let location = try #require(away.header("location"))
            #expect(location.hasPrefix("/api/session/sign-in?return_to="))
            let back = try #require(OAuthApp.members(of: location)["return_to"])
            let start = try await stack.anyone.ask(.get, location)
            #expect(start.status == 200 && start.header("x-frame-options") == "DENY", "\(start)")
            let signIn = String(decoding: start.bytes, as: UTF8.self)
            #expect(signIn.contains("/api/session/github?return_to=%2Fv1%2Foauth%2Fauthorize"))
            let person = try await stack.freelancer()
            let page = try await person.session.ask(.get, back)
            #expect(page.status == 200 && page.header("content-type")?.hasPrefix("text/html") == true, "\(page)")
            let text = String(decoding: page.bytes, as: UTF8.self)
            #expect(text.contains("Calendar") && !text.contains("<script"))
            #expect(page.header("content-security-policy")?.contains("frame-ancestors 'none'") == true)
            #expect(page.header("x-frame-options") == "DENY")
        }

        @Test
        func `Who has a password signs in on the page, and from no other site`() async throws {
            let signIn = Endpoints.session.signIn.operation
            let (email, password) = (try Stack.setting("ADMIN_EMAIL"), try Stack.setting("ADMIN_PASSWORD"))
            func send(_ password: String, from origin: String) async throws -> Answer {
                try await stack.anyone.ask(
                    .post, signIn.path + "?return_to=/v1/oauth/grants",
                    bytes: FormEncoding.encode([("email", email), ("password", password)]),
                    headers: [
                        ("Content-Type", "application/x-www-form-urlencoded"), ("Origin", origin),
                        ("Accept", "text/html"),
                    ])
            }
            let done = try await send(password, from: stack.gateway)
            #expect(done.status == 302 && done.header("location") == "/v1/oauth/grants", "\(done)")
            var browser = stack.anyone
            browser.headers = [("Cookie", "guildhall_session=\(try #require(done.cookies["guildhall_session"]))")]
            try await browser.succeed(Endpoints.oauthGrants.list.operation)
            try await browser.succeed(Endpoints.session.end.operation)
            let wrong = try await send("Not-the-password-1", from: stack.gateway)
            #expect(wrong.status == 400 && wrong.header("content-type")?.hasPrefix("text/html") == true, "\(wrong)")
            let foreign = try await send(password, from: "https://evil.example")
            #expect(foreign.status == 403 && foreign.cookies.isEmpty, "\(foreign)")
        }

        @Test
        func `A wrong link ends on a page, a wrong request goes back to the client`() async throws {
            let app = try await OAuthApp.make(by: try await stack.client(), in: stack)
            let person = try await stack.freelancer()
            for change in [
                ["client_id": "client_00000000000070008000000000000000"], ["redirect_uri": "https://evil.example/"],
            ] {
                let page = try await person.session.ask(
                    Self.authorize, query: app.query(change), headers: [("Accept", "text/html")])
                #expect(page.status == 400 && page.header("location") == nil, "\(page)")
                #expect(page.header("content-type")?.hasPrefix("text/html") == true)
            }
            for (change, error) in [
                (["code_challenge": nil], "invalid_request"), (["code_challenge_method": "plain"], "invalid_request"),
                (["response_type": "token"], "unsupported_response_type"), (["scope": "deals:write"], "invalid_scope"),
            ] as [([String: String?], String)] {
                let answer = try await person.session.ask(Self.authorize, query: app.query(change))
                let members = OAuthApp.members(of: answer.header("location") ?? "")
                #expect(answer.status == 302 && members["error"] == error, "\(answer)")
                #expect(members["state"] == "s 1" && members["iss"] == stack.gateway, "\(members)")
            }
            for twice in ["&scope=gigs:read&scope=gigs:read", "&code_challenge_method=plain", "&response_type=%ff"] {
                let answer = try await person.session.ask(Self.authorize, query: app.query() + twice)
                let members = OAuthApp.members(of: answer.header("location") ?? "")
                #expect(answer.status == 302 && members["error"] == "invalid_request", "\(answer)")
                #expect(members["state"] == "s 1" && members["iss"] == stack.gateway, "\(members)")
            }
            for twice in ["&redirect_uri=https://evil.example/", "&client_id=x"] {
                let answer = try await person.session.ask(Self.authorize, query: app.query() + twice)
                #expect(answer.status == 400 && answer.header("location") == nil, "\(answer)")
            }
            let denied = try await person.session.ask(
                Endpoints.oauth.decide.operation, [:], ["approve": false], query: app.query())
            #expect(OAuthApp.members(of: denied.header("location") ?? "")["error"] == "access_denied")
        }

        @Test
        func `A page of another site decides nothing`() async throws {
            let app = try await OAuthApp.make(by: try await stack.client(), in: stack)
            let person = try await stack.freelancer()
            let decide = Endpoints.oauth.decide.operation
            let form = FormEncoding.encode([("decision", "allow")])
            let type = (name: "Content-Type", value: "application/x-www-form-urlencoded")
            let foreign = try await person.session.ask(
                .post, decide.path + app.query(), bytes: form, headers: [type, ("Origin", "https://evil.example")])
            let unproven = try await person.session.ask(
                .post, decide.path + app.query(), bytes: form, headers: [type, ("Origin", stack.gateway)])
            for answer in [foreign, unproven] {
                #expect(answer.status == 403 && answer.header("location") == nil, "\(answer)")
            }
        }

        @Test
        func `A code works once, and its second use ends what it gave on every service`() async throws {
            let app = try await OAuthApp.make(by: try await stack.client(), in: stack)
            let person = try await stack.freelancer()
            let code = try await app.code(from: person)
            let tokens = try app.tokens(in: try await app.exchange(code))
            let doors = [
                Endpoints.credits.balance.operation, Endpoints.gigs.list.operation, Endpoints.matches.own.operation,
            ]
            for door in doors { try await tokens.caller.at(door.service).succeed(door) }
            let again = try await app.exchange(code)
            #expect(again.status == 400 && again["error"] == "invalid_grant", "\(again)")
            for door in doors { try await tokens.caller.at(door.service).waitUntilRefused(at: door) }
        }

        @Test
        func `Withdrawing, revoking, blocking and removing end a token on every service within a second`() async throws
        {
            let owner = try await stack.client()
            let app = try await OAuthApp.make(by: owner, in: stack)
            let (first, second, third) = (
                try await stack.freelancer(), try await stack.freelancer(), try await stack.freelancer()
            )
            let doors = [Endpoints.credits.balance.operation, Endpoints.gigs.list.operation]

            var tokens = try await app.tokens(from: first)
            for door in doors { try await tokens.caller.at(door.service).succeed(door) }
            let grants = try await first.session.succeed(Endpoints.oauthGrants.list.operation)
            let grant = try #require(grants["grants"]?.array?.first)
            #expect(grant["client_name"] == "Calendar" && grant["client_id"]?.string == app.id)
            try await first.session.succeed(
                Endpoints.oauthGrants.delete.operation, ["id": try #require(grant["id"]?.string)])
            for door in doors { try await tokens.caller.at(door.service).waitUntilRefused(at: door) }
            let ended = try await app.refresh(try #require(tokens.refresh))
            #expect(ended.status == 400 && ended["error"] == "invalid_grant", "\(ended)")

            tokens = try await app.tokens(from: first)
            for door in doors { try await tokens.caller.at(door.service).succeed(door) }
            let revoked = try await app.ask(Endpoints.oauth.revoke.operation, [("token", tokens.access)])
            #expect(revoked.status == 200, "\(revoked)")
            for door in doors { try await tokens.caller.at(door.service).waitUntilRefused(at: door) }

            tokens = try await app.tokens(from: second)
            for door in doors { try await tokens.caller.at(door.service).succeed(door) }
            try await stack.admin().caller.succeed(
                Endpoints.adminUsers.blockFreelancer.operation, ["freelancerId": second.id])
            for door in doors { try await tokens.caller.at(door.service).waitUntilRefused(at: door) }

            tokens = try await app.tokens(from: third)
            for door in doors { try await tokens.caller.at(door.service).succeed(door) }
            try await owner.session.succeed(Endpoints.oauthClients.delete.operation, ["id": app.id])
            for door in doors { try await tokens.caller.at(door.service).waitUntilRefused(at: door) }
        }

        @Test
        func `Parallel refreshes go on with one token`() async throws {
            let app = try await OAuthApp.make(by: try await stack.client(), in: stack)
            let tokens = try await app.tokens(from: try await stack.freelancer())
            let refresh = try #require(tokens.refresh)
            let answers = try await Parallel.run(8) { try await app.refresh(refresh) }
            #expect(answers.allSatisfy { $0.status == 200 }, "\(answers)")
            #expect(Set(answers.compactMap { $0["refresh_token"]?.string }).count == 1)
        }

        @Test
        func `Refusals of the token endpoint are the standard's`() async throws {
            let app = try await OAuthApp.make(by: try await stack.client(), in: stack)
            let wrong = try await app.ask(Self.token, [("grant_type", "client_credentials")], secret: "wrong")
            #expect(wrong.status == 401 && wrong["error"] == "invalid_client", "\(wrong)")
            #expect(wrong.header("www-authenticate")?.hasPrefix("Basic") == true)
            #expect(wrong.header("cache-control") == "no-store")
            let unknown = try await app.ask(Self.token, [("grant_type", "password")])
            #expect(unknown.status == 400 && unknown["error"] == "unsupported_grant_type", "\(unknown)")
            let json = try await stack.anyone.ask(Self.token, [:], ["grant_type": "client_credentials"])
            #expect(json.status == 400 && json["error"] == "invalid_request", "\(json)")
            #expect(json["error_description"]?.string?.contains("x-www-form-urlencoded") == true, "\(json)")
            let lacking: [(SharedModels.Operation, String)] = [
                (Self.token, "grant_type"), (Endpoints.oauth.revoke.operation, "token"),
                (Endpoints.oauth.introspect.operation, "token"),
            ]
            for (operation, member) in lacking {
                let nothing = try await stack.anyone.ask(operation)
                #expect(nothing.status == 400 && nothing["error_description"] == .string("\(member) is missing."))
            }
            let metadata = try await stack.anyone.succeed(Endpoints.oauthMetadata.get.operation)
            #expect(metadata["issuer"]?.string == stack.gateway)
            #expect(metadata["token_endpoint"]?.string == stack.gateway + Self.token.path)
        }

        @Test(.timeLimit(.minutes(20)))
        func `Authlib and oauthlib get tokens, use them and end them`() async throws {
            let app = try await OAuthApp.make(by: try await stack.client(), in: stack)
            let person = try await stack.freelancer()
            let cookie = try #require(person.session.headers.first { $0.name == "Cookie" }?.value)
            let input: JSONValue = [
                "gateway": .string(stack.gateway), "cookie": .string(cookie), "client_id": .string(app.id),
                "client_secret": .string(app.secret), "redirect_uri": .string(OAuthApp.callback),
                "scope": "matches:read gigs:read", "reads": .string(Endpoints.gigs.list.operation.path),
                "forbids": .string(Endpoints.credits.balance.operation.path),
            ]
            let verdict = try await Judge.oauth.run("check_clients.py", on: input.bytes)
            #expect(verdict.contains("both libraries are content"), "\(verdict)")
        }
    }
}
