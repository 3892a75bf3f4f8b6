import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: a webhook made on `/v1` is served by the same engine, and gets what that surface promises.
@Suite struct SkillSyncWebhookTests {
    private let owner = AccountID.make(at: Timestamp(seconds: 0))

    private func draft(_ url: String, _ events: [EventName] = [.gigUpdated], secret: String? = nil) -> WebhookDraft {
        WebhookDraft(url: url, events: events, retryPolicy: .standard, format: .skillSync, secret: secret)
    }

    @Test(arguments: [nil, "a secret of our own"])
    func `a delivery has the surface's body and both signatures`(own: String?) async throws {
        try await Receiver.use { receiver in
            try await World.use { world in
                let (webhook, secret) = try await world.webhooks.create(
                    draft(receiver.url + "/hook", secret: own), by: owner, at: world.clock.now)
                #expect(secret.text.reveal() == own ?? secret.text.reveal())
                let happened = try await world.happen(to: owner)[0]
                try await eventually("it is delivered") { receiver.all.count == 1 }
                let asked = receiver.all[0]
                let body = try JSONValue.parse(asked.body)
                #expect(
                    body.object?.map(\.name) == ["id", "event", "data", "webhook_id", "created_at", "signature"])
                #expect(body["id"]?.string == happened.id.prefixed && body["event"] == "gig.updated")
                #expect(body["data"] == happened.data && body["webhook_id"]?.string == webhook.id.prefixed)
                #expect(body["created_at"]?.string == "\(Timestamp(seconds: happened.at.seconds))")
                // The member is the HMAC of the same JSON without it.
                let text = String(decoding: asked.body, as: UTF8.self)
                let signature = try #require(body["signature"]?.string)
                let unsigned = text.replacing(",\"signature\":\"\(signature)\"", with: "")
                #expect(WebhookSignature.ofBody(Array(unsigned.utf8), secret) == signature)
                let whole = WebhookSignature.ofBody(asked.body, secret)
                #expect(asked.headers["x-skillsync-signature"] == whole)
                #expect(asked.headers["x-clawconnected-signature"] == whole)
                #expect(asked.headers["webhook-id"] == "\(happened.id)")
            }
        }
    }

    @Test func `numbers are written as JavaScript writes them again`() throws {
        let secret = try #require(WebhookSecret("a secret of our own"))
        let stored = EventView(
            id: .sample, event: "match.created",
            data: ["a": .decimal("12.50"), "b": .decimal("3.0"), "c": [.integer(7), .decimal("0.25")]],
            timestamp: Timestamp(seconds: 0), sequence: 1)
        let bytes = try SkillSyncBody.bytes(
            ofStored: JSONValue.encode(stored), to: .sample, secret: secret)
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""data":{"a":12.5,"b":3,"c":[7,0.25]}"#))
    }

    @Test func `times are in whole seconds, and a text that looks like one stays as it was written`() throws {
        let secret = try #require(WebhookSecret("a secret of our own"))
        let (precise, whole): (JSONValue, JSONValue) = ("2026-01-02T03:04:05.678901Z", "2026-01-02T03:04:05Z")
        func data(_ event: EventName, _ data: JSONValue) throws -> JSONValue? {
            let stored = EventView(
                id: .sample, event: event.rawValue, data: data, timestamp: Timestamp(seconds: 0), sequence: 1)
            let bytes = try SkillSyncBody.bytes(ofStored: JSONValue.encode(stored), to: .sample, secret: secret)
            return try JSONValue.parse(bytes)["data"]
        }
        #expect(
            try data(.matchCreated, ["timestamp": precise, "expires_at": precise])
                == ["timestamp": whole, "expires_at": whole])
        #expect(
            try data(.messageReceived, ["message": precise, "sent_at": precise])
                == ["message": precise, "sent_at": whole])
        let deal: [JSONMember] = [
            JSONMember("activation_deadline", precise), JSONMember("end_note", precise),
            JSONMember("milestones", [["title": precise, "auto_release_at": precise]]),
        ]
        let shown = try data(.contractUpdated, .object(deal))
        #expect(shown?["activation_deadline"] == whole && shown?["end_note"] == precise)
        #expect(shown?["milestones"] == [["title": precise, "auto_release_at": whole]])
    }

    @Test func `each surface's webhook gets its own form of one event, and both surfaces show both`() async throws {
        try await Receiver.use { receiver in
            try await World.use { world in
                try await world.register(WebhookInput(url: receiver.url + "/api"), by: owner)
                let made = try await world.webhooks.create(
                    draft(receiver.url + "/v1"), by: owner, at: world.clock.now
                ).webhook
                let event = try await world.happen(to: owner)[0]
                try await eventually("both are delivered") { receiver.all.count == 2 }
                let ids = try receiver.all.map { asked in
                    #expect((asked.headers["x-skillsync-signature"] != nil) == (asked.path == "/v1"))
                    return try JSONValue.parse(asked.body)["id"]?.string
                }
                #expect(Set(ids) == ["\(event.id)", event.id.prefixed])
                #expect(try await world.webhooks.page(of: owner, after: nil, limit: 5).items.count == 2)
                let tested = try await world.deliveries.test(made.id, by: owner, at: world.clock.now)
                try await eventually("the test event came") { receiver.all.count == 3 }
                let body = try JSONValue.parse(receiver.all[2].body)
                #expect(body["event"] == "webhook.test" && body["id"]?.string == tested.eventID.prefixed)
                #expect(body["data"]?["webhook_id"]?.string == made.id.prefixed)
            }
        }
    }

    @Test func `a secret that only looks like one of Standard Webhooks is refused by name`() async throws {
        try await World.use { world in
            for bad in ["whsec_", "whsec_not base64!"] {
                await #expect(throws: WebhookError.unusableSecret) {
                    try await world.webhooks.create(
                        draft("https://example.com/", secret: bad), by: owner, at: world.clock.now)
                }
            }
            #expect(WebhookError.unusableSecret.issues.map(\.path) == ["secret"])
        }
    }
}
