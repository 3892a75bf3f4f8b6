import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: Engine.IO 4 over polling, and the change from polling to WebSocket, as clients do it.
@Suite(.timeLimit(.minutes(20))) struct EngineTests {
    private static let base = "/socket.io/?EIO=4&transport=polling"

    private func begin(_ service: TestService) async throws -> String {
        let answer = try await service.ask("GET", Self.base)
        let opened = try JSONValue.parse(Array(answer.bytes.dropFirst()))
        #expect(answer.text.hasPrefix("0{"))
        #expect(answer.header("content-type") == "text/plain; charset=UTF-8")
        #expect(opened["upgrades"] == ["websocket"])
        #expect(opened["pingInterval"] == 25_000 && opened["pingTimeout"] == 20_000 && opened["maxPayload"] == 65_536)
        return "\(Self.base)&sid=\(try #require(opened["sid"]?.string))"
    }

    private func connect(_ service: TestService, as caller: Caller) async throws -> String {
        let path = try await begin(service)
        let sent = try await service.ask("POST", path, bytes: Array("40{\"token\":\"\(caller.secret)\"}".utf8))
        #expect(sent.text == "ok")
        #expect(try await service.ask("GET", path).text.hasPrefix("40{\"sid\":"))
        return path
    }

    @Test
    func `Several packets go in one body, both ways`() async throws {
        try await TestService.use { service in
            let path = try await connect(service, as: service.auth.key())
            let body = "42[\"say\",1]\u{1E}421[\"say\",{\"a\":[\"ü\"]}]"
            #expect(try await service.ask("POST", path, bytes: Array(body.utf8)).status == 200)
            #expect(
                try await service.ask("GET", path).text
                    == "42[\"say back\",[1]]\u{1E}42[\"say back\",[{\"a\":[\"ü\"]}]]\u{1E}431[[{\"a\":[\"ü\"]}]]")
        }
    }

    @Test
    func `One address has a bounded number of clients that have not said who they are`() throws {
        var limits = SocketLimits()
        (limits.strangers, limits.strangersPerAddress) = (5, 2)
        let engine = EngineServer(limits)
        let first = try #require(engine.make(from: "4:7f000001"))
        let second = try #require(engine.make(from: "4:7f000001"))
        #expect(engine.make(from: "4:7f000001") == nil)
        _ = try #require(engine.make(from: "4:7f000002"))
        engine.isKnown(first)
        _ = try #require(engine.make(from: "4:7f000001"))
        #expect(engine.make(from: "4:7f000001") == nil)
        for session in [first, second] { session.close() }
        _ = try #require(engine.make(from: "4:7f000001"))
        #expect(engine.make(from: "4:7f000001") == nil)
    }

    @Test
    func `The gateway's word for an address counts at the handshake`() async throws {
        try await TestService.use { service in
            let engine = try #require(service.kit.sockets.engines.first)
            for _ in 0..<engine.limits.strangersPerAddress { _ = try #require(engine.make(from: "4:c0000207")) }
            #expect(try await service.ask("GET", Self.base, headers: [("X-Real-IP", "192.0.2.7")]).status == 503)
            #expect(try await service.ask("GET", Self.base, headers: [("X-Real-IP", "192.0.2.8")]).status == 200)
        }
    }

    @Test
    func `A poll waits for what comes`() async throws {
        try await TestService.use { service in
            let path = try await connect(service, as: service.auth.key())
            async let polled = service.ask("GET", path)
            try await eventually("the client is known") { service.echo.here.value.count == 1 }
            service.echo.here.value.values.first?.emit("news", json: Array("7".utf8))
            #expect(try await polled.text == "42[\"news\",7]")
        }
    }

    @Test
    func `Two polls, or two posts, at once end the session`() async throws {
        try await TestService.use { service in
            let path = try await connect(service, as: service.auth.key())
            let answers = await attempts(2) { try await service.ask("GET", path) }.successes
            #expect(Set(answers.map(\.status)) == [200, 400])
            #expect(answers.contains { $0.text == "1" })
            #expect(try await service.ask("GET", path)["code"] == 1)
            try await eventually("the client has left") { service.echo.here.value.isEmpty }
        }
    }

    @Test
    func `What is no packet ends the session, and binary data is refused by name`() async throws {
        try await TestService.use { service in
            let many = String(repeating: "3\u{1E}", count: 64) + "3"
            for (body, message) in [
                ("bAQI=", "Binary data is not taken."), ("x", "This is not a packet of Engine.IO 4."),
                ("", "This is not a packet of Engine.IO 4."), ("42\u{1E}", "This is not a packet of Engine.IO 4."),
                (many, "Bad request"),
            ] {
                let path = try await begin(service)
                let answer = try await service.ask("POST", path, bytes: Array(body.utf8))
                #expect(answer.status == 400 && answer["code"] == 3)
                #expect(answer["message"] == .string(message))
                #expect(try await service.ask("GET", path)["message"] == "Session ID unknown")
            }
            let path = try await begin(service)
            #expect(try await service.ask("POST", path, bytes: [0x34, 0xFF]).status == 400)
            let large = try await begin(service)
            let answer = try await service.ask("POST", large, bytes: Array(repeating: 52, count: 65_537))
            #expect(answer.status == 413 && answer.code == "PAYLOAD_TOO_LARGE")
        }
    }

    @Test
    func `A handshake that is not one is refused with Engine.IO's number`() async throws {
        try await TestService.use { service in
            for (method, path, number) in [
                ("GET", "/socket.io/", 5), ("GET", "/socket.io/?EIO=3&transport=polling", 5),
                ("GET", "/socket.io/?EIO=4", 0), ("GET", "/socket.io/?EIO=4&transport=tls", 0),
                ("POST", Self.base, 2), ("DELETE", Self.base, 2), ("GET", "\(Self.base)&sid=0", 1),
                ("POST", "\(Self.base)&sid=0", 1),
            ] {
                let answer = try await service.ask(method, path)
                #expect(answer.status == 400 && answer["code"] == .integer(Int64(number)), "\(method) \(path)")
            }
        }
    }

    @Test
    func `Only the web client's page may poll, with credentials`() async throws {
        try await TestService.use { service in
            let ours = try await service.ask("GET", Self.base, headers: [("Origin", TestService.clientURL)])
            #expect(ours.status == 200)
            #expect(ours.header("access-control-allow-origin") == TestService.clientURL)
            #expect(ours.header("access-control-allow-credentials") == "true")
            let asked = try await service.ask("OPTIONS", Self.base, headers: [("Origin", TestService.clientURL)])
            #expect(asked.status == 204)
            #expect(asked.header("access-control-allow-headers") == "Content-Type, Authorization")
            let others = try await service.ask("GET", Self.base, headers: [("Origin", "https://evil.example")])
            #expect(others.status == 403 && others["code"] == 4)
            #expect(others.header("access-control-allow-origin") == nil)
        }
    }

    @Test
    func `A client changes to WebSocket without losing or doubling anything`() async throws {
        try await TestService.use { service in
            let path = try await connect(service, as: service.auth.key())
            async let polled = service.ask("GET", path)
            let socket = SocketLine(line: try Line(port: service.port))
            try await socket.line.send(SocketLine.head(path.replacing("polling", with: "websocket")))
            #expect(try await socket.line.head().status == 101)
            try await socket.say("2probe")
            #expect(try await socket.text() == "3probe")
            #expect(try await polled.text == "6")
            // What comes between is kept, and goes over the WebSocket.
            service.echo.here.value.values.first?.emit("between", json: Array("1".utf8))
            try await socket.say("5")
            #expect(try await socket.text() == "42[\"between\",1]")
            try await socket.say("42[\"say\"]")
            #expect(try await socket.text() == "42[\"say back\",[]]")
            #expect(try await service.ask("GET", path)["code"] == 3)
            #expect(try await service.ask("POST", path, bytes: Array("42[\"say\"]".utf8))["code"] == 3)
        }
    }

    @Test(arguments: ["2", "5", "42[\"say\",1]", "3probe", "x"])
    func `A change that does not begin with a probe ends, and the session goes on polling`(first: String) async throws {
        try await TestService.use { service in
            let path = try await connect(service, as: service.auth.key())
            let socket = SocketLine(line: try Line(port: service.port))
            try await socket.line.send(SocketLine.head(path.replacing("polling", with: "websocket")))
            _ = try await socket.line.head()
            try await socket.say(first)
            #expect(try await socket.farewell() == 1008)
            _ = try await socket.line.rest()
            #expect(try await service.ask("POST", path, bytes: Array("42[\"say\",2]".utf8)).text == "ok")
            #expect(try await service.ask("GET", path).text == "42[\"say back\",[2]]")
        }
    }

    @Test
    func `Who does not answer pings is gone, and who never says who it is`() async throws {
        try await TestService.use { service in
            let engine = try #require(service.kit.sockets.engines.first)
            let caller = service.auth.key()
            let lively = try await SocketLine.connect(port: service.port, as: caller)
            let silent = try await SocketLine.connect(port: service.port, as: caller)
            let stranger = try await SocketLine.open(port: service.port)
            #expect(try await stranger.frame().text.hasPrefix("0{"))
            for _ in 0..<25 { engine.tick() }
            #expect(try await lively.text() == "2")
            #expect(try await stranger.farewell() == 1000)
            try await lively.say("3")
            try await lively.say("42[\"say\"]")
            #expect(try await lively.text() == "42[\"say back\",[]]")
            for _ in 0..<20 { engine.tick() }
            #expect(try await silent.text() == "2")
            #expect(try await silent.farewell() == 1000)
            #expect(engine.count == 1)
        }
    }

    @Test
    func `A poll ends when the service shuts down`() async throws {
        try await TestService.useUntilItLeaves { service, leave in
            let path = try await connect(service, as: service.auth.key())
            let engine = try #require(service.kit.sockets.engines.first)
            let id = try #require(path.split(separator: "=").last.map(String.init))
            async let polled = service.ask("GET", path)
            try await eventually("the poll waits") { engine.find(id)?.isAwaited == true }
            await leave()
            #expect(try await polled.text == "1")
        }
    }

    @Test
    func `Too many events at once wait for their turn`() async throws {
        try await TestService.use { service in
            let socket = try await SocketLine.connect(port: service.port, as: service.auth.key())
            for number in 0..<60 { try await socket.say("42[\"say\",\(number)]") }
            for number in 0..<60 { #expect(try await socket.text() == "42[\"say back\",[\(number)]]") }
        }
    }
}
