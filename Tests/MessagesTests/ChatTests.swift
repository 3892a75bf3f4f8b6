import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import MessagesService

/// The promise under test: Skillhouse's chat, with the names and shapes of its contract (section 6).
@Suite(.timeLimit(.minutes(20))) struct ChatTests {
    private func id<Kind>(_ id: Identifier<Kind>) -> JSONValue { .string(id.objectID) }

    private func open(_ world: World, _ chatter: Chatter) async throws -> JSONValue {
        try await chatter.say("initializeChat", ["clientId": id(world.ada), "freelancerId": id(world.ben)])
        return try await chatter.hear("chatInitialized")
    }

    private func send(_ text: String, _ chat: JSONValue, _ chatter: Chatter, to other: AccountID) async throws
        -> JSONValue
    {
        try await chatter.say(
            "sendMessage",
            [
                "conversationId": try #require(chat["conversationId"]), "senderId": id(chatter.account),
                "receiverId": id(other), "message": .string(text),
            ])
    }

    @Test func `a chat is opened, and a message is heard by both with all its members`() async throws {
        try await World.chat { world, ada, ben in
            let chat = try await open(world, ada)
            #expect(chat["messages"] == [])
            #expect(try await open(world, ben) == chat)
            let answer = try await send("Guten Tag 😀", chat, ada, to: world.ben)
            let (sent, new) = (try await ada.hear("messageSent"), try await ben.hear("newMessage"))
            #expect(sent == answer && new == answer)
            #expect(
                new.object?.map(\.name) == [
                    "_id", "conversationId", "senderId", "receiverId", "message", "isRead", "readAt", "mediaType",
                    "mediaUrl",
                    "createdAt", "updatedAt",
                ])
            #expect(new["conversationId"] == chat["conversationId"] && new["senderId"] == id(world.ada))
            #expect(new["receiverId"] == id(world.ben) && new["message"] == "Guten Tag 😀")
            #expect(new["isRead"] == .bool(false) && new["readAt"] == .null)
            #expect(new["mediaType"] == .null && new["mediaUrl"] == "")
            #expect(try await open(world, ben)["messages"]?.array?.count == 1)
        }
    }

    @Test func `a chat needs a contract, and only its two open it`() async throws {
        try await World.chat { world, ada, _ in
            let stranger = AccountID.make(at: world.clock.now)
            for (client, freelancer, code) in [
                (world.ada, stranger, "FORBIDDEN"), (stranger, world.ben, "FORBIDDEN"),
                (world.ada, world.ada, "FORBIDDEN"),
            ] {
                let answer = try await ada.say(
                    "initializeChat", ["clientId": id(client), "freelancerId": id(freelancer)])
                let told = try await ada.hear("chatError")
                #expect(told["code"] == .string(code) && told["status"] == 403)
                #expect(answer["error"] == told)
            }
            for wrong: JSONValue in [
                .null, "x", [], ["clientId": id(world.ada)], ["clientId": id(world.ada), "freelancerId": 7],
                ["clientId": id(world.ada), "freelancerId": id(world.ben), "more": 1],
            ] {
                try await ada.say("initializeChat", wrong)
                #expect(try await ada.hear("chatError")["status"] == 400)
            }
        }
    }

    @Test func `the sender is the token's account, whatever the payload says`() async throws {
        try await World.chat { world, ada, ben in
            let chat = try await open(world, ada)
            let conversation = try #require(chat["conversationId"])
            let cases: [(Chatter, JSONValue, Int64)] = [
                (ben, ["conversationId": conversation, "senderId": id(world.ada), "message": "x"], 403),
                (ada, ["conversationId": conversation, "receiverId": id(world.ada), "message": "x"], 400),
                (ada, ["conversationId": .string(ConversationID.make(at: .start).objectID), "message": "x"], 404),
                (ada, ["conversationId": conversation, "message": ""], 400),
                (ada, ["conversationId": conversation, "message": " \u{A0}\n"], 400),
                (ada, ["conversationId": conversation], 400),
                (ada, ["conversationId": conversation, "message": .string(String(repeating: "a", count: 5001))], 400),
                (ada, ["conversationId": conversation, "message": 7], 400),
                (ada, ["conversationId": conversation, "message": "x", "isRead": .bool(true)], 400),
                (ada, ["conversationId": conversation, "message": "x", "mediaType": "image"], 400),
                (
                    ada,
                    [
                        "conversationId": conversation, "message": "x", "mediaType": "image",
                        "mediaUrl": "https://elsewhere.example/a.png",
                    ], 400
                ),
                (ada, ["conversationId": conversation, "mediaType": "audio", "mediaUrl": "x"], 400),
                (ada, "x", 400), (ada, .null, 400),
            ]
            for (chatter, draft, status) in cases {
                try await chatter.say("sendMessage", draft)
                #expect(try await chatter.hear("messageError")["status"] == .integer(status), "\(draft)")
            }
            #expect(try await open(world, ada)["messages"] == [])
            let stranger = try await Chatter(.make(at: .start), at: world.features.chat)
            try await stranger.say("sendMessage", ["conversationId": conversation, "message": "x"])
            #expect(try await stranger.hear("messageError")["status"] == 404)
        }
    }

    @Test func `an image goes without words, by a link of ours that is made each time`() async throws {
        try await World.chat { world, ada, ben in
            let (chat, file) = (try await open(world, ada), FileID.make(at: .start))
            let url = World.links.url(of: file, at: .start)
            world.peers.change { $0.media[file] = world.ada }
            for (type, message) in [("image", ""), ("video", "look")] {
                world.clock.advance(by: .days(30))
                try await ada.say(
                    "sendMessage",
                    [
                        "conversationId": try #require(chat["conversationId"]), "message": .string(message),
                        "mediaType": .string(type), "mediaUrl": .string(url),
                    ])
                let heard = try await ben.hear("newMessage")
                #expect(heard["mediaType"] == .string(type) && heard["message"] == .string(message))
                #expect(heard["mediaUrl"] == .string(World.links.url(of: file, at: world.clock.now)))
            }
        }
    }

    @Test func `who received a message marks it as read, and its sender hears of each one`() async throws {
        try await World.chat { world, ada, ben in
            let chat = try await open(world, ada)
            let ids = try await (1...3).asyncMap { try await send("\($0)", chat, ada, to: world.ben)["_id"] ?? .null }
            try await ada.say("markAsRead", ["messageId": ids[1]])
            #expect(try await ada.hear("messageError")["status"] == 403)
            try await ben.say("markAsRead", ["messageId": ids[1], "userId": id(world.ada)])
            #expect(try await ben.hear("messageError")["status"] == 403)
            let answer = try await ben.say("markAsRead", ["messageId": ids[1], "userId": id(world.ben)])
            #expect(answer["messageId"] == ids[1])
            #expect(try await ada.hear("messageRead")["messageId"] == ids[0])
            #expect(try await ada.hear("messageRead") == answer)
            try await ben.say("markAsRead", ["messageId": .string(MessageID.make(at: .start).objectID)])
            #expect(try await ben.hear("messageError")["status"] == 404)
            let shown = try #require(try await open(world, ada)["messages"]?.array)
            #expect(shown.map { $0["isRead"] } == [.bool(true), .bool(true), .bool(false)])
        }
    }

    @Test func `a sender takes a message back, and both hear of it once`() async throws {
        try await World.chat { world, ada, ben in
            let chat = try await open(world, ada)
            let name = try #require(try await send("secret", chat, ada, to: world.ben)["_id"])
            try await ben.say("deleteMessage", ["messageId": name, "userId": id(world.ben)])
            #expect(try await ben.hear("messageError")["status"] == 403)
            for _ in 0..<2 {
                #expect(
                    try await ada.say("deleteMessage", ["messageId": name, "userId": id(world.ada)])
                        == ["messageId": name, "message": "This message was deleted."])
            }
            for chatter in [ada, ben] {
                #expect(
                    try await chatter.hear("messageDeleted") == [
                        "messageId": name, "message": "This message was deleted.",
                    ])
            }
            _ = try await send("after", chat, ada, to: world.ben)
            _ = try await ben.hear("newMessage")
            #expect(try await ben.hear("newMessage")["message"] == "after")
            #expect(!ben.names.contains("messageDeleted"))
            let shown = try #require(try await open(world, ben)["messages"]?.array)
            #expect(shown.map { $0["message"]?.string } == ["This message was deleted.", "after"])
            #expect(
                try await world.texts(
                    in: try #require(chat["conversationId"]?.string.flatMap { ConversationID($0) }), by: world.ben
                )
                .last == "This message was deleted.")
        }
    }

    @Test func `conversations and unread counts are the account's own`() async throws {
        try await World.chat { world, ada, ben in
            let chat = try await open(world, ada)
            _ = try await send("one", chat, ada, to: world.ben)
            _ = try await send("two", chat, ada, to: world.ben)
            try await ben.say("getConversations", id(world.ben))
            let list = try #require(try await ben.hear("conversations").array)
            #expect(list.count == 1)
            #expect(list[0]["_id"] == chat["conversationId"] && list[0]["otherUserId"] == id(world.ada))
            #expect(list[0]["clientId"] == id(world.ada) && list[0]["freelancerId"] == id(world.ben))
            #expect(list[0]["lastMessage"] == "two" && list[0]["unreadCount"] == 2)
            try await ben.say("getUnreadCount", ["userId": id(world.ben)])
            #expect(
                try await ben.hear("unreadCounts") == [
                    ["conversationId": try #require(chat["conversationId"]), "otherUserId": id(world.ada), "count": 2]
                ])
            try await ben.say("getConversations", id(world.ada))
            #expect(try await ben.hear("conversationError")["status"] == 403)
            try await ben.say("getUnreadCount", id(world.ada))
            #expect(try await ben.hear("unreadCountError")["status"] == 403)
        }
    }

    @Test func `what SkillSync sends and reads is heard at sockets, and the other way round`() async throws {
        try await World.chat { world, ada, ben in
            let sent = try await world.send("by REST", from: world.ada, to: world.ben)
            #expect(try await ben.hear("newMessage")["message"] == "by REST")
            #expect(try await ada.hear("messageSent")["_id"] == id(sent.id))
            _ = try await world.texts(in: sent.conversationID, by: world.ben)
            #expect(try await ada.hear("messageRead")["messageId"] == id(sent.id))
        }
    }

    @Test func `nothing can be said to, or opened with, who has left`() async throws {
        try await World.chat { world, ada, ben in
            let chat = try await open(world, ada)
            try await world.delete(world.ben)
            _ = try await send("hello?", chat, ada, to: world.ben)
            #expect(try await ada.hear("messageError")["status"] == 404)
            try await ada.say("initializeChat", ["clientId": id(world.ada), "freelancerId": id(world.ben)])
            #expect(try await ada.hear("chatError")["status"] == 404)
            #expect(!ben.names.contains("newMessage"))
        }
    }

    @Test func `a plan's minute holds for messages, and comes back little by little`() throws {
        let (meter, account, now) = (ChatMeter(), AccountID.make(at: .start), ContinuousClock.now)
        for _ in 0..<60 { try meter.count(account, .free, at: now) }
        #expect(throws: ChatError.tooManyMessages(perMinute: 60)) { try meter.count(account, .free, at: now) }
        try meter.count(.make(at: .start), .free, at: now)
        try meter.count(account, .free, at: now + .seconds(1))
        #expect(throws: ChatError.tooManyMessages(perMinute: 60)) {
            try meter.count(account, .free, at: now + .seconds(1))
        }
        for _ in 0..<60 { try meter.count(account, .free, at: now + .seconds(600)) }
    }

    @Test func `an unknown event is refused by name`() async throws {
        try await World.chat { _, ada, _ in
            try await ada.say("dropTables", 1)
            #expect(try await ada.hear("chatError")["message"] == "There is no event dropTables.")
        }
    }

    @Test func `more than fifty messages are shown by the next opening`() async throws {
        try await World.chat { world, ada, _ in
            let chat = try await open(world, ada)
            for number in 1...60 { _ = try await send("\(number)", chat, ada, to: world.ben) }
            let first = try #require(try await open(world, ada)["messages"]?.array)
            #expect(first.map { $0["message"]?.string } == (1...50).map { "\($0)" })
            try await ada.say(
                "initializeChat",
                [
                    "clientId": id(world.ada), "freelancerId": id(world.ben), "after": try #require(first.last?["_id"]),
                ])
            let next = try #require(try await ada.hear("chatInitialized")["messages"]?.array)
            #expect(next.map { $0["message"]?.string } == (51...60).map { "\($0)" })
        }
    }

    @Test func `notices are asked for, added for oneself alone, and marked as read`() async throws {
        try await World.chat { world, ada, _ in
            let draft: JSONValue = [
                "userId": id(world.ada), "message": "call Ben", "role": "client", "type": "contract",
            ]
            let added = try await ada.say("addNotification", draft)
            #expect(
                added.object?.map(\.name) == [
                    "_id", "userId", "message", "role", "type", "read", "createdAt", "updatedAt",
                ])
            try await ada.say("getNotifications", id(world.ada))
            #expect(try await ada.hear("notifications") == [added])
            try await ada.say("markNotificationAsRead", try #require(added["_id"]))
            #expect(try await ada.hear("notificationRead") == ["notificationId": try #require(added["_id"])])
            try await ada.say("markNotificationAsRead", .string(EventID.make(at: .start).objectID))
            #expect(try await ada.hear("notificationError")["status"] == 404)
            try await ada.say(
                "addNotification",
                ["userId": id(world.ben), "message": "boo", "role": "freelancer", "type": "contract"])
            #expect(try await ada.hear("notificationError")["status"] == 403)
            try await ada.say("getNotifications", id(world.ben))
            #expect(try await ada.hear("notificationError")["status"] == 403)
        }
    }
}

extension Sequence {
    fileprivate func asyncMap<Result>(_ body: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await body(element)) }
        return results
    }
}
