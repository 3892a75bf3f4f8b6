import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: owners see what became of their events, and mend what went wrong themselves.
@Suite struct WebhookTests {
    private let owner = AccountID.make(at: Timestamp(seconds: 0))

    private func deliveries(_ world: World, of webhook: Webhook) async throws -> [WebhookDelivery] {
        try await world.deliveries.page(of: webhook.id, by: owner, after: nil, limit: 50).items
    }

    @Test func `a changed webhook gets what it asks for from then on, and a bad change changes nothing`() async throws {
        try await Receiver.use { receiver in
            try await World.use { world in
                let webhook = try await world.register(WebhookInput(url: receiver.url + "/old"), by: owner).webhook
                let changed = try await world.webhooks.update(
                    webhook.id,
                    WebhookUpdate(
                        url: receiver.url + "/new", events: [.gigDeleted, .gigCreated], retryPolicy: .durable),
                    by: owner, expecting: { #expect($0 == 1) }, at: world.clock.now)
                #expect(changed.events == [.gigCreated, .gigDeleted] && changed.version == 2)
                await #expect(throws: WebhookError.self) {
                    try await world.webhooks.update(
                        webhook.id, WebhookUpdate(url: "ftp://example.org/", enabled: false), by: owner,
                        expecting: anyVersion, at: world.clock.now)
                }
                await #expect(throws: WebhookError.notFound) {
                    try await world.webhooks.update(
                        webhook.id, WebhookUpdate(enabled: false), by: .make(at: world.clock.now),
                        expecting: anyVersion, at: world.clock.now)
                }
                #expect(try await world.webhooks.find(webhook.id, by: owner) == changed)
                try await world.happen(.gigUpdated, to: owner)
                try await world.happen(.gigCreated, to: owner)
                try await eventually("it is delivered") { try await world.states == ["delivered"] }
                #expect(receiver.all.map(\.path) == ["/new"])
            }
        }
    }

    @Test func `for 24 hours after a rotation both secrets sign, then only the new one`() async throws {
        try await Receiver.use { receiver in
            try await World.use { world in
                let (webhook, former) = try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner)
                let secret = try await world.webhooks.rotate(
                    webhook.id, by: owner, expecting: anyVersion, at: world.clock.now
                ).secret
                let first = try await world.happen(to: owner)[0]
                try await eventually("it is delivered, and its line given back") {
                    guard receiver.all.count == 1 else { return false }
                    return try await world.database.rows("SELECT FROM lines WHERE due_at IS NULL").count == 1
                }
                world.clock.advance(by: WebhookWorkflow.overlap)
                let second = try await world.happen(to: owner)[0]
                try await eventually("so is the next") { receiver.all.count == 2 }
                for (asked, event, former) in [
                    (receiver.all[0], first, former as WebhookSecret?), (receiver.all[1], second, nil),
                ] {
                    let stamp = try #require(asked.headers["webhook-timestamp"].flatMap { Int64($0) })
                    let expected = WebhookSignature.headers(
                        id: event.id, body: asked.body, secret: secret, former: former, at: Timestamp(seconds: stamp))
                    for (name, value) in expected { #expect(asked.headers[name.lowercased()] == value) }
                    #expect(asked.headers["webhook-signature"]?.split(separator: " ").count == (former == nil ? 1 : 2))
                    #expect((asked.headers["x-clawconnected-signature-former"] == nil) == (former == nil))
                }
            }
        }
    }

    @Test func `the test event comes to this webhook alone, and the list shows it with its attempts`() async throws {
        try await Receiver.use { number, _ in
            .init(status: number == 0 ? 500 : 200, text: "noted")
        } _: { receiver in
            try await World.use { world in
                let webhook = try await world.register(WebhookInput(url: receiver.url + "/tested"), by: owner).webhook
                try await world.register(WebhookInput(url: receiver.url + "/other"), by: owner)
                let made = try await world.deliveries.test(webhook.id, by: owner, at: world.clock.now)
                #expect(made.state == .pending && made.event == "webhook.test" && made.attempts.isEmpty)
                try await eventually("it was tried") { try await world.attempts.count == 1 }
                let pending = try await deliveries(world, of: webhook)
                #expect(pending.map(\.state) == [.pending] && pending[0].attempts.map(\.status) == [500])
                #expect(pending[0].nextAttemptAt == world.clock.now + .seconds(1))
                await #expect(throws: WebhookDeliveryError.pending) {
                    try await world.deliveries.replay(made.id, of: webhook.id, by: owner, at: world.clock.now)
                }
                world.clock.advance(by: .seconds(1))
                try await eventually("it is delivered") { try await world.states == ["delivered"] }
                let over = try await deliveries(world, of: webhook)[0]
                #expect(over.id == made.id && over.attempts.map(\.status) == [500, 200])
                #expect(over.attempts.map(\.responseBody) == ["noted", "noted"])
                #expect(over.attempts.map(\.error) == ["the receiver answered 500", nil])
                #expect(Set(receiver.all.map(\.path)) == ["/tested"])
                let body = try JSONValue.parse(receiver.all[0].body)
                #expect(body["event"] == "webhook.test" && body["data"] == ["webhook_id": .string("\(webhook.id)")])
                await #expect(throws: WebhookError.notFound) {
                    try await world.deliveries.page(
                        of: webhook.id, by: .make(at: world.clock.now), after: nil, limit: 1)
                }
            }
        }
    }

    @Test func `a replayed delivery has the same id and bytes, and its attempts are counted on`() async throws {
        try await Receiver.use { receiver in
            try await World.use { world in
                let webhook = try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner).webhook
                try await world.happen(to: owner)
                try await eventually("it is delivered") { try await world.states == ["delivered"] }
                let delivery = try await deliveries(world, of: webhook)[0]
                world.clock.advance(by: .seconds(60))
                let again = try await world.deliveries.replay(
                    delivery.id, of: webhook.id, by: owner, at: world.clock.now)
                #expect(again.state == .pending && again.id == delivery.id)
                try await eventually("it is delivered again") { try await world.states == ["delivered"] }
                #expect(receiver.all.count == 2 && receiver.all[0].body == receiver.all[1].body)
                #expect(receiver.all[0].headers["webhook-id"] == receiver.all[1].headers["webhook-id"])
                #expect(try await world.attempts.map(\.number) == [1, 2])
                let other = try await world.register(WebhookInput(url: receiver.url + "/b"), by: owner).webhook
                await #expect(throws: WebhookDeliveryError.notFound) {
                    try await world.deliveries.replay(delivery.id, of: other.id, by: owner, at: world.clock.now)
                }
            }
        }
    }

    @Test func `the failed deliveries of a time are replayed in their order`() async throws {
        let isDown = Shared(true)
        try await Receiver.use { _, _ in
            .init(status: isDown.value ? 500 : 200)
        } _: { receiver in
            try await World.use { world in
                let webhook = try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner).webhook
                let start = world.clock.now
                try await world.happen(to: owner, times: 5, of: .make(at: start))
                try await eventually("they have failed") {
                    world.clock.advance(by: .seconds(16))
                    return try await world.states == Array(repeating: "failed", count: 5)
                }
                isDown.change { $0 = false }
                let before = receiver.all.count
                func replay(_ input: ReplayRange) async throws -> Replayed {
                    try await world.deliveries.replay(input, of: webhook.id, by: owner, at: world.clock.now)
                }
                #expect(try await replay(ReplayRange(from: start + .seconds(1))).count == 0)
                let view = try await replay(ReplayRange(from: start))
                #expect(view.count == 5 && view.nextFrom == nil)
                try await eventually("they are delivered") {
                    try await world.states == Array(repeating: "delivered", count: 5)
                }
                let sequences = try receiver.all.dropFirst(before).map {
                    try JSONValue.parse($0.body)["sequence"]?.integer
                }
                #expect(sequences == [1, 2, 3, 4, 5])
                for bad in [ReplayRange(from: start, to: start), ReplayRange(from: start, state: .pending)] {
                    await #expect(throws: WebhookDeliveryError.self) { try await replay(bad) }
                }
            }
        }
    }

    @Test func `five days of failures disable a webhook, its owner is told, and it can be enabled again`() async throws
    {
        let isDown = Shared(true)
        try await Receiver.use { _, asked in
            .init(status: isDown.value && asked.path == "/hook" ? 500 : 200)
        } _: { receiver in
            try await World.use(sandboxURL: receiver.url) { world in
                let webhook = try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner).webhook
                try await world.add(
                    ChannelInput(
                        channelType: .slack, config: ChannelConfig(webhookURL: receiver.url + "/slack"),
                        enabledEvents: [.gigDeleted]),
                    by: owner)
                try await world.happen(to: owner)
                try await eventually("the first attempt is stored") { try await world.attempts.count == 1 }
                world.clock.advance(by: WebhookEndings.patience)
                try await eventually("it is disabled") {
                    try await world.webhooks.find(webhook.id, by: owner).ending == .failing
                }
                try await eventually("its owner is told") { receiver.all.contains { $0.path == "/slack" } }
                let notice = try #require(receiver.all.last { $0.path == "/slack" })
                let text = try JSONValue.parse(notice.body)["text"]?.string
                #expect(text?.contains("was disabled. It has taken nothing for 5 days.") == true)
                await #expect(throws: WebhookDeliveryError.webhookDisabled) {
                    try await world.deliveries.test(webhook.id, by: owner, at: world.clock.now)
                }

                isDown.change { $0 = false }
                let enabled = try await world.webhooks.update(
                    webhook.id, WebhookUpdate(enabled: true), by: owner, expecting: anyVersion, at: world.clock.now)
                #expect(enabled.ending == nil && enabled.disabledAt == nil)
                try await world.happen(to: owner)
                world.clock.advance(by: .seconds(2))
                try await eventually("it gets events again, and what had waited") {
                    try await deliveries(world, of: webhook).map(\.state) == [.delivered, .delivered]
                }
            }
        }
    }

    @Test func `what the receiver at an old URL did is not held against the one at the new URL`() async throws {
        try await Receiver.use { _, _ in
            .init(status: 500)
        } _: { receiver in
            try await World.use { world in
                let webhook = try await world.register(WebhookInput(url: receiver.url + "/old"), by: owner).webhook
                try await world.happen(to: owner)
                try await eventually("the first attempt is stored") { try await world.attempts.count == 1 }
                _ = try await world.webhooks.update(
                    webhook.id, WebhookUpdate(url: receiver.url + "/new"), by: owner, expecting: anyVersion,
                    at: world.clock.now)
                let endedLate = try await world.database.transaction { tx in
                    try await WebhookStore().disable(
                        [webhook.id: receiver.url + "/old"], because: .gone, at: world.clock.now, in: tx)
                }
                #expect(endedLate.isEmpty, "the old receiver said late that it was gone")
                world.clock.advance(by: WebhookEndings.patience)
                try await eventually("the new one was tried") { try await world.attempts.count == 2 }
                #expect(receiver.all.last?.path == "/new")
                #expect(try await world.webhooks.find(webhook.id, by: owner).ending == nil, "it has failed once")
            }
        }
    }

    @Test func `a receiver that takes something now and then is not disabled`() async throws {
        try await Receiver.use { number, _ in
            .init(status: number == 1 ? 200 : 500)
        } _: { receiver in
            try await World.use { world in
                let webhook = try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner).webhook
                func settle() async throws {
                    try await eventually("nothing is due") {
                        try await world.database.rows(
                            "SELECT FROM pending_deliveries WHERE due_at <= \(world.clock.now)"
                        ).isEmpty
                    }
                }
                // The last attempts are made five days after the first failure.
                for _ in 1...3 {
                    try await world.happen(to: owner)
                    try await settle()
                    world.clock.advance(by: .hours(40))
                    try await settle()
                }
                #expect(try await world.webhooks.find(webhook.id, by: owner).ending == nil)
            }
        }
    }
}
