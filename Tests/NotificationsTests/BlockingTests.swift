import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: who was blocked is told nothing further, and once it is over what happens from then on.
@Suite(.timeLimit(.minutes(20))) struct BlockingTests {
    private let blocked = AccountID.make(at: Timestamp(seconds: 0))
    private let other = AccountID.make(at: Timestamp(seconds: 0))

    private func tell(_ name: InternalEventName, in world: World) async throws {
        try await world.receiver.take(.told(name, of: blocked, at: world.clock.now))
    }

    @Test func `a blocked account is told nothing, and after it what was enabled before`() async throws {
        try await Receiver.use { receiver in
            try await World.use { world in
                try await world.register(WebhookInput(url: receiver.url + "/other"), by: other)
                try await world.register(WebhookInput(url: receiver.url + "/on"), by: blocked)
                let off = try await world.register(WebhookInput(url: receiver.url + "/off"), by: blocked).webhook.id
                _ = try await world.webhooks.update(
                    off, WebhookUpdate(enabled: false), by: blocked, expecting: anyVersion, at: world.clock.now)

                for _ in 0..<2 { try await tell(.accountBlocked, in: world) }
                for account in [blocked, other] { try await world.happen(to: account) }
                try await eventually("only the other one is told") { try await world.states == ["delivered"] }

                try await tell(.accountUnblocked, in: world)
                try await world.happen(to: blocked)
                try await eventually("it is told") { receiver.all.count == 2 }
                #expect(receiver.all.map(\.path) == ["/other", "/on"])
            }
        }
    }

    @Test func `a blocked account is named to nobody, also who knew its name before`() async throws {
        let grace = Person(userID: blocked, userType: .client, name: "Grace", email: nil, picture: "")
        try await World.use(people: [grace]) { world in
            let data: JSONValue = [
                "client_user_id": .string("\(blocked)"), "worker_user_id": .string("\(other)"), "title": "Week",
            ]
            try await world.happen(.milestoneFunded, to: other, data: data)
            func told() async throws -> String? {
                try await world.feed.notices(for: other, after: nil, limit: 5).texts.first?.text
            }
            #expect(try await told()?.hasPrefix("Grace funded") == true)
            try await tell(.accountBlocked, in: world)
            #expect(try await told()?.hasPrefix("The client funded") == true)
            try await tell(.accountUnblocked, in: world)
            #expect(try await told()?.hasPrefix("Grace funded") == true)
        }
    }

    @Test func `what waits fails, and what slips in is told nothing either`() async throws {
        try await Receiver.use { _, _ in
            .init(status: 500)
        } _: { receiver in
            try await World.use { world in
                try await world.register(WebhookInput(url: receiver.url), by: blocked)
                try await world.happen(to: blocked)
                try await eventually("it waits for its next try") { try await world.nextDue != nil }
                try await tell(.accountBlocked, in: world)
                try await world.clear(until: "it has failed") { try await world.states == ["failed"] }

                try await world.register(WebhookInput(url: receiver.url), by: blocked)
                world.clock.advance(by: DepartureWorkflow.secondLookAfter)
                try await world.scheduler.run(until: "both are closed") {
                    try await world.database.one("SELECT count(*) FROM lines WHERE closed_at IS NULL") {
                        try $0.decode(at: 0, as: Int64.self)
                    } == 0
                }
                try await world.happen(to: blocked)
                #expect(try await world.states == ["failed"])
            }
        }
    }

    @Test func `who is unblocked while the second look has begun is told what happens`() async throws {
        try await World.use { world in
            try await world.register(WebhookInput(url: "https://hooks.example/on"), by: blocked)
            try await tell(.accountBlocked, in: world)
            func lines(_ which: SQL) async throws -> Int64 {
                try await world.database.one("SELECT count(*) FROM lines WHERE \(fragment: which)") {
                    try $0.decode(at: 0)
                }
            }
            #expect(try await lines("closed_at IS NOT NULL") == 1)
            try await world.scheduler.run {
                try await world.database.transaction { tx in
                    try await FeedStore().lock(in: tx)
                    world.clock.advance(by: DepartureWorkflow.secondLookAfter)
                    try await eventually("the second look waits") {
                        try await world.database.one(
                            """
                            SELECT EXISTS (SELECT FROM pg_stat_activity
                                            WHERE wait_event = 'advisory' AND datname = current_database())
                            """
                        ) { try $0.decode(at: 0) }
                    }
                    try await world.features.blocking.unblock(blocked, in: tx)
                }
            }
            #expect(try await lines("closed_at IS NULL") == 1)
        }
    }
}
