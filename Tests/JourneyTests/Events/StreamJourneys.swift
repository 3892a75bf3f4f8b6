import OutboundHTTP
import SharedModels
import TestSupport
import Testing

extension Journeys {
    @Suite struct Streams {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `Who follows the feed sees what happens, and nothing once the key is revoked`() async throws {
            let client = try await stack.client()
            let key = try await client.key()
            let stream = try await stack.follow(Endpoints.feed.stream.operation, as: key.caller)
            #expect(stream.head.status == 200)
            #expect(stream.head.header("content-type") == "text/event-stream; charset=utf-8")
            try await client.session.succeed(Endpoints.gigs.create.operation, [:], ["title": "Followed"])
            var events = ServerSentEvents(stream).makeAsyncIterator()
            let first = try #require(try await events.next())
            #expect(first.event == "gig.created")
            #expect(try JSONValue.parse(Array(first.data.utf8))["data"]?["title"] == "Followed")

            // Another connection goes on where this one was.
            try await client.session.succeed(Endpoints.gigs.create.operation, [:], ["title": "Next"])
            let later = try await stack.follow(
                Endpoints.feed.stream.operation, as: client.session, headers: [("Last-Event-ID", first.id ?? "")])
            var others = ServerSentEvents(later).makeAsyncIterator()
            let second = try #require(try await others.next())
            #expect(try JSONValue.parse(Array(second.data.utf8))["data"]?["title"] == "Next")

            try await client.session.succeed(Endpoints.keys.revoke.operation, ["id": key.id])
            while try await events.next() != nil {}
        }

        @Test
        func `A webhook of SkillSync gets that surface's body, and its delivery is listed`() async throws {
            let client = try await stack.client()
            let bodies = Shared<[JSONValue]>([])
            try await LocalServer.serve { asked in
                let body = try JSONValue.parse(asked.body)
                bodies.change { $0.append(body) }
                return .init(status: asked.headers["x-skillsync-signature"] == nil ? 400 : 200)
            } _: { url in
                let made = try await client.session.succeed(
                    Endpoints.skillSyncWebhooks.create.operation, [:],
                    ["url": .string(url + "/hook"), "events": ["gig.created"], "secret": "a secret of our own"])
                let id = try #require(made["data"]?["id"]?.string)
                #expect(id.hasPrefix("wh_") && made["data"]?["secret"] == "a secret of our own")
                try await client.session.succeed(Endpoints.skillSyncWebhooks.test.operation, ["id": id])
                let body = try await eventually("the test event comes") { bodies.value.first }
                #expect(body["event"] == "webhook.test" && body["webhook_id"]?.string == id)
                #expect(body["signature"]?.string?.hasPrefix("sha256=") == true)
                _ = try await eventually("the delivery is listed as taken") {
                    let list = try await client.session.succeed(
                        Endpoints.skillSyncWebhooks.deliveries.operation, ["id": id])
                    return list["data"]?["deliveries"]?.array?.first?["status"] == "delivered" ? true : nil
                }
                try await client.session.succeed(Endpoints.skillSyncWebhooks.delete.operation, ["id": id])
            }
        }
    }
}
