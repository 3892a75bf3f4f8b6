import Foundation
import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// What a receiver reads of an event.
private struct SentEvent: Decodable {
    let id: EventID
    let sequence: Int64
}

/// The promise under test: what waits is delivered whichever process dies, whatever is removed meanwhile and however much waits.
@Suite struct QueueTests {
    private let owner = AccountID.make(at: Timestamp(seconds: 0))

    @Test func `a dead process's lines are taken over when its lease ends, and its attempts count for nothing`()
        async throws
    {
        try await Receiver.use { receiver in
            try await World.use { world in
                let dead = ClaimID.make(at: world.clock.now)
                try await LineStore().keepAlive(dead, for: .milliseconds(700), in: world.database)
                try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner)
                try await world.database.execute("UPDATE lines SET holder = \(dead)")
                try await world.happen(to: owner, times: 3, of: .make(at: world.clock.now))
                try await eventually("all are delivered") { try await world.states.count { $0 == "delivered" } == 3 }
                #expect(try await world.attempts.map(\.number) == [1, 1, 1])
                let isDead: Bool = try await world.database.one(
                    "SELECT alive_until < clock_timestamp() AS is_dead FROM senders WHERE id = \(dead)"
                ) { try $0.decode("is_dead") }
                #expect(isDead)
            }
        }
    }

    @Test func `three replicas share the lines: every event once, and those of one thing in order`() async throws {
        try await Receiver.use { receiver in
            try await World.use { world in
                let others = (0..<2).map { _ in world.replica() }
                let running = others.map { other in Task { try await other.run() } }
                let owners = (0..<6).map { _ in AccountID.make(at: world.clock.now) }
                for (number, owner) in owners.enumerated() {
                    try await world.register(WebhookInput(url: receiver.url + "/\(number)"), by: owner)
                }
                var things: [EventID: EventAggregate] = [:]
                for _ in 0..<5 {
                    for owner in owners {
                        let told = try await world.happen(to: owner, times: 20, of: .make(at: world.clock.now))
                        for event in told { things[event.id] = event.aggregate }
                        for other in others { other.wakeUp.signal() }
                    }
                }
                try await eventually("all are delivered") {
                    try await world.states == Array(repeating: "delivered", count: 600)
                }
                try await eventually("all lines are given back") {
                    try await world.database.rows("SELECT FROM lines WHERE due_at IS NOT NULL").isEmpty
                }
                for other in running { other.cancel() }
                for other in running { try await other.value }
                #expect(receiver.all.count == 600)
                #expect(Set(receiver.all.compactMap { $0.headers["webhook-id"] }).count == 600)
                var last: [EventAggregate: Int64] = [:]
                for delivery in receiver.all {
                    let event = try JSONValue.parse(delivery.body).decode(SentEvent.self)
                    let thing = try #require(things[event.id])
                    #expect(event.sequence == (last[thing] ?? 0) + 1)
                    last[thing] = event.sequence
                }
            }
        }
    }

    @Test func `webhooks that are removed while events come in cost no event of the others`() async throws {
        try await Receiver.use { receiver in
            try await World.use { world in
                let other = AccountID.make(at: world.clock.now)
                try await world.register(WebhookInput(url: receiver.url + "/kept"), by: other)
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        for _ in 0..<20 {
                            let made = try await world.register(WebhookInput(url: receiver.url + "/gone"), by: owner)
                            try await world.webhooks.delete(made.webhook.id, by: owner) { _ in }
                        }
                    }
                    group.addTask {
                        for _ in 0..<20 {
                            try await world.happen(to: owner)
                            try await world.happen(to: other)
                        }
                    }
                    try await group.waitForAll()
                }
                try await eventually("all have come") { receiver.all.count { $0.path == "/kept" } == 20 }
                #expect(try await world.database.rows("SELECT FROM dead_letters").isEmpty)
                try await world.clear(until: "only one line is left") {
                    try await world.database.rows("SELECT FROM lines").count == 1
                }
            }
        }
    }

    @Test(arguments: ["quiet", "full"])
    func `statements go by an index, whatever ANALYZE saw`(tables: String) async throws {
        try await TestDatabase.use(of: .notifications) { database in
            let now = Timestamp.start
            if tables == "full" {
                try await database.execute(
                    """
                    INSERT INTO lines (id, owner_id, due_at)
                    SELECT gen_random_uuid(), gen_random_uuid(), \(now) FROM generate_series(1, 500)
                    """)
                try await database.execute(
                    """
                    INSERT INTO pending_deliveries
                        (id, line_id, event_id, aggregate, tries, due_at, created_at, begun_at)
                    SELECT gen_random_uuid(), lines.id, gen_random_uuid(), gen_random_uuid(), n % 2, \(now), \(now), \(now)
                      FROM lines, generate_series(1, 60) AS n
                    """)
            }
            try await database.execute("ANALYZE")
            let line = Line(id: .make(at: now), ownerID: .make(at: now), places: 4)
            let delivery = Delivery(
                id: .make(at: now), lineID: line.id,
                destination: .channel(.email(address: "a@example.org"), of: .anybody),
                eventID: .make(at: now), eventName: "gig.updated", body: [], requestID: nil, aggregate: .make(at: now),
                position: 1, tries: 0, earlier: 0, begunAt: now)
            let outcome = AttemptOutcome(
                delivery: delivery, result: AttemptResult(verdict: .delivered), startedAt: now, next: nil)
            let sender = ClaimID.make(at: now)
            let statements: [(SQL, index: String)] = [
                (LineStore.claiming(64, for: sender, at: now), "lines_due"),
                (LineStore.askingNextDue, "lines_due"),
                (LineStore.givingBack([line], of: sender), "pending_"),
                (
                    DeliveryStore.reading(
                        [LineAsk(line: line.id, after: 0, count: 64)], except: [delivery.id], at: now),
                    "pending_"
                ),
                (DeliveryStore.postponing([outcome], at: now), "pending_deliveries_pkey"),
                (DeliveryStore.ending([outcome], at: now), "pending_deliveries_pkey"),
            ]
            for (statement, index) in statements {
                let plan = try await database.transaction { tx in
                    try await PlansByIndex.require(in: tx)
                    return try await tx.all("EXPLAIN \(fragment: statement)") {
                        try $0.decode("QUERY PLAN", as: String.self)
                    }
                }
                for step in plan {
                    #expect(
                        !step.contains("Seq Scan") && !step.contains("Sort") && !step.contains("Bitmap"), "\(plan)")
                }
                #expect(plan.contains { $0.contains(index) }, "\(plan)")
                // No index of what waits is read from end to end.
                #expect(!plan.contains { $0.contains("pending_of_line") }, "\(plan)")
                for (step, next) in zip(plan, plan.dropFirst()) where step.contains("using pending_") {
                    #expect(next.contains("Index Cond"), "\(plan)")
                }
            }
        }
    }

    @Test(arguments: ["quiet", "full"])
    func `what is told is found by an index, whatever ANALYZE saw`(tables: String) async throws {
        try await TestDatabase.use(of: .notifications) { database in
            let now = Timestamp.start
            let count = tables == "full" ? 3000 : 3
            try await database.execute(
                """
                INSERT INTO lines (id, owner_id) SELECT gen_random_uuid(), gen_random_uuid()
                  FROM generate_series(1, \(Int64(count)))
                """)
            try await database.execute(
                """
                INSERT INTO webhooks (id, owner_id, url, events, retry_policy, format, sealed_secret, version, created_at,
                                      updated_at)
                SELECT id, owner_id, 'https://example.org/', ARRAY['gig.created'], 'standard', 'clawconnected', '', 1,
                       \(now), \(now)
                  FROM lines
                """)
            try await database.execute(
                """
                INSERT INTO events (id, aggregate, sequence, name, recipients, body, at, received_at)
                SELECT gen_random_uuid(), gen_random_uuid(), 1, 'gig.created', ARRAY[owner_id], '{}', \(now), \(now)
                  FROM lines
                """)
            try await database.execute("ANALYZE")
            let owner = AccountID.make(at: now)
            let told = EventEnvelope.told("gig.created", to: [owner], [:], at: now)
            for (statement, index) in [
                (EventStore.locking(of: [owner], for: ["gig.created"]), "lines_of_owner"),
                (EventStore.adding([told], to: [.make(at: now)], at: now), "events_pkey"),
            ] {
                let plan = try await database.transaction { tx in
                    try await PlansByIndex.require(in: tx, maySort: true)
                    return try await tx.all("EXPLAIN \(fragment: statement)") {
                        try $0.decode("QUERY PLAN", as: String.self)
                    }
                }
                #expect(!plan.contains { $0.contains("Seq Scan") || $0.contains("Hash Join") }, "\(plan)")
                #expect(plan.contains { $0.contains(index) }, "\(plan)")
                for (step, next) in zip(plan, plan.dropFirst()) where step.contains("using events_pkey") {
                    #expect(next.contains("Index Cond"), "\(plan)")
                }
            }
        }
    }

    /// As the ids of events do: so the index entries of a moment stand together.
    @Test func `the ids of what waits are in the order of its coming`() async throws {
        try await Receiver.use { receiver in
            try await World.use { world in
                try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner)
                var moments: [Int64] = []
                for _ in 0..<3 {
                    moments += Array(repeating: world.clock.now.microseconds / 1000, count: 5)
                    try await world.happen(to: owner, times: 5)
                    world.clock.advance(by: .milliseconds(1))
                }
                let ids: [DeliveryID] = try await world.database.all(
                    "SELECT id FROM pending_deliveries UNION ALL SELECT id FROM deliveries ORDER BY id"
                ) { try $0.decode("id") }
                let digits = ids.map { "\($0)".replacing("-", with: "") }
                #expect(digits.compactMap { Int64($0.prefix(12), radix: 16) } == moments)
                #expect(digits.allSatisfy { $0.dropFirst(12).first == "7" })
            }
        }
    }

    @Test func `what an older version left pending is delivered, with the attempts it had`() async throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Services/Notifications/Migrations")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
            (name: name, sql: try String(contentsOf: folder.appending(path: name), encoding: .utf8))
        }
        try await TestDatabase.use(migrations: Migrator(Array(files.prefix(3)))) { database in
            let now = Timestamp.start
            let (webhook, event, other) = (
                WebhookID.make(at: now), EventID.make(at: now), EventID.make(at: now)
            )
            try await database.execute(
                """
                INSERT INTO webhooks (id, owner_id, url, events, retry_policy, sealed_secret, version, created_at, updated_at)
                VALUES (\(webhook), \(owner), 'https://example.org/', ARRAY['gig.created'], 'standard', '', 1, \(now), \(now))
                """)
            try await database.execute(
                """
                INSERT INTO events (id, aggregate, sequence, name, recipients, body, at, received_at)
                SELECT id, gen_random_uuid(), 1, 'gig.created', '{}', '{}', \(now), \(now)
                  FROM unnest(\([event, other])) AS id
                """)
            // Delivered; to be tried again after one attempt; and under way for the second time.
            try await database.execute(
                """
                INSERT INTO deliveries (id, event_id, owner_id, webhook_id, state, attempt_count, next_attempt_at, claim,
                                        lease_until, created_at, finished_at, aggregate, sequence)
                SELECT gen_random_uuid(), \(event), \(owner), \(webhook), 'delivered', 1, NULL::timestamptz, NULL::uuid,
                       NULL::timestamptz, \(now), \(now)::timestamptz, gen_random_uuid(), 1
                UNION ALL
                SELECT gen_random_uuid(), \(other), \(owner), \(webhook), 'pending', 2, \(now), gen_random_uuid(), now(),
                       \(now), NULL, gen_random_uuid(), 2
                """)
            try await database.execute(
                """
                INSERT INTO delivery_attempts (delivery_id, number, at, duration_ms, response_body)
                SELECT id, 1, \(now), 5, '' FROM deliveries
                """)
            _ = try await Migrator(files).migrate(database)
            let left: [String] = try await database.all(
                """
                SELECT state || ' ' || attempt_count AS line FROM deliveries
                UNION ALL SELECT 'pending ' || tries FROM pending_deliveries JOIN lines ON lines.id = line_id
                    WHERE lines.due_at = pending_deliveries.due_at AND line_id = \(webhook) ORDER BY line
                """
            ) { try $0.decode("line") }
            #expect(left == ["delivered 1", "pending 1"])
            let attempts = try await database.rows("SELECT FROM delivery_attempts").count
            #expect(attempts == 2)
        }
    }
}
