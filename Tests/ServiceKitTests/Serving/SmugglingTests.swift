import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: what a gateway could read as another request is refused, and nothing behind it is run.
@Suite(.timeLimit(.minutes(20))) struct SmugglingTests {
    private static let behind = "POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nn"

    private static let heads: [(String, Int)] = [
        // Two lengths.
        (
            "POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400
        ),
        (
            "POST /api/notes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
            400
        ),
        ("POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400),
        ("POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400),
        ("POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc", 400),
        ("POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc", 400),
        ("POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabc", 400),
        ("POST /api/notes HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\nabc", 400),
        // Codings that another server may not undo.
        ("POST /api/notes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
        ("POST /api/notes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400),
        ("POST /api/notes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (
            "POST /api/notes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400
        ),
        ("POST /api/notes HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        // Lines that another server may split or join.
        ("GET /docs HTTP/1.1\r\nHost: x\r\nAccept: a\r\n b\r\n\r\n", 400),
        ("GET /docs HTTP/1.1\r\nHost : x\r\n\r\n", 400),
        ("GET /docs HTTP/1.1\r\n Host: x\r\n\r\n", 400),
        ("GET /docs HTTP/1.1\nHost: x\n\n", 400),
        ("GET /docs HTTP/1.1\r\nHost: x\nAccept: b\r\n\r\n", 400),
        ("GET /docs HTTP/1.1\r\nHost: x\rAccept: b\r\n\r\n", 400),
        ("GET /docs HTTP/1.1\r\nHost: x\r\nAccept: a\u{0}b\r\n\r\n", 400),
        ("GET /docs HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400),
        ("GET /docs HTTP/1.1\r\nHost: x\r\n: empty\r\n\r\n", 400),
        ("GET /docs HTTP/1.1\r\nHost: x\r\nA(b: c\r\n\r\n", 400),
        // Whose request is it?
        ("GET /docs HTTP/1.1\r\n\r\n", 400),
        ("GET /docs HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        // Lines that are no request.
        ("G@T /docs HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("get /docs HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET docs HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET /do cs HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET /docs\u{E9} HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET ftp://x/docs HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        ("GET /docs HTTP/2.0\r\nHost: x\r\n\r\n", 400),
        ("GET /docs\r\n\r\n", 400),
        // Too much.
        ("GET /\(String(repeating: "a", count: 20_000)) HTTP/1.1\r\nHost: x\r\n\r\n", 431),
        ("GET /docs HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 20_000))\r\n\r\n", 431),
        ("GET /docs HTTP/1.1\r\nHost: x\r\n\(String(repeating: "A: b\r\n", count: 200))\r\n", 431),
    ]

    @Test(arguments: heads)
    func `A head that can be read in two ways is refused, with all that follows`(head: String, status: Int)
        async throws
    {
        try await TestService.use { service in
            let (line, isRun) = (try Line(port: service.port), Shared(false))
            service.things.afterChange.change { $0 = { _ in isRun.change { $0 = true } } }
            try await line.send(head + Self.behind)
            let answer = try await line.answer()
            #expect(answer.status == status)
            #expect(answer.code == "BAD_REQUEST")
            #expect(answer.header("connection") == "close")
            line.endSending()
            #expect(try await line.rest() == "")
            #expect(!isRun.value)
        }
    }

    @Test(arguments: [
        "zz\r\nhello\r\n0\r\n\r\n", "5\nhello\r\n0\r\n\r\n", "5\r\nhello0\r\n\r\n", "5\r\nhello, world\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n", "5\r\nhello\n0\r\n\r\n",
    ])
    func `Chunks that can be read in two ways are refused, with all that follows`(body: String) async throws {
        try await TestService.use { service in
            let (line, isRun) = (try Line(port: service.port), Shared(false))
            service.things.afterChange.change { $0 = { _ in isRun.change { $0 = true } } }
            try await line.send(
                "POST /api/notes HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + body + Self.behind)
            #expect(try await line.answer().code == "BAD_REQUEST")
            line.endSending()
            #expect(try await line.rest() == "")
            #expect(!isRun.value)
        }
    }

    @Test
    func `A target with scheme and host means its path`() async throws {
        try await TestService.use { service in
            for target in ["http://x/docs", "https://elsewhere:1/docs?", "/docs"] {
                let answer = try await service.ask("GET", target)
                #expect(answer.status == 200)
            }
        }
    }
}
