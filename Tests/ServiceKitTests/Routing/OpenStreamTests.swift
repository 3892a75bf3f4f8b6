import Foundation
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: a stream lives as long as its credential and no longer, counts as a request under way, and is
/// kept alive.
@Suite struct OpenStreamTests {
    private func follow(_ service: TestService, as caller: Caller) async throws -> Line {
        let line = try Line(port: service.port)
        let credential = caller.headers.map { "\($0.name): \($0.value)\r\n" }.joined()
        try await line.send("GET /api/events HTTP/1.1\r\nHost: x\r\n\(credential)\r\n")
        #expect(try await line.head().status == 200)
        #expect(try await line.chunk().hasPrefix("event: made\n"))
        #expect(try await line.chunk() == ": still here\n\n")
        return line
    }

    @Test func `a revoked credential ends its streams, and no others`() async throws {
        try await TestService.use { service in
            let (key, session) = (service.auth.key(), service.auth.session())
            let ended = try await follow(service, as: key)
            let other = try await follow(service, as: session)
            service.resolver.revoked(.credential(sha256: APIKeyFormat.sha256(key.secret)))
            #expect(try await ended.chunk() == "")
            service.resolver.revoked(.account(session.account))
            #expect(try await other.chunk() == "")
            try await eventually("no stream is left") { service.resolver.streams.count == 0 }
        }
    }

    @Test func `streams end when revocations are not received any more, and none is opened then`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let line = try await follow(service, as: key)
            service.resolver.trust(false)
            #expect(try await line.chunk() == "")
            #expect(try await service.ask("GET", "/api/events", as: key).status == 503)
        }
    }

    @Test func `a stream ends when its credential expires`() async throws {
        try await TestService.use { service in
            let session = service.auth.session(expiresAt: service.clock.now + .minutes(2))
            let line = try await follow(service, as: session)
            service.resolver.streams.tick()
            service.clock.advance(by: .minutes(3))
            service.resolver.streams.tick()
            #expect(try await line.chunk() == "")
        }
    }

    /// Without streams nothing beats.
    @Test func `a stream that begins after none were open ends when its credential expires`() async throws {
        try await TestService.use { service in
            let beating = Task { await service.resolver.streams.run() }
            defer { beating.cancel() }
            for _ in 0..<2 {
                let session = service.auth.session(expiresAt: service.clock.now + .minutes(2))
                let line = try await follow(service, as: session)
                service.clock.advance(by: .minutes(3))
                var last = try await line.chunk()
                while last == ": still here\n\n" { last = try await line.chunk() }
                #expect(last == "")
                try await eventually("no stream is left") { service.resolver.streams.count == 0 }
            }
        }
    }

    @Test func `a stream is kept alive`() async throws {
        try await TestService.use { service in
            let line = try await follow(service, as: service.auth.session())
            for _ in 0..<30 { service.resolver.streams.tick() }
            #expect(try await line.chunk() == ": still here\n\n")
            #expect(try await line.chunk() == ": still here\n\n")
        }
    }

    @Test func `open streams count as requests at once`() async throws {
        try await TestService.use { service in
            service.auth.allow(atOnce: 2)
            let key = service.auth.key()
            var lines = [try await follow(service, as: key), try await follow(service, as: key)]
            #expect(try await service.ask("GET", "/api/things", as: key).status == 429)
            lines.removeAll()
            try await eventually("the places are free again") {
                try await service.ask("GET", "/api/things", as: key).status == 200
            }
        }
    }

    @Test func `a stream has its place until it has ended`() async throws {
        try await TestService.use { service in
            let places = service.resolver.places
            var line: Line? = try await follow(service, as: service.auth.key())
            // Auth hears that the process is alive, and of no place.
            #expect(places.take()?.placeIDs == [])
            withExtendedLifetime(line) {}
            line = nil
            try await eventually("the place comes back") { places.take()?.placeIDs.count == 1 }
            #expect(places.take() == nil)
        }
    }

    @Test func `five thousand idle streams fit into 150 MB`() async throws {
        try await TestService.use { service in
            let session = service.auth.session()
            var lines: [Line] = []
            func open(_ count: Int) async throws -> Int {
                for _ in 0..<count { lines.append(try await follow(service, as: session)) }
                return try Self.residentBytes()
            }
            var before = try await open(100)
            // Streams cost the same each time. What else the process takes meanwhile, such as for threads, does not.
            var least = Int.max
            for _ in 0..<4 where least >= 25_000 {
                let after = try await open(200)
                (least, before) = (min(least, (after - before) / 200), after)
            }
            #expect(service.resolver.streams.count == lines.count)
            #expect(least < 25_000, "a stream takes \(least) bytes")
        }
    }

    /// The memory that this process has.
    private static func residentBytes() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
        return try #require(Int(pages)) * 4096
    }

    @Test func `news rings for its topic on every replica, once it is committed`() async throws {
        try await TestService.useAlone { service in
            let channel = StreamChannel("test_news")
            let bells = (0..<2).map { _ in StreamBell(channel, database: service.database, logger: .quiet) }
            let topics = (0..<300).map { _ in AccountID.make(at: service.clock.now) }
            let running = bells.map { bell in Task { await bell.run() } }
            defer { for task in running { task.cancel() } }
            let stranger = bells[0].seat(for: AccountID.make(at: service.clock.now))
            let seats = bells.flatMap { bell in [bell.seat(for: topics[0]), bell.seat(for: topics[299])] }
            // Each rings once when it begins to listen.
            for seat in [stranger] + seats { try await seat.wait() }
            try await service.database.transaction { try await channel.ring(for: topics, in: $0) }
            for seat in seats { try await seat.wait() }
            let waiting = Task { try await stranger.wait() }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
    }
}
