import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import MessagesService

/// The promise under test: partners hear who is there, from any replica, and a replica that was killed takes nobody's
/// presence with it.
@Suite(.timeLimit(.minutes(20))) struct PresenceTests {
    private func status(_ account: AccountID, _ status: String) -> JSONValue {
        ["userId": .string(account.objectID), "status": .string(status)]
    }

    /// Another replica. Nothing renews its lease.
    private func replica(of world: World) async throws -> PresenceWorkflow {
        let replica = PresenceWorkflow(
            database: world.database, clock: world.clock, peers: world.peers, lease: .hours(1), logger: .quiet)
        await replica.renew()
        return replica
    }

    @Test func `partners hear when somebody comes and leaves, and who comes hears who is there`() async throws {
        try await World.chat { world, ada, ben in
            try await ada.say("authenticate", .string(world.ada.objectID))
            try await ben.say("authenticate", .string("\(world.ben)"))
            #expect(try await ada.hear("userStatus") == status(world.ben, "online"))
            #expect(try await ben.hear("userStatus") == status(world.ada, "online"))
            await ben.leave()
            #expect(try await ada.hear("userStatus") == status(world.ben, "offline"))
        }
    }

    @Test func `nobody is there for another`() async throws {
        try await World.chat { world, ada, ben in
            try await ada.say("authenticate", .string(world.ben.objectID))
            #expect(try await ada.hear("chatError")["status"] == 403)
            try await ben.say("authenticate", .string(world.ben.objectID))
            try await ben.say("authenticate", ["userId": "nobody"])
            #expect(try await ben.hear("chatError")["status"] == 400)
            #expect(!ben.names.contains("userStatus"))
        }
    }

    @Test func `strangers hear nothing of it`() async throws {
        try await World.chat { world, ada, ben in
            let stranger = try await Chatter(.make(at: .start), at: world.features.chat)
            try await stranger.say("authenticate")
            try await ada.say("authenticate")
            try await ben.say("authenticate")
            _ = try await ada.hear("userStatus")
            try await stranger.say("getConversations")
            _ = try await stranger.hear("conversations")
            #expect(!stranger.names.contains("userStatus"))
        }
    }

    @Test func `with two sockets, also of two replicas, only the last one leaving counts`() async throws {
        try await World.chat { world, ada, ben in
            try await ada.say("authenticate")
            try await ben.say("authenticate")
            #expect(try await ada.hear("userStatus") == status(world.ben, "online"))
            let second = try await Chatter(world.ben, .freelancer, at: world.features.chat)
            try await second.say("authenticate")
            let other = try await replica(of: world)
            _ = try await other.come(world.ben, through: "there")
            await ben.leave()
            await second.leave()
            try await ada.say("getConversations")
            _ = try await ada.hear("conversations")
            #expect(!ada.names.contains("userStatus"))
            await other.leave(world.ben, through: "there")
            #expect(try await ada.hear("userStatus") == status(world.ben, "offline"))
        }
    }

    @Test func `who was there through a killed replica alone is not there any more`() async throws {
        try await World.chat { world, ada, _ in
            try await ada.say("authenticate")
            let killed = try await replica(of: world)
            _ = try await killed.come(world.ben, through: "there")
            #expect(try await ada.hear("userStatus") == status(world.ben, "online"))
            try await world.database.execute(
                "UPDATE replicas SET lease_until = clock_timestamp() - interval '1 second' WHERE id = \(killed.replica)"
            )
            #expect(try await PresenceStore().online(among: [world.ben], in: world.database).isEmpty)
            #expect(try await ada.hear("userStatus") == status(world.ben, "offline"))
        }
    }

    @Test func `a replica that was taken for gone, and is not, says again who is there`() async throws {
        try await World.chat { world, ada, ben in
            try await ada.say("authenticate")
            try await ben.say("authenticate")
            #expect(try await ada.hear("userStatus") == status(world.ben, "online"))
            try await world.database.execute("DELETE FROM replicas")
            try await eventually("Ben is there again") {
                try await PresenceStore().online(among: [world.ben], in: world.database) == [world.ben]
            }
        }
    }

    @Test func `a hundred comings and goings at once end with the truth`() async throws {
        try await World.chat { world, _, _ in
            let presence = world.features.presence
            await presence.renew()
            _ = await attempts(100) { number in
                if number.isMultiple(of: 2) {
                    _ = try await presence.come(world.ben, through: "\(number)")
                    await presence.leave(world.ben, through: "\(number)")
                } else {
                    _ = try await presence.come(world.ben, through: "stays")
                }
            }
            let there = try await PresenceStore().online(among: [world.ben], in: world.database)
            #expect(there == [world.ben])
            await presence.leave(world.ben, through: "stays")
            let after = try await PresenceStore().online(among: [world.ben], in: world.database)
            #expect(after.isEmpty)
        }
    }

    @Test func `every signal is read as it was written`() {
        let (one, other, id) = (AccountID.make(at: .start), AccountID.make(at: .start), ConversationID.make(at: .start))
        for signal: ChatSignal in [
            .sent(id, position: 7, by: one, to: other), .deleted(id, position: 7, by: one, to: other),
            .read(id, after: 0, upTo: 9, by: one, of: other), .presence(one, isOnline: true, for: [other, one]),
            .notice(one, json: #"{"message":"a b  c"}"#),
        ] {
            #expect(ChatSignal(signal.text) == signal)
        }
        for wrong in ["", "x", "m", "m a 1 b c", "z \(id) 1 \(one) \(other)", "r \(id) 1 2 \(one)"] {
            #expect(ChatSignal(wrong) == nil)
        }
    }
}
