import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import MessagesService
@testable import SharedModels

/// The promise under test: what the service does costs the same with few messages and with very many.
@Suite struct MessagesGrowthTests {
    @Test func `nothing that is asked of messages reads more rows when there are more`() async throws {
        try await PlanWatch.use { watch in
            try await World.use { world in
                let id = try await world.send("Hello", from: world.ada, to: world.ben).conversationID
                let findings = try await watch.judge(
                    world.database, requests(world, id), within: PlanWatch.Bounds(), fill: crowd(world, id))
                #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
            }
        }
    }

    @Test func `a conversation of a million messages is read anywhere at the cost of a page`() async throws {
        try await PlanWatch.use { watch in
            try await World.use { world in
                let id = try await world.send("Hello", from: world.ben, to: world.ada).conversationID
                try await world.send("Hello", from: world.ada, to: world.ben)
                let findings = try await watch.judge(
                    world.database, anywhere(world, id), within: PlanWatch.Bounds(rows: 200, sorted: 0),
                    fill: million(world, id))
                #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
                #expect(try await world.texts(in: id, before: Self.message(2), by: world.ada) == ["1"])
                let middle = try await world.texts(in: id, before: Self.message(500_000), limit: 2, by: world.ada)
                #expect(middle == ["499999", "499998"])
                let list = try await world.list(of: world.ada)
                #expect(list.items.map(\.unreadCount) == [1_000_000 - 499_999])
            }
        }
    }

    /// What is asked of the conversation. Before it is filled, the messages that are named are not there.
    private func anywhere(_ world: World, _ id: ConversationID) -> [PlanWatch.Request] {
        let (conversations, messages, chat) = (ConversationStore(), MessageStore(), ChatStore())
        return [
            .init("an old message, and what is read by looking at it") {
                _ = try? await world.texts(in: id, before: Self.message(53), by: world.ada)
            },
            .init("the middle") {
                _ = try? await world.texts(in: id, before: Self.message(500_000), by: world.ada)
            },
            .init("the messages that are unread") { _ = try await world.list(of: world.ada, unreadOnly: true) },
            .init("those with a name") { _ = try await world.list(of: world.ada, search: "Ben") },
            .init("a stream that goes on in the middle") {
                guard let standing = try await conversations.standing(of: world.ada, in: id, in: world.database) else {
                    return
                }
                _ = try await messages.messages(
                    of: standing.conversation, after: 500_000, limit: 50, in: world.database)
                _ = try await messages.receipt(of: world.ben, in: id, after: 0, in: world.database)
            },
            .init("who wrote little, told that it was read", rows: 1_000) {
                _ = try await chat.messages(
                    of: world.ada, in: id, after: 0, upTo: 1_000_000, limit: 100, in: world.database)
            },
            .init("a message, the newest page, and what is read by it") {
                try await world.send("Hello", from: world.ada, to: world.ben)
                _ = try await world.texts(in: id, by: world.ben)
            },
        ]
    }

    /// The message at a position, of those that are filled in.
    private static func message(_ position: Int) throws -> MessageID {
        let digits = String(position, radix: 16)
        return try #require(
            MessageID("00000000-0000-7000-8000-\(String(repeating: "0", count: 12 - digits.count))\(digits)"))
    }

    /// A million messages, all but one by the first of the two, who reads after each hundred of its own.
    private func million(_ world: World, _ id: ConversationID) -> [SQL] {
        let moment: SQL = "\(Timestamp.start)::timestamptz + n * interval '1 s'"
        return [
            "DELETE FROM messages WHERE conversation_id = \(id)",
            "DELETE FROM reads WHERE conversation_id = \(id)",
            """
            INSERT INTO messages (conversation_id, position, ordinal, id, sender_id, type, body, sent_at)
            SELECT \(id), n, greatest(1, n - 1), ('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
                   CASE n WHEN 1 THEN \(world.ada) ELSE \(world.ben) END, 'text', n::text, \(fragment: moment)
              FROM generate_series(1, 1000000) AS n
            """,
            """
            INSERT INTO reads (conversation_id, account_id, position, read_at)
            SELECT \(id), \(world.ben), n, \(fragment: moment) FROM generate_series(100, 1000000, 100) AS n
            """,
            """
            UPDATE participants SET received = CASE account_id WHEN \(world.ada) THEN 999999 ELSE 1 END,
                   read_position = 0, read_received = 0
             WHERE conversation_id = \(id)
            """,
            """
            UPDATE conversations
               SET last_position = 1000000, first_sent = CASE first_id WHEN \(world.ada) THEN 1 ELSE 999999 END
             WHERE id = \(id)
            """,
        ]
    }

    private func requests(_ world: World, _ id: ConversationID) -> [PlanWatch.Request] {
        [
            .init("a message") { try await world.send("Hello", from: world.ada, to: world.ben) },
            .init("a conversation") { _ = try await world.texts(in: id, by: world.ben) },
            .init("one's conversations") { _ = try await world.list(of: world.ada) },
            .init("those with something new") { _ = try await world.list(of: world.ada, unreadOnly: true) },
            .init("those with a name") { _ = try await world.list(of: world.ada, search: "Ben") },
        ]
    }

    /// 12,000 conversations, four hundred of them with one account, and 24,000 messages, half of them in one conversation.
    private func crowd(_ world: World, _ id: ConversationID) -> [SQL] {
        let moment: SQL = "\(Timestamp.start)::timestamptz + n * interval '1 s'"
        return [
            """
            INSERT INTO conversations
                (id, first_id, second_id, started_by, last_position, first_sent, created_at, updated_at)
            SELECT md5('conversation' || n)::uuid, least(one, other), greatest(one, other), one, 1, 1,
                   \(fragment: moment), \(fragment: moment)
              FROM (SELECT n, CASE n % 30 WHEN 0 THEN \(world.ada) ELSE md5('one' || n)::uuid END AS one,
                           md5('other' || n)::uuid AS other
                      FROM generate_series(1, 12000) AS n) AS pairs
            """,
            """
            INSERT INTO participants (conversation_id, account_id, other_id, received, updated_at)
            SELECT id, account, CASE account WHEN first_id THEN second_id ELSE first_id END,
                   position(right(id::text, 1) IN '01'), updated_at
              FROM conversations, unnest(ARRAY[first_id, second_id]) AS account
             WHERE id <> \(id)
            """,
            """
            INSERT INTO messages (conversation_id, position, ordinal, id, sender_id, type, body, sent_at)
            SELECT id, 1, 1, gen_random_uuid(), first_id, 'text', 'Hello', created_at FROM conversations WHERE id <> \(id)
            """,
            """
            INSERT INTO messages (conversation_id, position, ordinal, id, sender_id, type, body, sent_at)
            SELECT \(id), n, n, gen_random_uuid(), \(world.ada), 'text', 'again', \(fragment: moment)
              FROM generate_series(100, 12000) n
            """,
            "UPDATE participants SET received = 12000 WHERE conversation_id = \(id) AND account_id = \(world.ben)",
            "UPDATE conversations SET last_position = 12000, first_sent = 12000 WHERE id = \(id)",
            """
            INSERT INTO reads (conversation_id, account_id, position, read_at)
            SELECT \(id), \(world.ben), n, \(fragment: moment) FROM generate_series(100, 11000) n
            """,
            """
            INSERT INTO departures (account_id, left_at)
            SELECT gen_random_uuid(), \(fragment: moment) FROM generate_series(1, 12000) n
            """,
        ]
    }
}
