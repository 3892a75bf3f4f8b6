import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import MessagesService

/// The promise under test: who may write to whom, and that a message is sent once, in one order, with its events.
@Suite struct SendingTests {
    @Test func `people who share a deal or a match can write to each other`() async throws {
        try await World.use { world in
            let first = try await world.send("Hello", from: world.ada, to: world.ben)
            #expect(first.position == 1 && first.sentAt == .start)

            let stranger = AccountID.make(at: .start)
            world.introduce(stranger, "Cleo")
            let match = MatchID.make(at: .start)
            let pair = try #require(Pair(world.ada, stranger))
            world.peers.change { $0.matches[pair] = match }
            let second = try await world.send("We match", from: stranger, to: world.ada)
            let listed = try await world.list(of: world.ada)
            let item = listed.items.first { $0.id.id == second.conversationID }
            #expect(item?.matchID?.id == match)
        }
    }

    @Test func `a conversation goes on when its reason is over`() async throws {
        try await World.use { world in
            let first = try await world.send("Hello", from: world.ada, to: world.ben)
            world.peers.change { $0.deals = [:] }
            let asked = world.peers.current.asked
            let answer = try await world.send("Hi", from: world.ben, to: world.ada)
            #expect(answer.conversationID == first.conversationID && answer.position == 2)
            #expect(world.peers.current.asked == asked)
        }
    }

    @Test func `nobody writes to a stranger, to nobody, or to oneself`() async throws {
        try await World.use { world in
            let stranger = AccountID.make(at: .start)
            await #expect(throws: MessageError.unknownRecipient) {
                try await world.send("Hello", from: world.ada, to: stranger)
            }
            world.introduce(stranger, "Cleo")
            await #expect(throws: MessageError.noReasonToWrite) {
                try await world.send("Hello", from: world.ada, to: stranger)
            }
            await #expect(throws: MessageError.toOneself) {
                try await world.send("Hello", from: world.ada, to: world.ada)
            }
            let told = try await world.told()
            #expect(told.isEmpty)
        }
    }

    @Test func `a thread is the conversation of the two, and a match one between them`() async throws {
        try await World.use { world in
            let (ada, ben) = (world.ada, world.ben)
            let first = try await world.send("Hello", from: ada, to: ben)
            let again = try await world.messages.send(
                MessageDraft(body: "Again"), to: ben, thread: first.conversationID, by: ada, at: .start)
            #expect(again.position == 2)
            let other = world.friend(of: ada, "Cleo")
            await #expect(throws: MessageError.unknownThread) {
                _ = try await world.messages.send(
                    MessageDraft(body: "Hello"), to: other, thread: first.conversationID, by: ada, at: .start)
            }
            await #expect(throws: MessageError.unknownMatch) {
                _ = try await world.messages.send(
                    MessageDraft(body: "Hello", matchID: .make(at: .start)), to: ben, by: ada, at: .start)
            }
        }
    }

    @Test func `an attachment goes with an image, and not with a text`() async throws {
        try await World.use { world in
            let file = FileID.make(at: .start)
            world.peers.change { $0.media[file] = world.ada }
            let sent = try await world.messages.send(
                MessageDraft(body: "Look", type: .image, mediaID: file), to: world.ben, by: world.ada, at: .start)
            #expect(sent.view.metadata.mediaID?.id == file && sent.view.type == .image)
            await #expect(throws: MessageError.mediaInText) {
                _ = try await world.messages.send(
                    MessageDraft(body: "Look", mediaID: file), to: world.ben, by: world.ada, at: .start)
            }
        }
    }

    @Test func `an attachment is the sender's own, and nothing is sent with another`() async throws {
        try await World.use { world in
            let theirs = FileID.make(at: .start)
            world.peers.change { $0.media[theirs] = world.ben }
            for file in [theirs, FileID.make(at: .start)] {
                await #expect(throws: MessageError.unknownMedia) {
                    _ = try await world.messages.send(
                        MessageDraft(body: "Look", type: .image, mediaID: file), to: world.ben, by: world.ada,
                        at: .start)
                }
            }
            #expect(MessageError.unknownMedia.code == .validationFailed)
            #expect(MessageError.unknownMedia.issues.map(\.path) == ["metadata.media_id"])
            let told = try await world.told()
            #expect(told.isEmpty)
        }
    }

    @Test func `both are told of a conversation once, the recipient of each message`() async throws {
        try await World.use { world in
            try await world.send("Hello", from: world.ada, to: world.ben)
            try await world.send("Hi", from: world.ben, to: world.ada)
            let told = try await world.told()
            try #require(told.map(\.name) == ["conversation.started", "message.received", "message.received"])
            #expect(Set(told[0].recipients) == [world.ada, world.ben])
            #expect(told[1].recipients == [world.ben] && told[2].recipients == [world.ada])
        }
    }

    @Test func `a hundred racing messages begin one conversation, and have one order`() async throws {
        try await World.use { world in
            let sent = await attempts(100) { number in
                let (sender, recipient) = number % 3 == 0 ? (world.ben, world.ada) : (world.ada, world.ben)
                return try await world.send("\(number)", from: sender, to: recipient)
            }
            #expect(sent.failures.isEmpty)
            #expect(Set(sent.successes.map(\.conversationID)).count == 1)
            #expect(sent.successes.map(\.position).sorted() == Array(1...100))
            for sender in [world.ada, world.ben] {
                let own = sent.successes.filter { $0.senderID == sender }
                #expect(own.map(\.ordinal).sorted() == Array(1...Int64(own.count)))
            }
            let told = try await world.told()
            #expect(told.filter { $0.name == "conversation.started" }.count == 1)
            #expect(told.count == 101)
            let sequences: [Int64] = try await world.database.all(
                "SELECT sequence FROM outbox WHERE destination = 'notifications' ORDER BY position"
            ) { try $0.decode("sequence") }
            #expect(sequences == Array(1...101))
        }
    }

    @Test func `times do not run backwards within a conversation`() async throws {
        try await World.use { world in
            let late = Timestamp.start + .seconds(5)
            _ = try await world.messages.send(MessageDraft(body: "1"), to: world.ben, by: world.ada, at: late)
            let second = try await world.send("2", from: world.ada, to: world.ben)
            #expect(second.sentAt == late)
        }
    }

    @Test(arguments: [MessageError.toOneself, .unknownRecipient, .unknownThread, .unknownMatch, .mediaInText])
    func `a refusal names the member that is wrong`(error: MessageError) {
        #expect(error.issues.count == 1 && !error.publicMessage.isEmpty)
        #expect(MessageError.noReasonToWrite.code == .forbidden)
    }

    @Test(arguments: [
        MessageError.toOneself, .unknownRecipient, .noReasonToWrite, .unknownThread, .unknownMatch, .mediaInText,
        .unknownMedia,
    ])
    func `a refusal says what would help, not only that something is wrong`(error: MessageError) {
        #expect(error.suggestion?.hasSuffix(".") == true)
    }
}
