import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import MessagesService

/// The promise under test: participants find and read their conversations, and nobody else does.
@Suite struct ConversationTests {
    @Test func `the list has the latest message first, and counts what is unread`() async throws {
        try await World.use { world in
            let cleo = world.friend(of: world.ada, "Cleo")
            try await world.send("One", from: world.ben, to: world.ada)
            world.clock.advance(by: .seconds(1))
            try await world.send("Two", from: cleo, to: world.ada)
            world.clock.advance(by: .seconds(1))
            let last = try await world.send("Three", from: world.ben, to: world.ada)

            let (items, total) = try await world.list(of: world.ada)
            #expect(total == 2 && items.map(\.unreadCount) == [2, 1])
            #expect(items.first?.lastMessage?.text == "Three" && items.first?.updatedAt == last.sentAt)
            #expect(Set(items.first?.participants.map(\.name) ?? []) == ["Ada", "Ben"])
            #expect(try await world.list(of: world.ben).items.map(\.unreadCount) == [0])
        }
    }

    @Test func `the list goes on over pages, and can be of the unread ones alone`() async throws {
        try await World.use { world in
            for number in 1...5 {
                let friend = world.friend(of: world.ada, "Friend \(number)")
                world.clock.advance(by: .seconds(1))
                let message = try await world.send("\(number)", from: friend, to: world.ada)
                if number > 3 { _ = try await world.texts(in: message.conversationID, by: world.ada) }
            }
            func texts(_ number: Int, unreadOnly: Bool = false) async throws -> [String?] {
                try await world.list(of: world.ada, unreadOnly: unreadOnly, number: number, limit: 2)
                    .items.map { $0.lastMessage?.text }
            }
            #expect(try await texts(1) == ["5", "4"])
            #expect(try await texts(3) == ["1"])
            #expect(try await texts(4) == [])
            #expect(try await texts(1, unreadOnly: true) == ["3", "2"])
            #expect(try await world.list(of: world.ada, unreadOnly: true).total == 3)
        }
    }

    @Test func `a search finds the other's name or company, whatever the case`() async throws {
        try await World.use { world in
            let grace = world.friend(of: world.ada, "Grace", company: "Café Ätna")
            try await world.send("One", from: world.ben, to: world.ada)
            try await world.send("Two", from: grace, to: world.ada)
            for (search, texts) in [
                ("GRA", ["Two"]), ("ätna", ["Two"]), ("b", ["One"]), ("ada", []), ("%", []), ("", ["Two", "One"]),
            ] {
                let (items, total) = try await world.list(of: world.ada, search: search)
                #expect(Set(items.compactMap { $0.lastMessage?.text }) == Set(texts), "\(search)")
                #expect(total == texts.count)
            }
        }
    }

    @Test func `conversations can be read while names cannot be looked up`() async throws {
        try await World.use { world in
            try await world.send("Hello", from: world.ada, to: world.ben)
            world.peers.change { $0.outage = PeerRefusal.sample(.serviceUnavailable) }
            let (items, _) = try await world.list(of: world.ben)
            #expect(items.map { $0.lastMessage?.text } == ["Hello"])
            #expect(items.first?.participants.map(\.name) == [nil, nil])
            await #expect(throws: PeerRefusal.self) { try await world.list(of: world.ben, search: "Ada") }
        }
    }

    @Test func `a conversation pages from the newest message to the first`() async throws {
        try await World.use { world in
            var last: Message?
            for number in 1...7 { last = try await world.send("\(number)", from: world.ada, to: world.ben) }
            let id = try #require(last?.conversationID)
            var (seen, before): ([String], MessageID?) = ([], nil)
            repeat {
                let (page, total) = try await world.conversations.page(
                    of: id, before: before, limit: 3, by: world.ben, at: .start)
                seen += page.items.map(\.text)
                before = page.nextCursor.flatMap { MessageID($0) }
                #expect(total == 7)
            } while before != nil
            #expect(seen == ["7", "6", "5", "4", "3", "2", "1"])
        }
    }

    @Test func `a long conversation is read by its index, forwards and backwards, and so is when it was read`()
        async throws
    {
        try await World.use { world in
            let id = try await world.send("Hello", from: world.ada, to: world.ben).conversationID
            for statement: SQL in [
                """
                INSERT INTO messages (conversation_id, position, ordinal, id, sender_id, type, body, sent_at)
                SELECT \(id), n, n, gen_random_uuid(), \(world.ada), 'text', 'again', \(world.clock.now)
                  FROM generate_series(2, 100000) n
                """,
                """
                INSERT INTO reads (conversation_id, account_id, position, read_at)
                SELECT \(id), \(world.ben), n, \(world.clock.now) FROM generate_series(1, 50000) n
                """,
                """
                INSERT INTO departures (account_id, left_at)
                SELECT gen_random_uuid(), \(world.clock.now) FROM generate_series(1, 50000) n
                """, "ANALYZE messages", "ANALYZE reads", "ANALYZE departures",
            ] { try await world.database.execute(statement) }
            let pair = try #require(Pair(world.ada, world.ben))
            let conversation = try #require(try await ConversationStore().find(pair, in: world.database))
            for (listing, scan) in [
                (MessageStore.listing(conversation, before: 50_000, limit: 50), "Index Scan Backward"),
                (MessageStore.listing(conversation, after: 50_000, limit: 50), "Index Scan"),
            ] {
                let plan: [String] = try await world.database.all("EXPLAIN \(fragment: listing)") {
                    try $0.decode("QUERY PLAN")
                }
                #expect(plan.contains { $0.contains("\(scan) using messages_pkey") }, "\(plan)")
                #expect(plan.contains { $0.contains("using reads_pkey") }, "\(plan)")
                #expect(!plan.contains { $0.contains("Sort") || $0.contains("Seq Scan") }, "\(plan)")
            }
        }
    }

    @Test func `what is shown is marked as read, with the time of the first look`() async throws {
        try await World.use { world in
            let id = try await world.send("One", from: world.ada, to: world.ben).conversationID
            func readAt(_ reader: AccountID) async throws -> [Timestamp?] {
                try await world.conversations.page(of: id, before: nil, limit: 50, by: reader, at: world.clock.now)
                    .page.items.map(\.readAt)
            }
            #expect(try await readAt(world.ada) == [nil])
            world.clock.advance(by: .seconds(1))
            #expect(try await readAt(world.ben) == [.start + .seconds(1)])
            world.clock.advance(by: .seconds(1))
            try await world.send("Two", from: world.ada, to: world.ben)
            #expect(try await readAt(world.ada) == [nil, .start + .seconds(1)])
            #expect(try await readAt(world.ben) == [.start + .seconds(2), .start + .seconds(1)])
            world.clock.advance(by: .seconds(1))
            #expect(try await readAt(world.ben) == [.start + .seconds(2), .start + .seconds(1)])
            #expect(try await world.list(of: world.ben).items.map(\.unreadCount) == [0])
        }
    }

    @Test func `an older page leaves newer messages unread`() async throws {
        try await World.use { world in
            try await world.send("One", from: world.ada, to: world.ben)
            try await world.send("Two", from: world.ben, to: world.ada)
            let third = try await world.send("Three", from: world.ada, to: world.ben)
            try await world.send("Four", from: world.ada, to: world.ben)
            #expect(try await world.texts(in: third.conversationID, before: third.id, by: world.ben) == ["Two", "One"])
            #expect(try await world.list(of: world.ben).items.map(\.unreadCount) == [2])
        }
    }

    @Test func `parallel readers and writers leave the right count`() async throws {
        try await World.use { world in
            let id = try await world.send("0", from: world.ada, to: world.ben).conversationID
            let done = await attempts(60) { number in
                if number % 2 == 0 {
                    try await world.send("\(number)", from: world.ada, to: world.ben)
                } else {
                    _ = try await world.texts(in: id, by: world.ben)
                }
            }
            #expect(done.failures.isEmpty)
            _ = try await world.texts(in: id, by: world.ben)
            #expect(try await world.list(of: world.ben).items.map(\.unreadCount) == [0])
            try await world.send("last", from: world.ada, to: world.ben)
            #expect(try await world.list(of: world.ben).items.map(\.unreadCount) == [1])
        }
    }

    @Test func `a stranger finds no conversation, and a page goes on from its own messages`() async throws {
        try await World.use { world in
            let id = try await world.send("Hello", from: world.ada, to: world.ben).conversationID
            let cleo = world.friend(of: world.ada, "Cleo")
            let elsewhere = try await world.send("Hello", from: world.ada, to: cleo)
            await #expect(throws: ConversationError.notFound) { try await world.texts(in: id, by: cleo) }
            await #expect(throws: ConversationError.notFound) {
                try await world.texts(in: .make(at: .start), by: world.ada)
            }
            await #expect(throws: ConversationError.unknownMessage) {
                try await world.texts(in: id, before: elsewhere.id, by: world.ada)
            }
        }
    }
}
