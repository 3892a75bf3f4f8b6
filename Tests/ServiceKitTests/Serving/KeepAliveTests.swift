import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: one connection serves many requests, one after the other, until one side ends it.
@Suite(.timeLimit(.minutes(20))) struct KeepAliveTests {
    private func note(_ length: Int, _ more: String = "") -> String {
        "POST /api/notes HTTP/1.1\r\nHost: x\r\n\(more)Content-Length: \(length)\r\n\r\n"
            + String(repeating: "n", count: length)
    }

    @Test
    func `Requests that are sent without waiting are answered in their order`() async throws {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            let lengths = [5, 70_000, 1, 3_000, 64 * 1024, 2, 300_000] + Array(10..<60)
            async let sending: Void = line.send(lengths.map { note($0) }.joined())
            for length in lengths { #expect(try await line.answer()["length"] == .integer(Int64(length))) }
            try await sending
        }
    }

    @Test
    func `A slow request holds back the answers behind it on its connection, and no others`() async throws {
        try await TestService.use { service in
            let (line, gate, count) = (try Line(port: service.port), Gate(), Shared(0))
            service.things.afterChange.change {
                $0 = { call in
                    count.change { $0 += 1 }
                    if call.id == "slow" { await gate.pass() }
                }
            }
            try await line.send(note(1, "X-Request-Id: slow\r\n") + note(2) + note(3))
            try await gate.waitForArrival()
            #expect(try await service.ask("GET", "/docs").status == 200)
            #expect(count.value == 1)
            gate.open()
            for length in 1...3 { #expect(try await line.answer()["length"] == .integer(Int64(length))) }
        }
    }

    @Test
    func `What was asked before the caller stopped sending is answered, then the connection ends`() async throws {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            try await line.send(note(1) + note(2) + note(3))
            line.endSending()
            for length in 1...3 { #expect(try await line.answer()["length"] == .integer(Int64(length))) }
            #expect(try await line.rest() == "")
        }
    }

    @Test
    func `What cannot be read behind a request does not cost that request its answer`() async throws {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            try await line.send(note(1) + note(2) + "what is this\r\n\r\n")
            line.endSending()
            for length in 1...2 { #expect(try await line.answer()["length"] == .integer(Int64(length))) }
            #expect(try await line.answer().status == 400)
            #expect(try await line.rest() == "")
        }
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false), ("HTTP/1.0", "", false),
        ("HTTP/1.0", "Connection: keep-alive\r\n", true),
        ("HTTP/1.1", "Connection: Upgrade\r\nUpgrade: h2c\r\n", false),
    ])
    func `The connection stays open when the caller wants it so`(version: String, field: String, stays: Bool)
        async throws
    {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            let request = "GET /docs \(version)\r\nHost: x\r\n\(field)\r\n"
            try await line.send(request)
            let answer = try await line.answer()
            #expect(answer.status == 200)
            if stays {
                #expect(answer.header("connection") == (version == "HTTP/1.0" ? "keep-alive" : nil))
                try await line.send(request)
                #expect(try await line.answer().status == 200)
            } else {
                #expect(answer.header("connection") == "close")
                #expect(try await line.rest() == "")
            }
        }
    }

    @Test
    func `A connection ends after its share of requests, and says so with the last answer`() async throws {
        var limits = ServingLimits()
        limits.requests = 3
        try await TestService.use(limits: limits) { service in
            let line = try Line(port: service.port)
            try await line.send([1, 2, 3, 4].map { note($0) }.joined())
            for length in 1...3 {
                let answer = try await line.answer()
                #expect(answer["length"] == .integer(Int64(length)))
                #expect(answer.header("connection") == (length == 3 ? "close" : nil))
            }
            line.endSending()
            #expect(try await line.rest() == "")
        }
    }

    @Test
    func `Who waits to be told to go on is told so when the body is wanted`() async throws {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            for _ in 0..<2 {
                try await line.send(
                    "POST /api/notes HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                #expect(try await line.head().status == 100)
                try await line.send("hello")
                let answer = try await line.answer()
                #expect(answer.status == 200 && answer["length"] == 5)
            }
        }
    }

    @Test(arguments: [
        ("/api/photos", "Content-Length: 5\r\nExpect: 100-continue", 401),
        ("/api/notes", "Content-Length: 5000000\r\nExpect: 100-continue", 413),
        ("/api/notes", "Content-Length: 5\r\nExpect: tea", 417),
    ])
    func `Who waits to be told to go on and is refused sends no body`(path: String, fields: String, status: Int)
        async throws
    {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            try await line.send("POST \(path) HTTP/1.1\r\nHost: x\r\n\(fields)\r\n\r\n")
            let answer = try await line.answer()
            #expect(answer.status == status)
            #expect(answer.header("connection") == "close")
            line.endSending()
            #expect(try await line.rest() == "")
        }
    }

    @Test
    func `The last answer of a service that shuts down says that the connection ends`() async throws {
        try await TestService.useUntilItLeaves { service, leave in
            let (line, gate) = (try Line(port: service.port), Gate())
            service.things.afterChange.change { $0 = { _ in await gate.pass() } }
            try await line.send(note(1) + note(2))
            try await gate.waitForArrival()
            await leave()
            try await eventually("the shutdown has begun") { service.openConnections == 1 && service.isLeaving }
            gate.open()
            let answer = try await line.answer()
            #expect(answer["length"] == 1)
            #expect(answer.header("connection") == "close")
            #expect(try await line.rest() == "")
        }
    }
}
