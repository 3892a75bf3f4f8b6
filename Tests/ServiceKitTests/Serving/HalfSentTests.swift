import NIOCore
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: who sends half a request, or takes no answer, is told so and let go, and costs the others
/// nothing.
@Suite(.timeLimit(.minutes(20))) struct HalfSentTests {
    private static let impatient = {
        var limits = ServingLimits()
        limits.patience = .milliseconds(50)
        limits.farewell = .milliseconds(50)
        return limits
    }()

    @Test(arguments: ["G", "GET /docs HTTP/1.1\r\n", "GET /docs HTTP/1.1\r\nHost: x\r\nAccept: text/h", "\r\n"])
    func `Half a head is 408, and the connection ends`(start: String) async throws {
        var limits = Self.impatient
        limits.head = .milliseconds(50)
        try await TestService.use(limits: limits) { service in
            let line = try Line(port: service.port)
            try await line.send(start)
            let answer = try await line.answer()
            #expect(answer.status == 408)
            #expect(answer.code == "REQUEST_TIMEOUT")
            #expect(answer.header("connection") == "close")
            #expect(try await line.rest() == "")
        }
    }

    @Test(arguments: [
        "Content-Length: 20\r\n\r\n", "Content-Length: 20\r\n\r\nhalf", "Content-Length: 500000\r\n\r\nhalf",
        "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n", "Content-Length: 20\r\nExpect: 100-continue\r\n\r\nhalf",
    ])
    func `Half a body is 408 and never taken for the whole`(rest: String) async throws {
        try await TestService.use(limits: Self.impatient) { service in
            let (line, isTaken) = (try Line(port: service.port), Shared(false))
            service.things.afterChange.change { $0 = { _ in isTaken.change { $0 = true } } }
            let id = "half-\(ThingID.make(at: SystemClock().now))"
            try await line.send("POST /api/notes HTTP/1.1\r\nHost: x\r\nX-Request-Id: \(id)\r\n\(rest)")
            let answer = try await line.answer()
            #expect(answer.status == 408)
            #expect(answer.code == "REQUEST_TIMEOUT")
            #expect(try await line.rest() == "")
            #expect(!isTaken.value)
            #expect(try service.log.lines(of: id).map { $0["status"] } == [408])
        }
    }

    @Test
    func `A connection that asks nothing is closed without a word`() async throws {
        var limits = ServingLimits()
        limits.idle = .milliseconds(500)
        try await TestService.use(limits: limits) { service in
            let silent = try Line(port: service.port)
            #expect(try await silent.rest() == "")
            // A busy machine may not come to ask in time.
            try await eventually("it is asked, and then closed") {
                let asked = try Line(port: service.port)
                try await asked.send("GET /docs HTTP/1.1\r\nHost: x\r\n\r\n")
                do {
                    #expect(try await asked.answer().status == 200)
                } catch Line.Failure.silent(after: "") {
                    return false
                }
                #expect(try await asked.rest() == "")
                return true
            }
        }
    }

    private func refused(_ path: String, sent: Int, of length: Int, limits: ServingLimits) async throws -> Answer {
        let answered = Shared(Answer?.none)
        try await TestService.use(limits: limits) { service in
            let line = try Line(port: service.port)
            let head = "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n"
            try await line.send(Array(head.utf8) + [UInt8](repeating: 1, count: sent))
            let answer = try await line.answer()
            #expect(answer.header("connection") == "close")
            if sent > 0 { line.endSending() }
            #expect(try await line.rest() == "")
            answered.change { $0 = answer }
        }
        return try #require(answered.value)
    }

    @Test
    func `A body that is too large is 413 at once, and the connection ends although the rest never comes`() async throws
    {
        let answer = try await refused("/api/notes", sent: 0, of: 9_000_000, limits: Self.impatient)
        #expect(answer.status == 413)
    }

    @Test
    func `Who goes on sending a body that is too large still gets the answer`() async throws {
        let answer = try await refused("/api/notes", sent: 2_000_000, of: 9_000_000, limits: ServingLimits())
        #expect(answer.status == 413)
    }

    @Test
    func `Who is refused before the body was read gets the answer, and the connection ends`() async throws {
        let answer = try await refused("/api/photos", sent: 1_000_000, of: 1_000_000, limits: ServingLimits())
        #expect(answer.status == 401)
    }

    @Test
    func `Who does not take the answers is let go, and no more are made meanwhile`() async throws {
        let limits = {
            var limits = Self.impatient
            limits.slowest = 1 << 30
            return limits
        }()
        try await TestService.use(limits: limits) { service in
            let (line, key) = (try Line(port: service.port), service.auth.key())
            let asked = 200
            service.things.photo.change {
                $0 = FileInput(type: .pdf, bytes: [UInt8](repeating: 7, count: 1 << 20))
            }
            let request = "GET /api/photos HTTP/1.1\r\nHost: x\r\nX-API-Key: \(key.secret)\r\n\r\n"
            try await line.send(String(repeating: request, count: asked))
            func made() async -> Int {
                let text = await service.metrics.text()
                let counted = text.split(separator: "\n").first {
                    $0.hasPrefix("http_requests_total{endpoint=\"things.look\",status=\"200\"}")
                }
                return counted?.split(separator: " ").last.flatMap { Int($0) } ?? 0
            }
            // The connection may have been given up before anybody looks whether it is open.
            try await eventually("an answer is made") { await made() > 0 }
            try await eventually("the connection is given up") { service.openConnections == 0 }
            #expect(await made() < asked / 2)
        }
    }

    @Test
    func `Hundreds of connections that ask nothing hinder nobody`() async throws {
        // A busy machine needs a while for all of them.
        let limits = {
            var limits = ServingLimits()
            (limits.idle, limits.patience) = (.minutes(10), .minutes(10))
            return limits
        }()
        try await TestService.use(limits: limits) { service in
            let idle = try (0..<400).map { _ in try Line(port: service.port) }
            let half = try (0..<100).map { _ in try Line(port: service.port) }
            for line in half {
                try await line.send("POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf")
            }
            #expect(try await service.ask("GET", "/docs").status == 200)
            for line in stride(from: 0, to: idle.count, by: 10).map({ idle[$0] }) {
                try await line.send("HEAD /docs HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await line.answer(to: "HEAD").status == 200)
            }
        }
    }
}
