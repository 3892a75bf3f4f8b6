import OutboundHTTP
import Testing

/// The promise under test: however a server behaves, a call ends in time, with the right error and bounded memory.
@Suite struct MisbehaviourTests {
    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nx-slow: ", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhel",
    ])
    func `a server that falls silent is left at the deadline`(beginning: String) async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write(beginning)
            connection.untilClosed()
        }
        try await expectTimeOut(of: server)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nx-slow: ", "HTTP/1.1 200 OK\r\ncontent-length: 10000\r\n\r\n",
    ])
    func `a server that drips is left at the deadline`(beginning: String) async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write(beginning)
            while connection.wait(milliseconds: 10) { connection.write("x") }
        }
        try await expectTimeOut(of: server)
    }

    @Test func `a deadline that is over before it begins sends nothing`() async throws {
        let server = RawServer.answering { _ in answer("") }
        try await withClient { client in
            await #expect(throws: OutboundError.timedOut) {
                try await client.send(.get(server.url(), deadline: .zero), .service)
            }
        }
        #expect(server.requests.isEmpty)
    }

    @Test func `a reset in the middle of a body is an error, not a short body`() async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello")
            connection.reset()
        }
        try await expectTransportError(from: server)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nhello",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
    ])
    func `an early end is an error, not a short body`(beginning: String) async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write(beginning)
        }
        try await expectTransportError(from: server)
    }

    @Test func `a connection closed before the answer is an error`() async throws {
        try await expectTransportError(from: RawServer { connection in _ = connection.request() })
    }

    @Test(arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "\0\u{1}\u{2}", "<html></html>"])
    func `what is not HTTP is an error`(greeting: String) async throws {
        let server = RawServer { connection in
            connection.write(greeting)
            _ = connection.request()
        }
        try await withClient { client in
            await #expect(throws: OutboundError.self) {
                try await client.send(.get(server.url()), .service)
            }
        }
    }

    @Test(arguments: ["content-length: 1000001\r\n", "", "transfer-encoding: chunked\r\n"])
    func `a body that is too long is refused`(framing: String) async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 200 OK\r\n\(framing)\r\n")
            if framing.hasPrefix("transfer") { connection.write("F4241\r\n") }
            connection.write([UInt8](repeating: 0x61, count: 1_000_001))
            connection.untilClosed()
        }
        try await withClient { client in
            var request = OutboundRequest.get(server.url())
            request.maximumResponseBytes = 1_000_000
            await #expect(throws: OutboundError.responseTooLarge) {
                try await client.send(request, .service)
            }
        }
    }

    @Test func `a body of just the limit is taken`() async throws {
        let server = RawServer.answering { _ in answer(String(repeating: "a", count: 1000)) }
        var request = OutboundRequest.get(server.url())
        request.maximumResponseBytes = 1000
        let response = try await withClient { [request] in try await $0.send(request, .service) }
        #expect(response.body.count == 1000)
    }

    @Test func `a webhook's long answer is cut, its status kept`() async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 202 Accepted\r\ncontent-length: 100000000\r\n\r\n")
            connection.write([UInt8](repeating: 0x61, count: 200_000))
            connection.untilClosed()
        }
        var request = OutboundRequest.patient(.post, server.url(), body: [1])
        request.maximumResponseBytes = 1024
        let response = try await withClient { [request] in
            try await $0.send(request, .userSupplied(.loopback))
        }
        #expect(response.status == 202)
        #expect(response.isTruncated)
        #expect(response.body == [UInt8](repeating: 0x61, count: 1024))
    }

    @Test(arguments: [80, 8000, 200_000])
    func `headers that are too long are refused`(lineLength: Int) async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 200 OK\r\n")
            for index in 0...(64 * 1024 / lineLength) {
                connection.write("x-\(index): \(String(repeating: "a", count: lineLength))\r\n")
            }
            connection.write("content-length: 0\r\n\r\n")
        }
        try await withClient { client in
            await #expect(throws: OutboundError.responseTooLarge) {
                try await client.send(.get(server.url()), .service)
            }
        }
    }

    @Test func `nobody listening is a failed connect`() async throws {
        let gone = ClosedPort()
        try await withClient { client in
            await #expect { try await client.send(.get(gone.url), .service) } throws: { error in
                if case OutboundError.connectFailed = error { true } else { false }
            }
            await #expect {
                try await client.send(.get("http://no-such-name.invalid/"), .service)
            } throws: { error in
                if case OutboundError.connectFailed = error { true } else { false }
            }
        }
    }

    @Test func `one bad server does not slow the others down`() async throws {
        let silent = RawServer { connection in connection.untilClosed() }
        let good = RawServer.answering { _ in answer("fine") }
        try await withClient { client in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        _ = try? await client.send(
                            .get(silent.url(), deadline: .seconds(60)), .service)
                    }
                }
                for _ in 0..<500 {
                    let response = try await client.send(
                        .get(good.url(), deadline: .seconds(60)), .service)
                    #expect(response.status == 200)
                }
                group.cancelAll()
            }
        }
    }

    private func expectTimeOut(of server: RawServer) async throws {
        try await withClient { client in
            await OutboundHTTPTests.expectTimeOut {
                _ = try await client.send(.get(server.url(), deadline: $0), .service)
            }
        }
    }

    private func expectTransportError(from server: RawServer) async throws {
        try await withClient { client in
            await #expect { try await client.send(.get(server.url()), .service) } throws: { error in
                if case OutboundError.transport = error { true } else { false }
            }
        }
        #expect(server.requests.count == 1)
    }
}
