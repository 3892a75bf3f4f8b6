import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: a connection changes to WebSocket only for a request that asks for exactly that, and nothing
/// behind any other is run.
@Suite(.timeLimit(.minutes(20))) struct UpgradeTests {
    private static let behind = "POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nn"

    private static func without(_ name: String, _ more: String...) -> [String] {
        SocketLine.headers.filter { !$0.hasPrefix("\(name):") } + more
    }

    private static let refusals: [(String, Int)] = [
        (SocketLine.head(SocketLine.path, without("Upgrade")), 426),
        (SocketLine.head(SocketLine.path, without("Upgrade", "Upgrade: h2c")), 426),
        (SocketLine.head(SocketLine.path, without("Upgrade", "Upgrade: websocket, h2c")), 426),
        (SocketLine.head(SocketLine.path, SocketLine.headers + ["Upgrade: websocket"]), 426),
        (SocketLine.head(SocketLine.path, without("Connection")), 426),
        (SocketLine.head(SocketLine.path, without("Connection", "Connection: keep-alive")), 426),
        (SocketLine.head(SocketLine.path, without("Sec-WebSocket-Version")), 426),
        (SocketLine.head(SocketLine.path, without("Sec-WebSocket-Version", "Sec-WebSocket-Version: 8")), 426),
        (SocketLine.head(SocketLine.path, without("Sec-WebSocket-Key")), 400),
        (SocketLine.head(SocketLine.path, without("Sec-WebSocket-Key", "Sec-WebSocket-Key: c2hvcnQ=")), 400),
        (
            SocketLine.head(
                SocketLine.path, without("Sec-WebSocket-Key", "Sec-WebSocket-Key: not base 64 at all!!!!!!")), 400
        ),
        (SocketLine.head(SocketLine.path, SocketLine.headers + ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]), 400),
        (SocketLine.head(SocketLine.path, SocketLine.headers, method: "POST"), 400),
        (SocketLine.head(SocketLine.path, SocketLine.headers, method: "HEAD"), 400),
        (SocketLine.head(SocketLine.path, SocketLine.headers + ["Content-Length: 1"]) + "x", 426),
        (SocketLine.head(SocketLine.path, SocketLine.headers).replacing("HTTP/1.1", with: "HTTP/1.0"), 426),
        (SocketLine.head("/socket.io/?EIO=3&transport=websocket"), 400),
        (SocketLine.head("/socket.io/?EIO=4&EIO=4&transport=websocket"), 400),
        (SocketLine.head("/socket.io/?EIO=4&transport=flash"), 400),
        (SocketLine.head("/socket.io/?EIO=4&transport=websocket&sid=0123"), 400),
        (SocketLine.head(SocketLine.path, SocketLine.headers + ["Origin: https://evil.example"]), 403),
        (SocketLine.head(SocketLine.path, SocketLine.headers + ["Origin: null"]), 403),
        (SocketLine.head("/socket.io?EIO=4&transport=websocket"), 404),
        // Others than sockets do not change at all.
        (SocketLine.head("/docs"), 200),
        (SocketLine.head("/api/things"), 401),
    ]

    @Test(arguments: refusals)
    func `What does not ask for WebSocket alone stays HTTP, and what is behind it is not run`(
        head: String, status: Int
    ) async throws {
        try await TestService.use { service in
            let (line, isRun) = (try Line(port: service.port), Shared(false))
            service.things.afterChange.change { $0 = { _ in isRun.change { $0 = true } } }
            try await line.send(head + Self.behind)
            #expect(try await line.answer(to: String(head.prefix { $0 != " " })).status == status)
            line.endSending()
            let rest = try await line.rest()
            #expect(!rest.contains("HTTP/1.1 101"))
            // A request that asks for no other protocol is followed by others.
            if head.contains("Upgrade:") { #expect(!isRun.value) }
            #expect(service.kit.sockets.engines.allSatisfy { $0.count == 0 })
        }
    }

    @Test
    func `The answer proves that the key was read`() async throws {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            try await line.send(SocketLine.head())
            let answer = try await line.head()
            #expect(answer.status == 101)
            #expect(answer.header("sec-websocket-accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(answer.header("upgrade") == "websocket")
            #expect(answer.values(of: "connection") == ["Upgrade"])
            #expect(answer.header("content-length") == nil)
            #expect(answer.header("x-content-type-options") == "nosniff")
        }
    }

    @Test(arguments: [
        behind, "x", String(repeating: "x", count: 300_000),
        String(decoding: SocketLine.bytes(.init(opcode: 1, bytes: Array("40".utf8))), as: UTF8.self),
    ])
    func `What is sent behind the request before it is answered ends the connection, unread`(early: String)
        async throws
    {
        try await TestService.use { service in
            let (line, isRun) = (try Line(port: service.port), Shared(false))
            service.things.afterChange.change { $0 = { _ in isRun.change { $0 = true } } }
            // In one piece, so that it is there with the head.
            try await line.send(SocketLine.head() + early)
            #expect(try await line.rest() == "")
            #expect(!isRun.value)
            try await eventually("connection and session are forgotten") {
                service.openConnections == 0 && service.kit.sockets.engines.allSatisfy { $0.count == 0 }
            }
        }
    }

    @Test
    func `The web client's page may come, and a page of our own`() async throws {
        try await TestService.use { service in
            for origin in [TestService.clientURL, "http://x", "https://x"] {
                let socket = try await SocketLine.open(port: service.port, adding: ["Origin: \(origin)"])
                #expect(try await socket.text().hasPrefix("0{\"sid\":"))
            }
        }
    }

    @Test
    func `Who leaves is told why when the service shuts down, and does not hold it up`() async throws {
        try await TestService.useUntilItLeaves { service, leave in
            let polite = try await SocketLine.connect(port: service.port, as: service.auth.key())
            let gone = try await SocketLine.connect(port: service.port, as: service.auth.key())
            await leave()
            #expect(try await polite.farewell() == 1001)
            #expect(try await polite.line.rest() == "")
            // Answers nothing, and is disconnected all the same.
            #expect(try await gone.frame().code == 1001)
            #expect(try await gone.line.rest() == "")
            try await eventually("nobody is left") { service.echo.here.value.isEmpty }
        }
    }
}
