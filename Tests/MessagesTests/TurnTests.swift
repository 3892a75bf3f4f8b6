import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import MessagesService
@testable import SharedModels

/// The promise under test: what talent is told of each message adds up to what a recount of all messages finds.
@Suite struct TurnTests {
    /// What talent was told, in the order of the messages.
    private func counted(_ world: World) async throws -> [MessageCount] {
        try await world.database.all(
            "SELECT data FROM outbox WHERE destination = 'talent' ORDER BY position"
        ) { row in
            let data: JSONB = try row.decode("data")
            return try JSONValue.decode(MessageCount.self, from: data.bytes)
        }
    }

    @Test func `the first word of each begins a turn, and an answer tells how long it took`() async throws {
        try await World.use { world in
            let (ada, ben) = (world.ada, world.ben)
            let steps: [(from: AccountID, after: Duration)] = [
                (ada, .zero), (ada, .seconds(60)), (ben, .seconds(30)), (ben, .seconds(5)), (ada, .seconds(600)),
            ]
            for step in steps {
                world.clock.advance(by: step.after)
                try await world.send("…", from: step.from, to: step.from == ada ? ben : ada)
            }
            let counted = try await counted(world)
            #expect(counted.map(\.senderID) == steps.map(\.from))
            #expect(counted.map(\.recipientID) == steps.map { $0.from == ada ? ben : ada })
            #expect(counted.map(\.beginsTurn) == [true, false, true, false, true])
            #expect(counted.map(\.answersAfterSeconds) == [nil, nil, 90, nil, 605])
        }
    }

    @Test(arguments: UInt64(1)...4)
    func `a random history recounts to what was told`(seed: UInt64) async throws {
        try await World.use { world in
            var random = SeededGenerator(seed: seed)
            let people = [world.ada, world.ben, world.friend(of: world.ada, "Cleo")]
            world.befriend(people[1], people[2])
            for _ in 0..<150 {
                world.clock.advance(by: .seconds(Int.random(in: 0...4000, using: &random)))
                let pair = people.shuffled(using: &random)
                try await world.send("…", from: pair[0], to: pair[1])
            }
            let told = try await counted(world)
            #expect(told.count == 150)
            // By whom, in which conversation and when, from the raw rows.
            let rows: [(conversation: ConversationID, sender: AccountID, at: Timestamp)] = try await world.database.all(
                "SELECT conversation_id, sender_id, sent_at FROM messages ORDER BY conversation_id, position"
            ) { (try $0.decode("conversation_id"), try $0.decode("sender_id"), try $0.decode("sent_at")) }
            var (turns, answers, seconds) = ([AccountID: Int](), [AccountID: Int](), [AccountID: Int64]())
            for (_, messages) in Dictionary(grouping: rows, by: \.conversation) {
                let pair = Set(messages.map(\.sender))
                var turn: (sender: AccountID, at: Timestamp)?
                for message in messages where message.sender != turn?.sender {
                    if let turn {
                        answers[message.sender, default: 0] += 1
                        seconds[message.sender, default: 0] += message.at.seconds - turn.at.seconds
                    }
                    for reader in pair where reader != message.sender { turns[reader, default: 0] += 1 }
                    turn = (message.sender, message.at)
                }
            }
            for person in people {
                #expect(told.count { $0.recipientID == person && $0.beginsTurn } == turns[person] ?? 0, "seed \(seed)")
                let own = told.filter { $0.senderID == person }.compactMap(\.answersAfterSeconds)
                #expect(own.count == answers[person] ?? 0 && own.reduce(0, +) == seconds[person] ?? 0, "seed \(seed)")
            }
        }
    }

    @Test func `nothing of what was written is told for figures`() async throws {
        try await World.use { world in
            try await world.send("A secret plan", from: world.ada, to: world.ben)
            let data: [String] = try await world.database.all(
                "SELECT data::text AS data FROM outbox WHERE destination = 'talent'"
            ) { try $0.decode("data") }
            #expect(data.count == 1 && !data[0].contains("secret"))
        }
    }
}
