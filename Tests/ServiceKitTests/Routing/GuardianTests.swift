import ServiceKit
import SharedModels
import TestSupport
import Testing

/// The promise under test: no caller without permission reaches a handler, and each is told what is missing.
@Suite struct GuardianTests {
    @Test
    func `Without a credential the answer is 401, before anything else is looked at`() async throws {
        try await TestService.use { service in
            for (method, path) in [("GET", "/api/things?x"), ("POST", "/api/things"), ("GET", "/api/usage")] {
                let answer = try await service.ask(method, path, bytes: Array("{".utf8), headers: [])
                #expect(answer.status == 401)
                #expect(answer.code == "UNAUTHORIZED")
                #expect(answer.header("www-authenticate") == "Bearer realm=\"guildhall\"")
            }
            #expect(service.auth.asked == 0)
        }
    }

    @Test(arguments: [
        ("Authorization", "Bearer nobody"), ("X-API-Key", "nobody"), ("Cookie", "guildhall_session=nobody"),
    ])
    func `A credential that auth does not know is 401`(name: String, value: String) async throws {
        try await TestService.use { service in
            let answer = try await service.ask("GET", "/api/things", headers: [(name, value)])
            #expect(answer.status == 401)
            #expect(answer.code == "UNAUTHORIZED")
        }
    }

    @Test(arguments: [
        ("Authorization", "Bearer "), ("Authorization", "Bearer"), ("Authorization", "Bearer a b"),
        ("Authorization", "Basic YTpi"), ("Authorization", ""), ("X-API-Key", ""),
        ("Cookie", "guildhall_session="), ("Cookie", "guildhall_session=é"),
        ("X-API-Key", String(repeating: "k", count: 4097)),
    ])
    func `What is no credential at all is 401 without asking auth`(name: String, value: String) async throws {
        try await TestService.use { service in
            let answer = try await service.ask("GET", "/api/things", headers: [(name, value)])
            #expect(answer.status == 401)
            #expect(service.auth.asked == 0)
        }
    }

    @Test
    func `A mistyped key is told so without asking auth`() async throws {
        try await TestService.use { service in
            let key = APIKeyFormat.generate(prefix: "cc_live_")
            let mistyped = String(key.dropLast()) + (key.hasSuffix("0") ? "1" : "0")
            let answer = try await service.ask("GET", "/api/things", headers: [("X-API-Key", mistyped)])
            #expect(answer.status == 401)
            #expect(answer["message"] == "The API key is mistyped: its checksum is wrong.")
            #expect(service.auth.asked == 0)
        }
    }

    @Test
    func `A key is taken from either header, and from both when they agree`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let other = [(name: "X-API-Key", value: key.secret)]
            for headers in [key.headers, other, key.headers + other] {
                let answer = try await service.ask("GET", "/api/things", headers: headers)
                #expect(answer.status == 200)
            }
        }
    }

    @Test
    func `Two headers with different keys are 401, however valid both are`() async throws {
        try await TestService.use { service in
            let (one, other) = (service.auth.key(), service.auth.key())
            for header in other.headers + [(name: "X-API-Key", value: other.secret)] {
                let answer = try await service.ask("GET", "/api/things", as: one, headers: [header])
                #expect(answer.status == 401)
                #expect(answer.code == "UNAUTHORIZED")
            }
        }
    }

    @Test
    func `A key without the endpoint's scope is 403 and changes nothing; one without limits may do all`() async throws {
        try await TestService.use { service in
            let reader = service.auth.key([.gigsRead])
            let refused = try await service.make("Chair", as: reader)
            #expect(refused.status == 403)
            #expect(refused.code == "FORBIDDEN")
            #expect(refused["message"] == "The credential lacks the scope gigs:write.")
            #expect(try await service.names(of: reader).isEmpty)
            #expect(try await service.ask("GET", "/api/things", as: reader).status == 200)
            let writer = service.auth.key([.gigsRead, .gigsWrite])
            #expect(try await service.make("Chair", as: writer).status == 201)
            #expect(try await service.make("Desk", as: service.auth.key()).status == 201)
        }
    }

    @Test
    func `A key is 401 where a session must be, and a session where a key must`() async throws {
        try await TestService.use { service in
            let (key, session) = (service.auth.key(), service.auth.session())
            let keyRefused = try await service.ask("DELETE", "/api/things", as: key)
            #expect(keyRefused.status == 401)
            #expect(keyRefused["message"] == "This endpoint takes a browser session, not a key.")
            #expect(try await service.ask("DELETE", "/api/things", as: session).status == 204)
            let sessionRefused = try await service.ask("GET", "/api/usage", as: session)
            #expect(sessionRefused.status == 401)
            #expect(sessionRefused["message"] == "This endpoint takes an API key, not a session.")
            #expect(try await service.ask("GET", "/api/usage", as: key).status == 200)
        }
    }

    @Test
    func `The text of a session is worth nothing as a key, nor that of a key as a session`() async throws {
        try await TestService.use { service in
            let (key, session) = (service.auth.key(), service.auth.session())
            let asKey = try await service.ask("GET", "/api/things", headers: [("X-API-Key", session.secret)])
            #expect(asKey.status == 401)
            let asSession = try await service.ask(
                "GET", "/api/things", headers: [("Cookie", "guildhall_session=\(key.secret)")])
            #expect(asSession.status == 401)
        }
    }

    @Test
    func `An endpoint for clients is 403 for a freelancer`() async throws {
        try await TestService.use { service in
            let client = service.auth.session()
            let thing = try await service.makeChair(as: client)
            let freelancer = service.auth.session(.freelancer)
            let refused = try await service.ask("POST", "\(thing)/sell", as: freelancer)
            #expect(refused.status == 403)
            #expect(refused["message"] == "Only a client may do this; this account is a freelancer.")
            #expect(try await service.ask("POST", "\(thing)/sell", as: client).status == 200)
        }
    }
}

extension GuardianTests {
    @Test
    func `An endpoint for admins is 403 for everybody else, and for an admin's credential that lacks the scope`()
        async throws
    {
        try await TestService.use { service in
            let client = service.auth.key()
            let thing = try await service.makeChair(as: client)
            for other in [client, service.auth.session(), service.auth.session(.freelancer)] {
                let refused = try await service.ask("POST", "\(thing)/judge", as: other)
                #expect(refused.status == 403)
                #expect(refused["message"] == "Only an admin may do this.")
            }
            let limited = service.auth.adminKey([.dealsRead], of: client.account)
            #expect(try await service.ask("POST", "\(thing)/judge", as: limited).status == 403)
            let admin = service.auth.adminKey(of: client.account)
            #expect(try await service.ask("POST", "\(thing)/judge", as: admin).status == 200)
        }
    }

    @Test(arguments: [
        ("Origin", "https://evil.example"), ("Origin", "null"), ("Origin", "http://app.example"),
        ("Origin", "https://app.example.evil.example"), ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ])
    func `A page of another site cannot write with somebody's session`(name: String, value: String) async throws {
        try await TestService.use { service in
            let session = service.auth.session()
            let answer = try await service.ask(
                "POST", "/api/things", as: session, ["name": "Forged"], headers: [(name, value)])
            #expect(answer.status == 403)
            #expect(answer.code == "FORBIDDEN")
            #expect(try await service.names(of: session).isEmpty)
            let read = try await service.ask("GET", "/api/things", as: session, headers: [(name, value)])
            #expect(read.status == 200)
            let byKey = try await service.ask(
                "POST", "/api/things", as: service.auth.key(), ["name": "Meant"], headers: [(name, value)])
            #expect(byKey.status == 201)
        }
    }

    @Test(arguments: [
        [("Origin", TestService.clientURL)], [("Origin", TestService.publicURL)], [],
        [("Origin", TestService.clientURL), ("Sec-Fetch-Site", "same-site")],
        [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")],
    ])
    func `The client's own pages can, and so can a program, which no page can misuse`(headers: [(String, String)])
        async throws
    {
        try await TestService.use { service in
            let answer = try await service.ask(
                "POST", "/api/things", as: service.auth.session(), ["name": "Chair"],
                headers: headers.map { (name: $0, value: $1) })
            #expect(answer.status == 201)
        }
    }

    @Test
    func `While auth is away a new credential is 503 with Retry-After, and a known session passes`() async throws {
        try await TestService.use { service in
            let session = service.auth.session()
            #expect(try await service.ask("GET", "/api/things", as: session).status == 200)
            let key = service.auth.key()
            service.auth.goAway()
            let answer = try await service.ask("GET", "/api/things", as: key)
            #expect(answer.status == 503)
            #expect(answer.code == "SERVICE_UNAVAILABLE")
            #expect(answer.header("retry-after") == "2")
            #expect(try await service.ask("GET", "/api/things", as: session).status == 200)
        }
    }

    @Test
    func `A revoked key is not let in by what was remembered of it`() async throws {
        try await TestService.use { service in
            let session = service.auth.session()
            let before = try await service.ask("GET", "/api/things", as: session)
            #expect(before.status == 200)
            service.auth.goAway()
            service.resolver.revoked(.account(session.account))
            let after = try await service.ask("GET", "/api/things", as: session)
            #expect(after.status == 503)
        }
    }

    @Test
    func `Answers to keys tell what is left of the plan, answers to sessions do not`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            for left in ["59", "58"] {
                let answer = try await service.ask("GET", "/api/things", as: key)
                #expect(answer.header("x-ratelimit-limit") == "60")
                #expect(answer.header("x-ratelimit-remaining") == left)
                #expect(answer.header("x-ratelimit-reset") == "\((service.clock.now + .seconds(60)).seconds)")
                #expect(answer.header("x-ratelimit-retry-after") == "60")
                #expect(answer.header("retry-after") == nil)
            }
            let answer = try await service.ask("GET", "/api/things", as: service.auth.session())
            #expect(!answer.headers.contains { $0.name.hasPrefix("x-ratelimit") })
        }
    }

    @Test
    func `Past the limit the answer is 429 with all headers, and nothing is done`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            service.auth.leave(1)
            #expect(try await service.make("Chair", as: key).status == 201)
            let answer = try await service.make("Desk", as: key)
            #expect(answer.status == 429)
            #expect(answer.code == "RATE_LIMIT_EXCEEDED")
            #expect(answer.header("retry-after") == "17")
            #expect(answer.header("x-ratelimit-limit") == "60")
            #expect(answer.header("x-ratelimit-remaining") == "0")
            #expect(answer.header("x-ratelimit-reset") == "\((service.clock.now + .seconds(60)).seconds)")
            #expect(answer.header("x-ratelimit-retry-after") == "17")
            #expect(try await service.names(of: key) == ["Chair"])
        }
    }

    @Test
    func `What was refused was charged, and says what is left`() async throws {
        try await TestService.use { service in
            let key = service.auth.key([.gigsRead])
            let answer = try await service.make("Chair", as: key)
            #expect(answer.status == 403)
            #expect(answer.header("x-ratelimit-remaining") == "59")
        }
    }

    @Test
    func `More at once than the plan allows is 429, until one has been answered`() async throws {
        try await TestService.use { service in
            service.auth.allow(atOnce: 1)
            let (key, gate) = (service.auth.key(), Gate())
            service.things.afterChange.change { $0 = { _ in await gate.pass() } }
            async let first = service.make("Chair", as: key)
            try await gate.waitForArrival()
            let refused = try await service.ask("GET", "/api/things", as: key)
            #expect(refused.status == 429)
            #expect(refused.header("retry-after") == "1")
            gate.open()
            #expect(try await first.status == 201)
            #expect(try await service.ask("GET", "/api/things", as: key).status == 200)
        }
    }

    @Test
    func `A request that was refused does not count as one at once`() async throws {
        try await TestService.use { service in
            service.auth.allow(atOnce: 1)
            let key = service.auth.key([.gigsRead])
            for _ in 0..<3 {
                let write = try await service.make("Chair", as: key)
                let read = try await service.ask("GET", "/api/things?limit=0", as: key)
                #expect([write.status, read.status] == [403, 400])
            }
        }
    }

    @Test
    func `An internal endpoint takes a token of another service for this one, and nothing else`() async throws {
        try await TestService.use { service in
            let target = "/internal/things/\(ThingID.make(at: service.clock.now))/count"
            let caller = Shared(ServiceName?.none)
            service.things.afterChange.change { $0 = { call in caller.change { $0 = call.service } } }
            let jobs = ServiceTokens(secret: RotatingSecret(Secret(TestService.secret)), issuer: .jobs)
            let strangers = ServiceTokens(
                secret: RotatingSecret(Secret(String(repeating: "x", count: 40))), issuer: .jobs)
            let refused = [
                nil, "Bearer ", "Bearer nonsense", "Bearer \(service.auth.key().secret)",
                "Bearer \(try await jobs.token(for: .auth))",
                "Bearer \(try await strangers.token(for: .messages))",
            ]
            for token in refused {
                let headers = token.map { [(name: "Authorization", value: $0)] } ?? []
                let answer = try await service.ask("POST", target, ["label": "four"], headers: headers)
                #expect(answer.status == 401, "\(token ?? "none")")
            }
            #expect(caller.value == nil)
            for other in ServiceName.withDatabase where other != .jobs {
                let peer = ServiceTokens(secret: RotatingSecret(Secret(TestService.secret)), issuer: other)
                let token = try await peer.token(for: .messages)
                let answer = try await service.ask(
                    "POST", target, ["label": "four"], headers: [("Authorization", "Bearer \(token)")])
                #expect(answer.status == 403, "\(other.rawValue)")
            }
            #expect(caller.value == nil)
            let token = try await jobs.token(for: .messages)
            let answer = try await service.ask(
                "POST", target, ["label": "four"], headers: [("Authorization", "Bearer \(token)")])
            #expect(answer.status == 200)
            #expect(answer["length"] == 4)
            #expect(caller.value == .jobs)
        }
    }
}
