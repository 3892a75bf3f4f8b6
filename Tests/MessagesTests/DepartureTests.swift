import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import MessagesService

/// The promise under test: nothing is delivered to who has left, and what they wrote is gone.
@Suite struct DepartureTests {
    @Test func `what a leaver wrote reads as deleted at once, and is erased`() async throws {
        try await World.use { world in
            let id = try await world.send("secret", from: world.ada, to: world.ben).conversationID
            try await world.send("mine", from: world.ben, to: world.ada)
            try await world.send("secret too", from: world.ada, to: world.ben)
            try await world.delete(world.ada)
            let left = [Message.tombstone, "mine", Message.tombstone]
            #expect(try await world.texts(in: id, by: world.ben) == left)
            #expect(try await world.list(of: world.ben).items.first?.lastMessage?.text == Message.tombstone)

            try await world.scheduler.run(until: "the texts are erased") {
                try await world.database.one("SELECT count(*) AS count FROM messages WHERE body <> ''") {
                    try $0.decode("count", as: Int64.self)
                } == 1
            }
            #expect(try await world.texts(in: id, by: world.ben) == left)
        }
    }

    @Test func `nobody writes to a leaver, nor the leaver to anybody`() async throws {
        try await World.use { world in
            try await world.send("Hello", from: world.ada, to: world.ben)
            let told = try await world.told().count
            try await world.delete(world.ada)
            await #expect(throws: MessageError.unknownRecipient) {
                try await world.send("Still there?", from: world.ben, to: world.ada)
            }
            await #expect(throws: MessageError.unknownRecipient) {
                try await world.send("Wait", from: world.ada, to: world.ben)
            }
            #expect(try await world.told().count == told)
        }
    }

    @Test func `a message that races with a departure comes before it, or not at all`() async throws {
        try await World.use { world in
            try await world.send("Hello", from: world.ada, to: world.ben)
            async let leaving: Void = world.delete(world.ben)
            let sent = await attempts(20) { try await world.send("\($0)", from: world.ada, to: world.ben) }
            try await leaving
            for error in sent.failures { #expect(error as? MessageError == .unknownRecipient) }
            let told = try await world.told().filter { $0.name == "message.received" }.count
            #expect(told == sent.successes.count + 1)
            await #expect(throws: MessageError.unknownRecipient) {
                try await world.send("late", from: world.ada, to: world.ben)
            }
        }
    }

    @Test func `when both have left, nothing stays of their conversation`() async throws {
        try await World.use { world in
            try await world.send("Hello", from: world.ada, to: world.ben)
            let kept = world.friend(of: world.ada, "Cleo")
            try await world.send("Hello", from: kept, to: world.ada)
            for account in [world.ada, world.ben] { try await world.delete(account) }
            try await world.scheduler.run(until: "one conversation is left") {
                try await world.database.one(
                    "SELECT (SELECT count(*) FROM conversations) + (SELECT count(*) FROM messages) AS count"
                ) { try $0.decode("count", as: Int64.self) } == 2
            }
            #expect(try await world.list(of: kept).total == 1)
        }
    }

    @Test func `rows of scheduled work keep their form`() throws {
        let id = "019cabcd-0010-7000-8000-000000000010"
        #expect(EraseWords.kind == "account.left")
        #expect(try EraseWords(key: id, payload: .null).subject == AccountID(id))
        #expect(throws: UnreadableWork.self) { try EraseWords(key: "nobody", payload: .null) }
    }
}
