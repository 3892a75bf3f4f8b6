import OutboundHTTP
import SharedModels
import TestSupport
import Testing

extension Journeys {
    /// Skillhouse's chat, through the gateway.
    @Suite struct Chat {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private func hired() async throws -> PaidHire {
            try await PaidHire.unpaid(
                by: try await stack.client(), with: try await stack.freelancer(), named: try await stack.admin().caller)
        }

        /// A key with room for many events.
        private func key(of account: Account) async throws -> Account.Key {
            try await stack.admin().caller.succeed(
                Endpoints.tiers.set.operation, ["id": account.id], ["subscription_tier": "enterprise"])
            return try await account.key()
        }

        private func objectID(_ account: Account) throws -> String {
            try #require(AccountID(account.id)).objectID
        }

        @Test(.timeLimit(.minutes(20)))
        func `python-socketio chats through the gateway, over every transport`() async throws {
            let hire = try await hired()
            let verdict = try await Judge.sockets.run(
                "check_chat.py",
                [
                    stack.gateway, try await key(of: hire.client).text, try objectID(hire.client),
                    try await key(of: hire.freelancer).text, try objectID(hire.freelancer),
                ])
            #expect(verdict == "the chat is understood over WebSocket, polling and both\n")
        }

        @Test
        func `What one says on SkillSync is heard at the other's socket, and a revoked key ends that`() async throws {
            let hire = try await hired()
            let key = try await hire.freelancer.key()
            let socket = try await PolledSocket.connect(stack, token: key.text)
            let body: JSONValue = ["recipient_id": .string(hire.freelancer.id), "message": "by REST"]
            try await hire.client.session.succeed(Endpoints.messages.send.operation, [:], body)
            #expect(try await socket.hear("newMessage")["message"] == "by REST")
            try await hire.freelancer.session.succeed(Endpoints.keys.revoke.operation, ["id": key.id])
            _ = try await eventually("the socket has ended") {
                let packets = try await socket.poll()
                return packets.contains("41") || packets.contains("1") || packets == ["400"] ? true : nil
            }
        }

        @Test
        func `Each side is told of its own notices, at once and when it asks`() async throws {
            let hire = try await hired()
            let client = try await PolledSocket.connect(stack, token: try await hire.client.key().text)
            _ = try await stack.payPage(hire.session)
            let freelancer = try await PolledSocket.connect(stack, token: try await hire.freelancer.key().text)
            _ = try await eventually("the freelancer is told of the contract and the money") {
                try await freelancer.say("getNotifications", .string(try objectID(hire.freelancer)))
                let list = try await freelancer.hear("notifications").array ?? []
                return list.map { $0["type"]?.string } == ["contract", "contract"] ? true : nil
            }
            let list = try await eventually("the client is told of the application and the approval") {
                try await client.say("getNotifications", .string(try objectID(hire.client)))
                let list = try await client.hear("notifications").array ?? []
                return list.map { $0["type"]?.string } == ["approved", "applied"] ? list : nil
            }
            #expect(list.allSatisfy { $0["role"] == "client" && $0["read"] == .bool(false) })
            let first = try #require(list.first?["_id"])
            try await client.say("markNotificationAsRead", first)
            #expect(try await client.hear("notificationRead")["notificationId"] == first)
            try await client.say(
                "addNotification",
                [
                    "userId": .string(try objectID(hire.client)), "message": "ask again", "role": "client",
                    "type": "contract",
                ])
            #expect(try await client.hear("newNotification")["message"] == "ask again")
        }

        @Test
        func `No page of another origin comes in, and no path beside it leads there`() async throws {
            let query = "?EIO=4&transport=polling"
            let foreign = try await stack.send(
                OutboundRequest(
                    .get, "\(stack.gateway)/socket.io/\(query)", headers: [("Origin", "https://evil.example")]))
            #expect(foreign.status == 403 && foreign.header("access-control-allow-origin") == nil, "\(foreign)")
            for path in ["/socket.io", "/socket.io/more"] {
                let answer = try await stack.send(OutboundRequest(.get, stack.gateway + path + query))
                #expect(
                    answer.status != 200 || !String(decoding: answer.bytes, as: UTF8.self).hasPrefix("0{"), "\(path)")
            }
        }
    }
}
