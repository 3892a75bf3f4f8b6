import Testing

@testable import OutboundHTTP

/// The promise under test: events arrive as they are sent, in bounded memory, and a stream always ends.
@Suite struct StreamTests {
    private let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"

    @Test func `events arrive while the stream is open`() async throws {
        let goOn = Gate()
        let server = RawServer { connection in
            _ = connection.request()
            connection.write(head)
            connection.write("id: 1\ndata: one\n\n")
            goOn.wait()
            connection.write("id: 2\ndata: two\n\n")
        }
        try await withClient { client in
            let stream = try await client.stream(.get(server.url()), .service)
            #expect(stream.head.status == 200)
            #expect(stream.head.header("content-type") == "text/event-stream")
            var events = ServerSentEvents(stream).makeAsyncIterator()
            #expect(try await events.next() == ServerSentEvent(data: "one", id: "1"))
            goOn.open()
            #expect(try await events.next() == ServerSentEvent(data: "two", id: "2"))
            #expect(try await events.next() == nil)
        }
    }

    @Test func `a piece that is for no reader is seen, and handed to nobody`() async throws {
        let goOn = Gate()
        let server = RawServer { connection in
            _ = connection.request()
            connection.write("\(head): beat\n\n")
            goOn.wait()
            connection.write("data: one\n\n")
        }
        var request = OutboundRequest.get(server.url())
        request.isForReader = { piece in
            goOn.open()
            return !piece.elementsEqual(": beat\n\n".utf8)
        }
        try await withClient { [request] client in
            let pieces = try await client.stream(request, .service).makeAsyncIterator()
            #expect(try await pieces.next() == Array("data: one\n\n".utf8))
            #expect(try await pieces.next() == nil)
        }
    }

    @Test func `a stream begins on a connection of its own`() async throws {
        let server = RawServer.answering { _ in answer("ok") }
        try await withClient { client in
            _ = try await client.send(.get(server.url()), .service)
            let stream = try await client.stream(.get(server.url()), .service)
            for try await _ in stream {}
            #expect(server.connectionCount == 2)
        }
    }

    @Test func `a stream that ends, ends`() async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write("\(head)data: one\n\ndata: two\n\ndata: unfinished")
        }
        try await withClient { client in
            var seen: [String] = []
            for try await event in ServerSentEvents(
                try await client.stream(.get(server.url()), .service))
            {
                seen.append(event.data)
            }
            #expect(seen == ["one", "two"])
        }
    }

    @Test func `a stream that breaks hands out what came, and then the error`() async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nB\r\ndata: one\n\n\r\n")
            _ = connection.wait(milliseconds: 50)
            connection.reset()
        }
        try await withClient { client in
            var events = ServerSentEvents(try await client.stream(.get(server.url()), .service))
                .makeAsyncIterator()
            #expect(try await events.next()?.data == "one")
            await #expect(throws: OutboundError.self) { try await events.next() }
        }
    }

    @Test func `silence ends a stream`() async throws {
        let closed = Signal()
        let server = RawServer { connection in
            _ = connection.request()
            connection.write("\(head): hello\n\n")
            connection.untilClosed()
            closed.raise()
        }
        var request = OutboundRequest.get(server.url())
        request.idleTimeout = .milliseconds(200)
        try await withClient { [request] client in
            let stream = try await client.stream(request, .service)
            await #expect(throws: OutboundError.timedOut) { for try await _ in stream {} }
            await closed.wait()
        }
    }

    @Test func `a head that does not come ends at the deadline`() async throws {
        let server = RawServer { connection in connection.untilClosed() }
        try await withClient { client in
            await expectTimeOut { _ = try await client.stream(.get(server.url(), deadline: $0), .service) }
            #expect(client.statistics.outstanding == 0)
        }
    }

    @Test func `a slow reader pauses the sender instead of filling memory`() async throws {
        let size = 40_000_000
        let server = RawServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 200 OK\r\ncontent-length: \(size)\r\n\r\n")
            for index in 0..<size / 10_000 {
                connection.write(
                    [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 10_000))
            }
        }
        try await withClient { client in
            var (count, largest) = (0, 0)
            for try await chunk in try await client.stream(.get(server.url()), .service) {
                #expect(chunk.first == UInt8(truncatingIfNeeded: count / 10_000))
                count += chunk.count
                largest = max(largest, chunk.count)
                if count < 1_000_000 { for _ in 0..<100 { await Task.yield() } }
            }
            #expect(count == size)
            #expect(largest <= StreamBuffer.capacity + 16 * 1024)
        }
    }

    @Test func `a reader that is cancelled stops, and the server sees the close`() async throws {
        let closed = Signal()
        let server = RawServer { connection in
            _ = connection.request()
            connection.write("\(head): hello\n\n")
            connection.untilClosed()
            closed.raise()
        }
        try await withClient { client in
            let reading = Signal()
            let reader = Task {
                for try await _ in try await client.stream(.get(server.url()), .service) {
                    reading.raise()
                }
            }
            await reading.wait()
            reader.cancel()
            await #expect(throws: CancellationError.self) { try await reader.value }
            await closed.wait()
        }
    }

    @Test func `a stream that is dropped is closed`() async throws {
        let closed = Signal()
        let server = RawServer { connection in
            _ = connection.request()
            connection.write(head)
            connection.untilClosed()
            closed.raise()
        }
        try await withClient { client in
            _ = try await client.stream(.get(server.url()), .service)
            await closed.wait()
        }
    }

    @Test func `a refusal is a stream with its status`() async throws {
        let server = RawServer.answering { _ in answer("no", status: "401 Unauthorized") }
        try await withClient { client in
            let stream = try await client.stream(.get(server.url()), .service)
            #expect(stream.head.status == 401)
            var body: [UInt8] = []
            for try await chunk in stream { body += chunk }
            #expect(body == Array("no".utf8))
        }
    }

    @Test func `a shutdown ends streams`() async throws {
        let server = RawServer { connection in
            _ = connection.request()
            connection.write(head)
            connection.untilClosed()
        }
        try await withClient { client in
            let stream = try await client.stream(.get(server.url()), .service)
            await client.shutdown()
            await #expect(throws: OutboundError.shutDown) { for try await _ in stream {} }
        }
    }
}
