import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import MessagesService

/// The promise under test: the chats of another Skillhouse go on here, with every message once, in order, and as far read
/// as they were.
@Suite struct ChatImportTests {
    private let id = ConversationID.make(at: .start)

    private func conversation(_ world: World, _ id: ConversationID? = nil) -> ImportedConversation {
        ImportedConversation(
            id: id ?? self.id, clientID: world.ada, freelancerID: world.ben, createdAt: Timestamp.start - .days(9))
    }

    private func message(
        _ text: String, from sender: AccountID, day: Int, isRead: Bool = false,
        as message: MessageID = .make(at: .start)
    ) -> ImportedMessage {
        let at = Timestamp.start - .days(9 - day)
        return ImportedMessage(
            id: message, conversationID: id, senderID: sender, text: text, sentAt: at,
            readAt: isRead ? at + .hours(1) : nil)
    }

    @Test func `messages come once, in order, and unread ones stay unread`() async throws {
        try await World.use { world in
            let chats = world.features.chatImport
            #expect(try await chats.bring([conversation(world)], isRehearsal: true) == [.imported])
            #expect(try await chats.bring([conversation(world)]) == [.imported])
            let messages = [
                message("one", from: world.ada, day: 1, isRead: true),
                message("two", from: world.ben, day: 2, isRead: true),
                message("three", from: world.ben, day: 3), message("four", from: world.ben, day: 4),
            ]
            #expect(try await chats.bring(Array(messages.prefix(2))) == [.imported, .imported])
            // It broke off, and is repeated as a whole.
            #expect(try await chats.bring([conversation(world)]) == [.present])
            #expect(try await chats.rehearse(messages) == [.present, .present, .imported, .imported])
            #expect(try await chats.bring(messages) == [.present, .present, .imported, .imported])
            #expect(try await world.texts(in: id, by: world.ben) == ["four", "three", "two", "one"])
            #expect(try await world.list(of: world.ada).items.map(\.unreadCount) == [2])
            #expect(try await world.list(of: world.ben).items.map(\.unreadCount) == [0])
            let new = try await world.send("five", from: world.ada, to: world.ben)
            #expect(new.conversationID == id && new.position == 5)
        }
    }

    @Test func `a pair that has a conversation keeps it, and strangers' messages are refused`() async throws {
        try await World.use { world in
            let known = try await world.send("hello", from: world.ada, to: world.ben).conversationID
            let chats = world.features.chatImport
            #expect(try await chats.bring([conversation(world)]) == [.merged(into: known.objectID)])
            let lost = message("lost", from: world.ada, day: 1)
            #expect(try await chats.bring([lost]).map(\.field) == ["conversationId"])
            let strange = ImportedMessage(
                id: .make(at: .start), conversationID: known, senderID: .make(at: .start), text: "?", sentAt: .start,
                readAt: nil)
            #expect(try await chats.bring([strange]).map(\.field) == ["senderId"])
        }
    }

    @Test func `nobody is told`() async throws {
        try await World.use { world in
            _ = try await world.features.chatImport.bring([conversation(world)])
            _ = try await world.features.chatImport.bring([message("one", from: world.ada, day: 1)])
            let waiting: Int64 = try await world.database.one("SELECT count(*) AS count FROM outbox") {
                try $0.decode("count")
            }
            #expect(waiting == 0)
        }
    }
}
