import Glibc
import TestSupport
import Testing

@testable import Postgres

/// The promise under test: a subscriber gets every message, or is told that it may have missed some.
@Suite struct ListenTests {
    @Test func `messages arrive, and a lost connection is told and made again`() async throws {
        try await TestDatabase.use { database in
            let channel = "Odd \"channel"
            var heard = database.listen(channel).makeAsyncIterator()
            #expect(try await heard.next() == .listening)
            for number in 0..<3 { try await database.execute("SELECT pg_notify(\(channel), \("m\(number)"))") }
            for number in 0..<3 { #expect(try await heard.next() == .message("m\(number)")) }

            let ended = try await database.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE query LIKE 'LISTEN%' AND datname = current_database()
                """)
            #expect(ended == 1)
            #expect(try await heard.next() == .listening)
            try await database.execute("SELECT pg_notify(\(channel), 'again')")
            #expect(try await heard.next() == .message("again"))
        }
    }

    /// The kernel still acknowledges what is sent to it, as a proxy does that passes nothing on.
    @Test(.timeLimit(.minutes(20)))
    func `a connection whose peer falls silent is told and made again`() async throws {
        let cluster = try await PrivateCluster()
        let database = Database(.init(url: cluster.url()), logger: .quiet)
        var heard = database.listen("silence", noticingLossWithin: .seconds(2)).makeAsyncIterator()
        #expect(try await heard.next() == .listening)
        var found: Int32?
        try await eventually("it is connected") {
            found = try await database.first(
                "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' OR query = 'SELECT' LIMIT 1"
            ) { try $0.decode(at: 0) }
            return found != nil
        }
        let peer = try #require(found)
        kill(peer, SIGSTOP)
        #expect(try await heard.next() == .listening)
        try await database.execute("SELECT pg_notify('silence', 'again')")
        // A slow machine may make it once more.
        var next = try await heard.next()
        while next == .listening { next = try await heard.next() }
        #expect(next == .message("again"))
        kill(peer, SIGCONT)
        await database.close()
        try await cluster.remove()
    }

    @Test func `what a listening connection is asked can be a message of its own`() async throws {
        try await TestDatabase.use { database in
            var heard = database.listen(
                "beats", noticingLossWithin: .seconds(60), asking: "SELECT pg_notify('beats', 'beat')",
                every: .milliseconds(5)
            ).makeAsyncIterator()
            #expect(try await heard.next() == .listening)
            for _ in 0..<3 { #expect(try await heard.next() == .message("beat")) }
            try await database.execute("SELECT pg_notify('beats', 'other')")
            // It comes among the beats.
            while try await heard.next() != .message("other") {}
        }
    }

    @Test func `a reader that stops reading leaves no connection behind`() async throws {
        try await TestDatabase.use { database in
            let reader = Task {
                for try await _ in database.listen("unheard") {}
            }
            try await eventually("it listens") { try await listeners(database) == 1 }
            reader.cancel()
            try await reader.value
            try await eventually("it is gone") { try await listeners(database) == 0 }
        }
    }

    @Test func `closing the database ends the stream`() async throws {
        try await TestDatabase.use { database in
            var heard = database.listen("closing").makeAsyncIterator()
            let first = try await heard.next()
            #expect(first == .listening)
            await database.close()
            let last = try await heard.next()
            #expect(last == nil)
        }
    }

    private func listeners(_ database: Database) async throws -> Int {
        try await database.one(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        ) { try $0.decode(at: 0) }
    }
}
