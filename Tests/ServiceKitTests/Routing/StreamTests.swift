import SharedModels
import Testing

/// The promise under test: events are sent as they come, until the caller disconnects or the service stops.
@Suite struct StreamTests {
    private func follow(_ service: TestService) async throws -> (Line, Answer) {
        let (line, key) = (try Line(port: service.port), service.auth.key())
        try await line.send("GET /api/events HTTP/1.1\r\nHost: x\r\nX-API-Key: \(key.secret)\r\n\r\n")
        return (line, try await line.head())
    }

    @Test
    func `A stream is one of server-sent events that no gateway holds back`() async throws {
        try await TestService.use { service in
            let (_, answer) = try await follow(service)
            #expect(answer.status == 200)
            #expect(answer.header("content-type") == "text/event-stream; charset=utf-8")
            #expect(answer.header("x-accel-buffering") == "no")
            #expect(answer.header("cache-control") == "no-store")
            #expect(answer.requestID != nil)
        }
    }

    @Test
    func `Events and heartbeats arrive while the stream is open, and a shutdown ends it properly`() async throws {
        try await TestService.useUntilItLeaves { service, leave in
            let (line, _) = try await follow(service)
            #expect(try await line.chunk() == "event: made\nid: 1\ndata: {\"name\":\"Chair\"}\n\n")
            #expect(try await line.chunk() == ": still here\n\n")
            await leave()
            #expect(try await line.chunk() == "")
            #expect(try await line.rest() == "")
        }
    }

    @Test
    func `A stream is refused like any other request`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("GET", "/api/events")
            #expect(answer.status == 401)
            #expect(answer.header("content-type") == "application/json; charset=utf-8")
            let writer = service.auth.key([.gigsWrite])
            #expect(try await service.ask("GET", "/api/events", as: writer).status == 403)
        }
    }
}
