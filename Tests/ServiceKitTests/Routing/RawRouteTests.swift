import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: routes in a provider's own format are guarded, counted and logged like all others.
@Suite struct RawRouteTests {
    private static let id = "/provider/secret-token/things"

    @Test
    func `A raw route gets the bytes that were sent, and its answer goes out as it is`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("POST", Self.id, bytes: [1, 2, 3], headers: [])
            #expect(answer.status == 201)
            #expect(answer.text == "3 bytes")
            #expect(answer.header("content-type") == "text/plain; charset=utf-8")
        }
    }

    @Test
    func `A provider's own 404 without a body stays as it is; an unknown path is ours`() async throws {
        try await TestService.use { service in
            let theirs = try await service.ask("POST", Self.id, headers: [("X-Wish", "missing")])
            #expect(theirs.status == 404)
            #expect(theirs.bytes.isEmpty)
            #expect(try await service.ask("POST", "/provider").code == "NOT_FOUND")
        }
    }

    @Test
    func `A body that is too large is 413, in our own shape`() async throws {
        try await TestService.use { service in
            let line = try Line(port: service.port)
            try await line.send("POST \(Self.id) HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n")
            #expect(try await line.answer().code == "PAYLOAD_TOO_LARGE")
        }
    }

    @Test
    func `A fault is 500 without its detail, which is in the log`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("POST", Self.id, headers: [("X-Wish", "fault")])
            #expect(answer.code == "INTERNAL_ERROR")
            #expect(!answer.text.contains("drawer"))
            let id = try #require(answer.requestID)
            #expect(try service.log.lines(of: id).contains { $0["detail"] == "the drawer is stuck" })
        }
    }

    @Test
    func `A request is logged once, with the route's template: a path can hold a provider's secret`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("POST", Self.id)
            let lines = try service.log.lines(of: try #require(answer.requestID))
            #expect(lines.count == 1)
            #expect(lines.first?["endpoint"] == "POST /provider/{token}/things")
            #expect(lines.first?["path"] == "/provider/{token}/things")
            #expect(lines.first?["status"] == 201)
        }
    }

    @Test
    func `A request is counted under the route's template`() async throws {
        try await TestService.use { service in
            _ = try await service.ask("POST", Self.id)
            let line = "http_requests_total{endpoint=\"POST /provider/{token}/things\",status=\"201\"} 1\n"
            #expect(await service.metrics.text().contains(line))
        }
    }

    @Test
    func `No page of another origin may ask a raw route, not even the client's`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("POST", Self.id, headers: [("Origin", TestService.clientURL)])
            #expect(answer.header("access-control-allow-origin") == nil)
        }
    }
}
