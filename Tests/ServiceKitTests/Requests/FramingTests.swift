import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: a body is read whole or not at all, and never beyond the limit.
@Suite struct FramingTests {
    private static let limit = SharedModels.Operation.ordinaryBody

    /// The head of a request that posts a note.
    private func head(_ field: String) -> String {
        "POST /api/notes HTTP/1.1\r\nHost: api.example\r\n\(field)\r\n\r\n"
    }

    private func chunk(_ text: String) -> String { "\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n" }

    @Test
    func `A body in chunks is one body`() async throws {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            let chunks = ["one, ", "two", ""].map(chunk).joined()
            try await line.send(head("Transfer-Encoding: chunked") + chunks)
            #expect(try await line.answer()["length"] == 8)
        }
    }

    @Test(arguments: [0, 1])
    func `A body of exactly the limit is taken, one byte more is 413`(excess: Int) async throws {
        try await TestService.use { service in
            let body = [UInt8](repeating: UInt8(ascii: "a"), count: Self.limit + excess)
            let answer = try await service.ask("POST", "/api/notes", bytes: body, headers: [])
            #expect(answer.status == (excess == 0 ? 200 : 413))
            #expect(answer["length"] == (excess == 0 ? .integer(Int64(Self.limit)) : nil))
            #expect(answer.code == (excess == 0 ? nil : "PAYLOAD_TOO_LARGE"))
        }
    }

    @Test(arguments: [
        "1048577", "5000000000", "9223372036854775807",
    ])
    func `A body that announces too much is 413 before any of it was sent`(length: String) async throws {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            try await line.send(head("Content-Length: \(length)"))
            let answer = try await line.answer()
            #expect(answer.status == 413)
            #expect(answer.code == "PAYLOAD_TOO_LARGE")
        }
    }

    @Test
    func `Chunks without an end are 413 as soon as they are too many`() async throws {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            let part = chunk(String(repeating: "a", count: 64 * 1024))
            try await line.send(head("Transfer-Encoding: chunked") + String(repeating: part, count: 17))
            #expect(try await line.answer().status == 413)
        }
    }

    @Test(arguments: [
        "zz\r\nhello\r\n0\r\n\r\n", "5\r\nhello, world\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n",
    ])
    func `A body whose framing is broken is 400 and no fault of ours, and the connection ends`(body: String)
        async throws
    {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            let id = "broken-\(ThingID.make(at: SystemClock().now))"
            try await line.send(head("Transfer-Encoding: chunked\r\nX-Request-Id: \(id)") + body)
            #expect(try await line.answer().code == "BAD_REQUEST")
            #expect(try await line.rest() == "")
            #expect(try service.log.lines(of: id).map { $0["level"] } == ["info"])
        }
    }

    @Test(arguments: ["0123456789", ""])
    func `A body that ends too early is never taken for the whole`(body: String) async throws {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            let id = "short-\(ThingID.make(at: SystemClock().now))"
            try await line.send(head("Content-Length: 20\r\nX-Request-Id: \(id)") + body)
            line.endSending()
            #expect(try await line.answer().code == "BAD_REQUEST")
            #expect(try service.log.lines(of: id).map { $0["level"] } == ["info"])
        }
    }

    @Test(arguments: [
        "Content-Length: 3\r\nTransfer-Encoding: chunked", "Content-Length: 3\r\nContent-Length: 4",
        "Content-Length: -1", "Content-Length: three",
    ])
    func `Two contradicting lengths are 400: a gateway may have believed the other`(fields: String) async throws {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            try await line.send(head(fields) + "0\r\n\r\nGET /docs HTTP/1.1\r\nHost: api.example\r\n\r\n")
            #expect(try await line.answer().status == 400)
            #expect(try await !line.rest().contains("200 OK"))
        }
    }

    @Test
    func `A connection is good for many requests, whatever each is answered`() async throws {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            for _ in 0..<3 {
                try await line.send(head("Content-Length: 5") + "hello")
                #expect(try await line.answer()["length"] == 5)
                try await line.send("HEAD /docs HTTP/1.1\r\nHost: api.example\r\n\r\n")
                #expect(try await line.answer(to: "HEAD").status == 200)
                try await line.send("GET /api/none HTTP/1.1\r\nHost: api.example\r\n\r\n")
                #expect(try await line.answer().status == 404)
                try await line.send("POST /api/things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
                #expect(try await line.answer().status == 401)
            }
        }
    }
}
