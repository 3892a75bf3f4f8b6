import Foundation
import OutboundHTTP
import TestSupport
import Testing

/// The promise under test: connections are shared and limited, and no request with an effect is sent twice.
@Suite struct ConnectionTests {
    @Test func `ten thousand calls keep sockets and memory flat`() async {
        await #expect(processExitsWith: .success) {
            let server = RawServer.answering { _ in answer(String(repeating: "a", count: 400)) }
            try await withClient { client in
                func call(_ count: Int) async throws {
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        for _ in 0..<8 {
                            group.addTask {
                                for _ in 0..<count / 8 {
                                    let response = try await client.send(
                                        .get(server.url()), .service)
                                    #expect(response.body.count == 400)
                                }
                            }
                        }
                        try await group.waitForAll()
                    }
                }
                try await call(2000)
                let files = try await openFileCount()
                // What grows with the calls grows each time, what the threads take for themselves does not.
                var (growth, calls) = (Int.max, 2000)
                while growth >= 4096, calls < 32_000 {
                    let memory = try residentKilobytes()
                    try await call(10_000)
                    calls += 10_000
                    growth = try residentKilobytes() - memory
                }
                #expect(growth < 4096)
                // A few may be what Dispatch has opened meanwhile for itself.
                #expect(try await openFileCount() <= files + 10)
                #expect(server.connectionCount <= 8)
                #expect(client.statistics.connectionsOpened <= 8)
                #expect(client.statistics.answered == calls)
                #expect(client.statistics.outstanding == 0)
            }
        }
    }

    @Test func `five hundred calls at once are all answered, with the answers their own`()
        async throws
    {
        let server = RawServer.answering { request in answer(request.path) }
        try await withClient(maximumConcurrent: 64) { client in
            try await withThrowingTaskGroup(of: (Int, String).self) { group in
                for index in 0..<500 {
                    group.addTask {
                        let response = try await client.send(
                            .get(server.url("/\(index)")), .service)
                        return (index, String(decoding: response.body, as: UTF8.self))
                    }
                }
                for try await (index, body) in group { #expect(body == "/\(index)") }
            }
        }
        #expect(server.connectionCount <= 64)
    }

    @Test func `more calls than there is room for are refused`() async throws {
        let arrived = Signal()
        let server = RawServer { connection in
            _ = connection.request()
            arrived.raise()
            connection.untilClosed()
        }
        try await withClient(maximumConcurrent: 1, queueLimit: 1) { client in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await client.send(.get(server.url()), .service) }
                await arrived.wait()
                // Waits for a place until its deadline, and gets no place.
                await #expect(throws: OutboundError.timedOut) {
                    try await client.send(.get(server.url(), deadline: .milliseconds(300)), .service)
                }
                group.addTask { _ = try? await client.send(.get(server.url()), .service) }
                try? await eventually("both places are taken") { client.statistics.outstanding >= 2 }
                await #expect(throws: OutboundError.overloaded) {
                    try await client.send(.get(server.url()), .service)
                }
                #expect(server.requests.count == 1)
                group.cancelAll()
            }
        }
    }

    /// The server acts on what it reads, and its connection ends before the answer. On a kept-alive connection libcurl
    /// assumes that the connection was dead already, and sends again.
    private func serverThatDiesOnSecondRequest() -> RawServer {
        RawServer { connection in
            _ = connection.request()
            connection.write(answer(""))
            if connection.number == 1 { _ = connection.request() } else { connection.untilClosed() }
        }
    }

    @Test(arguments: [[UInt8]("pay".utf8), nil])
    func `a POST on a connection that dies is not sent again`(body: [UInt8]?) async throws {
        let server = serverThatDiesOnSecondRequest()
        try await withClient { client in
            _ = try await client.send(.get(server.url("/first")), .service)
            let request = OutboundRequest.patient(.post, server.url("/pay"), body: body)
            if body == nil {
                // On a separate connection.
                _ = try await client.send(request, .service)
            } else {
                await #expect { try await client.send(request, .service) } throws: { error in
                    if case OutboundError.transport = error { true } else { false }
                }
            }
        }
        #expect(server.requests.map(\.path) == ["/first", "/pay"])
    }

    @Test func `a GET or a keyed POST on a connection that dies is sent again`() async throws {
        let key = "milestone:1:capture"
        let requests: [(String) -> OutboundRequest] = [
            { .get($0) },
            { OutboundRequest.patient(.post, $0, body: [1], idempotencyKey: key) },
        ]
        for request in requests {
            let server = serverThatDiesOnSecondRequest()
            let response = try await withClient { client in
                _ = try await client.send(.get(server.url("/first")), .service)
                return try await client.send(request(server.url("/again")), .service)
            }
            #expect(response.status == 200)
            #expect(server.requests.map(\.path) == ["/first", "/again", "/again"])
        }
    }

    @Test func `a connection that the server closed meanwhile is not used, even for a POST`()
        async throws
    {
        let closed = Signal()
        let server = RawServer { connection in
            _ = connection.request()
            connection.write(answer(""))
            connection.close()
            closed.raise()
        }
        try await withClient { client in
            try await client.expect(200, from: .get(server.url()), .service)
            await closed.wait()
            let post = OutboundRequest.patient(.post, server.url(), body: [1, 2])
            try await client.expect(200, from: post, .service)
        }
        #expect(server.requests.map(\.body) == [[], [1, 2]])
    }

    @Test func `a large body arrives whole, keyed or not`() async throws {
        let server = RawServer.answering { request in answer("\(request.body.count)") }
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0) }
        try await withClient { client in
            for key in [nil, "key"] {
                let request = OutboundRequest.patient(.put, server.url(), body: body, idempotencyKey: key)
                _ = try await client.send(request, .service)
                _ = try await client.send(
                    OutboundRequest.patient(.post, server.url(), body: body, idempotencyKey: key), .service)
            }
        }
        #expect(server.requests.allSatisfy { $0.body == body })
        #expect(server.requests.count == 4)
    }
}

/// What the process has open now, and what its first sleep opens and keeps.
func openFileCount() async throws -> Int {
    try await Task.sleep(for: .milliseconds(1))
    return try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
}

func residentKilobytes() throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") } ?? ""
    return line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
}
