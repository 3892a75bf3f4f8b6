import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: a socket is somebody's, by a credential that is good now, and ends with it.
@Suite(.timeLimit(.minutes(20))) struct SocketAccessTests {
    @Test(arguments: [
        ("40", "UNAUTHORIZED"), ("40{}", "UNAUTHORIZED"), ("40{\"token\":null}", "UNAUTHORIZED"),
        ("40{\"token\":7}", "UNAUTHORIZED"), ("40{\"token\":\"\"}", "UNAUTHORIZED"),
        ("40{\"token\":\"made up\"}", "UNAUTHORIZED"), ("40{\"token\":\"madeup\"}", "UNAUTHORIZED"),
        ("40[]", "UNAUTHORIZED"),
    ])
    func `Without a good credential nobody comes in, and may try again`(packet: String, code: String) async throws {
        try await TestService.use { service in
            let socket = try await SocketLine.open(port: service.port)
            _ = try await socket.text()
            try await socket.say(packet)
            let refused = try await socket.text()
            #expect(refused.hasPrefix("44{\"message\":"))
            #expect(try JSONValue.parse(Array(refused.utf8.dropFirst(2)))["data"]?["code"] == .string(code))
            try await socket.say("40{\"token\":\"\(service.auth.key().secret)\"}")
            #expect(try await socket.text().hasPrefix("40{"))
        }
    }

    @Test
    func `A token may come with the handshake, or as the header has it; a cookie is nobody's word here`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            let header = try await SocketLine.open(
                port: service.port, adding: ["Authorization: Bearer \(caller.secret)"])
            _ = try await header.text()
            try await header.say("40")
            #expect(try await header.text().hasPrefix("40{"))
            let bearer = try await SocketLine.open(port: service.port)
            _ = try await bearer.text()
            try await bearer.say("40{\"token\":\"Bearer \(caller.secret)\"}")
            #expect(try await bearer.text().hasPrefix("40{"))
            let cookie = try await SocketLine.open(
                port: service.port,
                adding: service.auth.session(of: caller.account).headers.map { "\($0.name): \($0.value)" })
            _ = try await cookie.text()
            try await cookie.say("40")
            #expect(try await cookie.text().hasPrefix("44{"))
        }
    }

    @Test
    func `A key needs the scopes of messages`() async throws {
        try await TestService.use { service in
            for (scopes, status) in [
                ([Scope.messagesRead], "44"), ([.messagesWrite], "44"), ([.messagesRead, .messagesWrite], "40"),
            ] {
                let socket = try await SocketLine.open(port: service.port)
                _ = try await socket.text()
                try await socket.say("40{\"token\":\"\(service.auth.key(scopes).secret)\"}")
                #expect(try await socket.text().hasPrefix(status))
            }
        }
    }

    @Test
    func `No event is taken before, and no other namespace is there`() async throws {
        try await TestService.use { service in
            let early = try await SocketLine.open(port: service.port)
            _ = try await early.text()
            try await early.say("42[\"say\",1]")
            #expect(try await early.farewell() == 1008)
            let elsewhere = try await SocketLine.open(port: service.port)
            _ = try await elsewhere.text()
            try await elsewhere.say("40/admin,{}")
            #expect(try await elsewhere.text() == "44/admin,{\"message\":\"Invalid namespace\"}")
            #expect(service.echo.heard.value.isEmpty)
        }
    }

    @Test
    func `The end of the credential, or of its account, ends the socket`() async throws {
        try await TestService.use { service in
            let (one, other) = (service.auth.key(), service.auth.key())
            let first = try await SocketLine.connect(port: service.port, as: one)
            let second = try await SocketLine.connect(port: service.port, as: other)
            service.resolver.revoked(.account(one.account))
            #expect(try await first.text() == "41")
            #expect(try await first.farewell() == 1008)
            try await second.say("42[\"say\"]")
            #expect(try await second.text() == "42[\"say back\",[]]")
            service.resolver.trust(false)
            #expect(try await second.text() == "41")
            service.resolver.trust(true)
        }
    }

    @Test
    func `A socket ends when its token does`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key(expiresAt: service.clock.now + .seconds(60))
            let socket = try await SocketLine.connect(port: service.port, as: caller)
            service.clock.advance(by: .seconds(59))
            service.resolver.streams.tick()
            try await socket.say("42[\"say\"]")
            #expect(try await socket.text() == "42[\"say back\",[]]")
            service.clock.advance(by: .seconds(1))
            service.resolver.streams.tick()
            #expect(try await socket.text() == "41")
        }
    }

    @Test
    func `An account has so many sockets, apart from its streams`() throws {
        let streams = OpenStreams(clock: TestClock())
        let principal = Principal(
            accountID: .make(at: .start), userType: .client, isAdmin: false, plan: .free, credential: .apiKey)
        let digest = CredentialDigest(Array(repeating: 1, count: 32))
        let one = try streams.open(principal, digest, as: .socket(atMost: 1))
        #expect(throws: Refusal.self) { _ = try streams.open(principal, digest, as: .socket(atMost: 1)) }
        let stream = try streams.open(principal, digest)
        one.close()
        _ = try streams.open(principal, digest, as: .socket(atMost: 1))
        stream.close()
        #expect(streams.count == 1 || streams.count == 0)
    }

    @Test
    func `A key pays for each event, and learns when its plan is used up`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            let socket = try await SocketLine.connect(port: service.port, as: caller)
            try await eventually("it is known") { service.echo.here.value.count == 1 }
            service.auth.leave(0)
            let client = try #require(service.echo.here.value.values.first)
            await #expect(throws: CredentialRefusal.self) { try await client.charge() }
            _ = socket
        }
    }
}
