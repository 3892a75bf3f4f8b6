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
