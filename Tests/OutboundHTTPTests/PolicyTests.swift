import OutboundHTTP
import Synchronization
import Testing

/// The promise under test: each policy behaves on the wire as its rules say.
@Suite struct PolicyTests {
    /// Gives the answers in turn, then repeats the last one.
    private func server(answering answers: String...) -> RawServer {
        let next = Mutex(0)
        return RawServer.answering { _ in
            next.withLock { index in
                defer { index += 1 }
                return answers[min(index, answers.count - 1)]
            }
        }
    }

    private func charge(_ url: String) -> OutboundRequest {
        .form(.post, url, form: [("amount", "100")], idempotencyKey: "milestone:7:capture")
    }

    @Test func `a write to a provider without an idempotency key is refused`() async throws {
        let server = server(answering: answer(""))
        try await withClient { client in
            for method in OutboundRequest.Method.allCases where method.isWrite {
                await #expect(throws: OutboundError.missingIdempotencyKey) {
                    try await client.send(
                        OutboundRequest.patient(method, server.url(), body: [1]), .provider)
                }
            }
            try await client.expect(200, from: .get(server.url()), .provider)
        }
        #expect(server.requests.count == 1)
    }

    @Test func `Retry-After is obeyed, and the key is the same each time`() async throws {
        let server = server(
            answering: answer("", status: "429 Too Many Requests", headers: "retry-after: 3\r\n"),
            answer(
                "", status: "503 Busy", headers: "Retry-After: Sun, 06 Nov 1994 08:49:41 GMT\r\n"),
            answer("done")
        )
        let clock = StoppedClock()
        let response = try await withClient(timing: clock.timing) { client in
            let response = try await client.send(charge(server.url()), .provider)
            #expect(client.statistics.retries == 2)
            return response
        }
        #expect(response.status == 200)
        #expect(clock.waits == [.seconds(3), .seconds(4)])
        #expect(
            server.requests.map { $0.headers["idempotency-key"] }
                == Array(repeating: "milestone:7:capture", count: 3))
        #expect(Set(server.requests.map(\.text)) == ["amount=100"])
    }

    @Test func `after the last attempt its answer is handed out`() async throws {
        let server = server(answering: answer("no", status: "500 Oops"))
        let clock = StoppedClock()
        let response = try await withClient(timing: clock.timing) {
            try await $0.send(charge(server.url()), .provider)
        }
        #expect(response.status == 500)
        #expect(clock.waits == [.milliseconds(500), .seconds(1), .seconds(2)])
        #expect(server.requests.count == 4)
    }

    @Test func `a provider that hangs up before answering is asked again`() async throws {
        let server = RawServer { connection in
            guard connection.request() != nil, connection.number > 2 else { return }
            connection.write(answer("done"))
        }
        let response = try await withClient(timing: StoppedClock().timing) {
            try await $0.send(charge(server.url()), .provider)
        }
        #expect(response.status == 200)
        #expect(server.requests.count == 3)
    }

    @Test func `a provider that times out is asked again within the deadline`() async throws {
        let server = RawServer { connection in
            guard connection.request() != nil, connection.number > 1 else {
                return connection.untilClosed()
            }
            connection.write(answer("done"))
        }
        var request = charge(server.url())
        request.deadline = .seconds(4)  // half of it is for the first attempt
        let response = try await withClient(timing: StoppedClock().timing) { [request] in
            try await $0.send(request, .provider)
        }
        #expect(response.status == 200)
        #expect(server.requests.count == 2)
    }

    @Test func `a service is asked again only when it was not reached`() async throws {
        let clock = StoppedClock()
        let gone = ClosedPort()
        let broken = server(
            answering: answer("", status: "503 Busy", headers: "retry-after: 1\r\n"))
        try await withClient(timing: clock.timing) { client in
            try await client.expect(503, from: .get(broken.url()), .service)
            #expect(broken.requests.count == 1)
            await #expect(throws: OutboundError.self) {
                try await client.send(.get(gone.url), .service)
            }
        }
        #expect(clock.waits == [.milliseconds(50), .milliseconds(100)])
    }

    @Test func `a webhook is never tried again`() async throws {
        let server = server(
            answering: answer("", status: "503 Busy", headers: "retry-after: 0\r\n"))
        let clock = StoppedClock()
        let response = try await withClient(timing: clock.timing) {
            try await $0.send(.get(server.url()), .userSupplied(.loopback))
        }
        #expect(response.status == 503)
        #expect(server.requests.count == 1)
        #expect(clock.waits.isEmpty)
    }

    @Test func `a service that keeps hanging up is left alone until it is back`() async throws {
        let isWell = Atomic(false)
        let server = RawServer { connection in
            guard connection.request() != nil, isWell.load(ordering: .relaxed) else { return }
            connection.write(answer("fine"))
        }
        let target = "127.0.0.1:\(server.port)"
        let clock = StoppedClock()
        try await withClient(timing: clock.timing) { client in
            for _ in 0..<5 {
                await #expect { try await client.send(.get(server.url()), .service) } throws: {
                    error in
                    if case OutboundError.transport = error { true } else { false }
                }
            }
            #expect(client.statistics.openCircuits == 1)
            await #expect(throws: OutboundError.circuitOpen(target: target)) {
                try await client.send(.get(server.url()), .service)
            }
            #expect(server.requests.count == 5)
            isWell.store(true, ordering: .relaxed)
            clock.advance(by: .seconds(1))
            try await client.expect(200, from: .get(server.url()), .service)
            #expect(client.statistics.openCircuits == 0)
            #expect(client.statistics.circuitsOpened == 1)
        }
    }
}
