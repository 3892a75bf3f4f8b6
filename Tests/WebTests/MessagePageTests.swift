import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: whoever wrote last, one can write on, and sees to whom.
@Suite struct MessagePageTests {
    private static let path = "/messages/\(EveryPageTests.id)"
    private let other = AccountID.make(at: Timestamp(seconds: 0))

    /// A conversation in which only the visitor has written.
    private func answerAlone(_ world: WebWorld) throws {
        let me = try #require(Endpoints.session.current.operation.outputExample?["user_id"]?.string)
        let own = try #require(AccountID(me))
        let message = try #require(Endpoints.messages.conversation.operation.outputExample?["messages"]?.array?.first)
        world.api.answer(
            Endpoints.messages.conversation, ["messages": [message.with(["sender_id": .string(own.prefixed)])]])
    }

    @Test func `after a first message one can write a second one, before anybody has answered`() async throws {
        try await WebWorld.run { world in
            try answerAlone(world)
            let person = world.person()
            let begun = try await person.post("/messages/new", [("to", other.prefixed), ("message", "Hello?")])
            let place = try #require(begun.location)
            #expect(try await person.get(place).field("to") == other.prefixed)
            let again = try await person.post(Self.path, [("to", other.prefixed), ("message", "Are you there?")])
            let next = try #require(again.location)
            #expect(try await person.get(next).field("to") == other.prefixed)
            let sent = try world.api.requests(to: Endpoints.messages.send).map {
                try JSONValue.parse($0.body)["recipient_id"]?.string
            }
            #expect(sent == [other.prefixed, other.prefixed])
        }
    }

    @Test func `a link that does not name the other side finds it among the conversations`() async throws {
        try await WebWorld.run { world in
            try answerAlone(world)
            let example = Endpoints.messages.conversations.operation.outputExample
            let conversation = try #require(example?["conversations"]?.array?.first)
            let shown = try #require(Endpoints.messages.conversation.operation.outputExample?["conversation_id"])
            let them = try #require(conversation["participants"]?.array?.first)
            world.api.answer(
                Endpoints.messages.conversations,
                [
                    "conversations": [
                        conversation.with([
                            "id": shown, "participants": [them.with(["user_id": .string(other.prefixed)])],
                        ])
                    ]
                ])
            #expect(try await world.person().get(Self.path).field("to") == other.prefixed)
        }
    }

    @Test func `a new message says to whom it goes`() async throws {
        try await WebWorld.run { world in
            world.api.answer(Endpoints.profiles.get, ["display_name": "Ada <Novak>"])
            let shown = try await world.person().get("/messages/new?to=\(other.prefixed)")
            #expect(shown.text.contains("To Ada &lt;Novak&gt;."))
        }
    }
}
