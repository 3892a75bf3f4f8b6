import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import MessagesService

/// The promise under test: another service opens one conversation, however often it asks.
@Suite struct OpeningTests {
    private func opening(_ world: World, message: String? = "Let us talk") -> ConversationOpening {
        ConversationOpening(
            openingID: .make(at: .start), userID: world.ada, otherUserID: world.ben, matchID: .make(at: .start),
            message: message)
    }

    @Test func `a hundred racing repeats open one conversation with one message`() async throws {
        try await World.use { world in
            let opening = opening(world)
            let opened = await attempts(100) { try await world.openings.open(opening, at: .start) }
            #expect(opened.failures.isEmpty && Set(opened.successes).count == 1)
            let id = try #require(opened.successes.first)
            #expect(try await world.texts(in: id, by: world.ben) == ["Let us talk"])
            #expect(try await world.told().map(\.name) == ["conversation.started", "message.received"])
            #expect(try await world.list(of: world.ada).items.first?.matchID?.id == opening.matchID)
        }
    }

    @Test func `the conversation that the two have is used again, and takes the match`() async throws {
        try await World.use { world in
            let present = try await world.send("Hello", from: world.ben, to: world.ada).conversationID
            let opening = opening(world, message: nil)
            #expect(try await world.openings.open(opening, at: .start) == present)
            #expect(try await world.list(of: world.ada).items.first?.matchID?.id == opening.matchID)
            #expect(try await world.texts(in: present, by: world.ada) == ["Hello"])
        }
    }

    @Test func `who has left is opened nothing, and a repeat from before still answers`() async throws {
        try await World.use { world in
            let early = opening(world)
            let id = try await world.openings.open(early, at: .start)
            try await world.delete(world.ben)
            #expect(try await world.openings.open(early, at: .start) == id)
            await #expect(throws: MessageError.unknownRecipient) {
                try await world.openings.open(opening(world), at: .start)
            }
        }
    }
}
