import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: a service that is told to stop finishes what it has begun, takes nothing new, and ends in
/// time.
@Suite(.timeLimit(.minutes(20))) struct ShutdownTests {
    @Test
    func `What is under way is finished, and nobody new is let in`() async throws {
        try await TestService.useUntilItLeaves { service, leave in
            let (key, gate) = (service.auth.key(), Gate())
            service.things.afterChange.change { $0 = { _ in await gate.pass() } }
            let idle = try Line(port: service.port)
            async let answer = service.make("Chair", as: key)
            try await gate.waitForArrival()
            await leave()
            try await eventually("nobody new is let in") {
                do {
                    _ = try Line(port: service.port)
                    return false
                } catch Line.Failure.refused {
                    return true
                }
            }
            #expect(try await idle.rest() == "")
            gate.open()
            #expect(try await answer.status == 201)
            #expect(try await service.names(of: key) == ["Chair"])
        }
    }

    @Test
    func `An idle connection does not hold a service up`() async throws {
        try await TestService.useUntilItLeaves { service, leave in
            let line = try Line(port: service.port)
            try await line.send("GET /docs HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await line.answer().status == 200)
            await leave()
            #expect(try await line.rest() == "")
        }
    }

    @Test
    func `What does not finish within the limit is given up, and leaves nothing half done`() async throws {
        try await TestService.useUntilItLeaves(within: .milliseconds(300)) { service, leave in
            let (key, gate) = (service.auth.key(), Gate())
            service.things.afterChange.change { step in
                step = { _ in
                    await gate.pass()
                    try Task.checkCancellation()
                }
            }
            let line = try Line(port: service.port)
            let body = #"{"name":"Chair"}"#
            try await line.send(
                "POST /api/things HTTP/1.1\r\nHost: x\r\nX-API-Key: \(key.secret)\r\nIdempotency-Key: 1\r\n"
                    + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            try await gate.waitForArrival()
            await leave()
            _ = try await line.rest()
            #expect(try await service.names(of: key).isEmpty)
        }
    }

    @Test(arguments: [
        "Content-Length: 20\r\n\r\n", "Content-Length: 20\r\n\r\nhalf",
        "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ])
    func `A caller who never sends the rest holds nobody up, and is not taken to be done`(rest: String) async throws {
        try await TestService.useUntilItLeaves(within: .milliseconds(300)) { service, leave in
            let (line, isTaken) = (try Line(port: service.port), Shared(false))
            service.things.afterChange.change { $0 = { _ in isTaken.change { $0 = true } } }
            try await line.send("POST /api/notes HTTP/1.1\r\nHost: x\r\n\(rest)")
            // Another request is answered, so the half one has arrived.
            #expect(try await service.ask("GET", "/docs").status == 200)
            await leave()
            #expect(try await !line.rest().contains("200 OK"))
            #expect(!isTaken.value)
        }
    }
}
