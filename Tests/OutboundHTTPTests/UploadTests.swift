import Synchronization
import TestSupport
import Testing

@testable import OutboundHTTP

/// The promise under test: a body that is made while it is sent arrives whole, is never in memory as a whole, and does not
/// hold up an answer that comes before its end.
@Suite struct UploadTests {
    /// Pieces of one size, numbered.
    private final class Source: Sendable {
        private let state = Mutex(0)
        let pieces: Int
        let size: Int

        init(pieces: Int, size: Int) { (self.pieces, self.size) = (pieces, size) }

        var made: Int { state.withLock { $0 } }

        func next() -> [UInt8]? {
            let number = state.withLock { number -> Int? in
                guard number < pieces else { return nil }
                number += 1
                return number
            }
            return number.map { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: size) }
        }

        var body: OutboundBody { OutboundBody(length: pieces * size) { self.next() } }
    }

    @Test(arguments: [(1, 1), (3, 100_000), (200, 20_000), (40_000, 7)])
    func `a body arrives as it was made`(pieces: Int, size: Int) async throws {
        let server = RawServer.answering { answer("\($0.body.count)") }
        try await withClient { client in
            let source = Source(pieces: pieces, size: size)
            let response = try await client.send(
                OutboundRequest.patient(.post, server.url()), with: source.body, .service)
            #expect(response.status == 200)
            let expected = (1...pieces).flatMap { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: size) }
            #expect(server.requests.last?.body == expected)
        }
    }

    @Test func `no more is made than the other side takes`() async throws {
        let mayRead = Gate()
        let server = RawServer { connection in
            mayRead.wait()
            while connection.request() != nil { connection.write(answer("")) }
        }
        let other = RawServer.answering { _ in answer("") }
        try await withClient { client in
            // Much more than the buffers of two sockets hold.
            let source = Source(pieces: 64, size: 1 << 20)
            async let response = client.send(OutboundRequest.patient(.post, server.url()), with: source.body, .service)
            try await eventually("the first piece is made") { source.made > 0 }
            // Meanwhile as many pieces could be made as there are, on the thread of the connections and beside it.
            for _ in 0..<500 { try await client.expect(200, from: .get(other.url()), .service) }
            #expect(source.made < 64)
            mayRead.open()
            let taken = try await response
            #expect(taken.status == 200 && source.made == 64)
        }
    }

    @Test func `an answer that comes before the end of the body is the answer`() async throws {
        let server = RawServer { connection in
            connection.write("HTTP/1.1 413 Too large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            _ = connection.request()
        }
        try await withClient { client in
            let source = Source(pieces: 64, size: 1 << 20)
            let response = try await client.send(
                OutboundRequest.patient(.post, server.url()), with: source.body, .service)
            #expect(response.status == 413)
        }
    }

    private struct Broken: Error {}

    @Test func `a body that cannot be made to its end is the failure`() async throws {
        let server = RawServer.answering { _ in answer("") }
        try await withClient { client in
            let first = Source(pieces: 1, size: 10)
            let body = OutboundBody(length: 20) {
                guard let bytes = first.next() else { throw Broken() }
                return bytes
            }
            await #expect(throws: Broken.self) {
                try await client.send(OutboundRequest.patient(.post, server.url()), with: body, .service)
            }
            let short = Source(pieces: 1, size: 10)
            await #expect(throws: OutboundError.self) {
                try await client.send(
                    OutboundRequest.patient(.post, server.url()), with: OutboundBody(length: 20) { short.next() },
                    .service)
            }
            #expect(server.requests.isEmpty)
        }
    }

    @Test func `a caller that is gone ends the sending`() async throws {
        let (arrived, closed) = (Signal(), Signal())
        let server = RawServer { connection in
            _ = connection.line()
            arrived.raise()
            connection.untilClosed()
            closed.raise()
        }
        try await withClient { client in
            let (pieces, more) = AsyncStream.makeStream(of: [UInt8].self)
            let task = Task {
                return try await client.send(
                    OutboundRequest.patient(.post, server.url()),
                    with: OutboundBody(length: 100) {
                        for await piece in pieces { return piece }
                        throw CancellationError()
                    }, .service)
            }
            more.yield([1, 2, 3])
            await arrived.wait()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            await closed.wait()
        }
    }
}
