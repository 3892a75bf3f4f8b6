import OutboundHTTP
import SharedModels
import Testing

extension Journeys {
    /// Two people with a deal write to each other on the SkillSync surface.
    @Suite struct Messages {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private static let send = Endpoints.messages.send.operation
        private static let list = Endpoints.messages.conversations.operation
        private static let get = Endpoints.messages.conversation.operation

        private func say(
            _ text: String, from sender: Account, to recipient: Account,
            headers: [(name: String, value: String)] = []
        ) async throws -> Answer {
            let body: JSONValue = ["recipient_id": .string(recipient.id), "message": .string(text)]
            return try await sender.session.succeed(Self.send, [:], body, headers: headers)
        }

        private func id(_ sent: Answer) throws -> [String: String] {
            ["conversationId": try #require(sent["data"]?["conversation_id"]?.string)]
        }

        @Test
        func `A message is unread until it is shown, and its writer sees when it was read`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let sent = try await say("When can we talk?", from: deal.client, to: deal.worker)
            #expect(sent.status == 201 && sent["data"]?["status"] == "sent", "\(sent)")
            #expect(sent["data"]?["read_receipt_enabled"] == true)
            #expect(sent["data"]?["conversation_id"]?.string?.wholeMatch(of: /conv_[0-9a-f]{32}/) != nil)
            let ids = try id(sent)

            let unread = try await deal.worker.session.succeed(Self.list, query: "?unread_only=true")
            let item = try #require(unread["data"]?["conversations"]?.array?.first)
            #expect(item["unread_count"] == 1 && item["last_message"]?["text"] == "When can we talk?", "\(unread)")
            #expect(item["participants"]?.array?.allSatisfy { $0["name"]?.string?.isEmpty == false } == true, "\(item)")
            let name = try #require(
                item["participants"]?.array?.first {
                    $0["user_id"]?.string?.hasSuffix(
                        deal.client.id.replacing("-", with: "")) == true
                }?["name"]?.string)
            #expect(item["participants"]?.array?.contains { $0["company"]?.string == name } == true, "\(item)")
            let found = try await deal.worker.session.succeed(Self.list, query: "?search=\(name.uppercased())")
            #expect(found["data"]?["pagination"]?["total"] == 1, "\(found)")

            let shown = try await deal.worker.session.succeed(Self.get, ids)
            #expect(shown["data"]?["messages"]?.array?.first?["message"] == "When can we talk?", "\(shown)")
            let read = try await deal.client.session.succeed(Self.get, ids)
            #expect(read["data"]?["messages"]?.array?.first?["read_at"]?.string != nil, "\(read)")
            let after = try await deal.worker.session.succeed(Self.list, query: "?unread_only=true")
            #expect(after["data"]?["pagination"]?["total"] == 0, "\(after)")
        }

        @Test
        func `An attachment is the sender's own, and the refusal says what was given`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let theirs = try await deal.worker.session.image()
            func body(_ media: String) -> JSONValue {
                [
                    "recipient_id": .string(deal.worker.id), "message": "Look", "type": "image",
                    "metadata": ["media_id": .string(media)],
                ]
            }
            let refused = try await deal.client.session.ask(Self.send, [:], body(theirs))
            #expect(refused.status == 422, "\(refused)")
            #expect(refused["error"]?["details"]?["field"] == "metadata.media_id", "\(refused)")
            #expect(refused["error"]?["details"]?["provided"]?.string == theirs, "\(refused)")
            let own = try await deal.client.session.image()
            try await deal.client.session.succeed(Self.send, [:], body(own))
        }

        @Test
        func `The recipient's feed tells of the message, the writer's of the conversation alone`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let sent = try await say("Hello", from: deal.client, to: deal.worker)
            func events(_ account: Account, _ name: String) async throws -> [JSONValue] {
                let feed = try await account.session.succeed(Endpoints.feed.list.operation, query: "?limit=100")
                return feed["events"]?.array?.filter { $0["event"]?.string == name } ?? []
            }
            let received = try await eventually("the recipient is told") {
                let told = try await events(deal.worker, "message.received")
                return told.isEmpty ? nil : told
            }
            #expect(received.map { $0["data"]?["message_id"] } == [sent["data"]?["message_id"]])
            #expect(try await events(deal.client, "message.received").isEmpty)
            #expect(try await events(deal.client, "conversation.started").count == 1)
        }

        @Test
        func `A repeat under one key sends one message`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let key = [(name: "Idempotency-Key", value: "once")]
            let first = try await say("Hello", from: deal.client, to: deal.worker, headers: key)
            let again = try await say("Hello", from: deal.client, to: deal.worker, headers: key)
            #expect(again.header("idempotent-replayed") == "true" && again["data"] == first["data"])
            let shown = try await deal.worker.session.succeed(Self.get, try id(first))
            #expect(shown["data"]?["pagination"]?["total"] == 1, "\(shown)")
        }

        @Test
        func `Strangers cannot write, nor read, and nobody can write to an account that has left`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let ids = try id(try await say("Hello", from: deal.client, to: deal.worker))
            let stranger = try await stack.client()
            let write = try await stranger.session.ask(
                Self.send, [:], ["recipient_id": .string(deal.worker.id), "message": "Hello"])
            #expect(write.status == 403 && write["error"]?["code"] == "INSUFFICIENT_PERMISSIONS", "\(write)")
            #expect(try await stranger.session.ask(Self.get, ids).status == 404)
            let oneself = try await stranger.session.ask(
                Self.send, [:], ["recipient_id": .string(stranger.id), "message": "Hello"])
            #expect(oneself.status == 422 && oneself["error"]?["details"]?["field"] == "recipient_id", "\(oneself)")

            try await deal.worker.session.succeed(Endpoints.account.delete.operation)
            _ = try await eventually("messages has heard that the worker left") {
                let late = try await deal.client.session.ask(
                    Self.send, [:], ["recipient_id": .string(deal.worker.id), "message": "Still there?"])
                return late.status == 404 ? late : nil
            }
        }

        @Test
        func `A wait ends when a message comes, and a stream has each as it comes`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let ids = try id(try await say("1", from: deal.client, to: deal.worker))
            try await deal.worker.session.succeed(Self.get, ids)
            async let waited = deal.worker.session.succeed(Self.get, ids, query: "?wait=25")
            var request = OutboundRequest(
                .get, deal.worker.session.address + Self.get.path(with: ids),
                headers: deal.worker.session.headers + [("Accept", "text/event-stream")])
            request.deadline = .seconds(120)
            let stream = try await stack.http.stream(request, .service)
            #expect(stream.head.header("content-type") == "text/event-stream; charset=utf-8")
            let sent = try await say("2", from: deal.client, to: deal.worker)
            for try await event in ServerSentEvents(stream) where event.event == "message" {
                #expect(try JSONValue.parse(Array(event.data.utf8))["message_id"] == sent["data"]?["message_id"])
                break
            }
            let answer = try await waited
            #expect(
                answer["data"]?["messages"]?.array?.compactMap { $0["message"]?.string } == ["2", "1"], "\(answer)")
        }

        @Test
        func `A revoked key ends its stream`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let ids = try id(try await say("1", from: deal.client, to: deal.worker))
            let key = try await deal.worker.key()
            var request = OutboundRequest(
                .get, key.caller.address + Self.get.path(with: ids),
                headers: key.caller.headers + [("Accept", "text/event-stream")])
            request.deadline = .seconds(120)
            let stream = try await stack.http.stream(request, .service)
            try await deal.worker.session.succeed(Endpoints.keys.revoke.operation, ["id": key.id])
            for try await _ in stream {}
            #expect(try await stack.http.stream(request, .service).head.status == 401)
        }
    }
}
