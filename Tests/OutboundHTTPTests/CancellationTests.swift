import OutboundHTTP
import TestSupport
import Testing

/// The promise under test: a caller that gives up is released at once, and no other caller is affected.
@Suite struct CancellationTests {
    @Test func `the server sees the close, and other calls are unharmed`() async throws {
        let (arrived, closed) = (Signal(), Signal())
        let server = RawServer { connection in
            while let request = connection.request() {
                guard request.path == "/wait" else {
                    connection.write(answer("fine"))
                    continue
                }
                arrived.raise()
                connection.untilClosed()
                closed.raise()
            }
        }
        try await withClient { client in
            let other = Task {
                for _ in 0..<200 {
                    let response = try await client.send(.get(server.url("/ok")), .service)
                    #expect(response.body == Array("fine".utf8))
                }
            }
            let call = Task { try await client.send(.get(server.url("/wait")), .service) }
            await arrived.wait()
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            await closed.wait()
            try await other.value
            #expect(client.statistics.cancelled == 1)
            // The connection is closed before its place is given back.
            try await eventually("its place is free") { client.statistics.outstanding == 0 }
        }
    }

    @Test func `a task that is cancelled already sends nothing`() async throws {
        let server = RawServer.answering { _ in answer("") }
        try await withClient { client in
            let go = Signal()
            let call = Task {
                await go.wait()
                return try await client.send(.get(server.url()), .service)
            }
            call.cancel()
            go.raise()
            await #expect(throws: CancellationError.self) { try await call.value }
        }
        #expect(server.connectionCount == 0)
    }

    @Test func `a wait between attempts ends when the task is cancelled`() async throws {
        let asleep = Signal()
        let timing = OutboundTiming(sleep: { _ in
            asleep.raise()
            try await Task.sleep(for: .seconds(60))
        })
        let server = RawServer.answering { _ in answer("", status: "503 Not Now") }
        try await withClient(timing: timing) { client in
            let call = Task {
                try await client.send(.get(server.url(), deadline: .seconds(100)), .provider)
            }
            await asleep.wait()
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
        }
        #expect(server.requests.count == 1)
    }

    @Test func `calls cancelled at random leave nothing behind`() async throws {
        let server = RawServer.answering { request in answer(request.path) }
        try await withClient(maximumConcurrent: 16) { client in
            await withTaskGroup(of: Void.self) { group in
                for index in 0..<2000 {
                    group.addTask {
                        let call = Task {
                            try await client.send(.get(server.url("/\(index)")), .service)
                        }
                        if index.isMultiple(of: 3) { call.cancel() }
                        guard let response = try? await call.value else { return }
                        #expect(response.body == Array("/\(index)".utf8))
                    }
                    if index % 200 == 199 { await group.waitForAll() }
                }
            }
            // The I/O thread releases a cancelled transfer after its caller is gone.
            try await eventually("all places are free") { client.statistics.outstanding == 0 }
        }
    }
}
