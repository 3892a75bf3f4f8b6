import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: taking, showing and delivering events costs the same with few events and with very many.
@Suite struct NotificationsGrowthTests {
    @Test func `nothing that is asked of notifications reads more rows when there are more`() async throws {
        try await PlanWatch.use { watch in
            try await Receiver.use { receiver in
                try await World.use { world in
                    let owner = AccountID.make(at: .start)
                    let webhook = try await world.register(WebhookInput(url: receiver.url + "/hook"), by: owner).webhook
                    let findings = try await watch.judge(
                        world.database, requests(world, webhook, of: owner),
                        within: PlanWatch.Bounds(
                            small: ["senders"], sudden: ["pending_deliveries", "deliveries", "lines"]),
                        fill: crowd(world, webhook, of: owner))
                    #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
                }
            }
        }
    }

    private func requests(_ world: World, _ webhook: Webhook, of owner: AccountID) -> [PlanWatch.Request] {
        [
            .init("events, taken and delivered") {
                let events = try await world.happen(to: owner, times: 10)
                let ids = events.map(\.id)
                try await eventually("the events are delivered") {
                    try await world.database.one(
                        "SELECT count(*) = 10 AS is_over FROM deliveries WHERE event_id = ANY(\(ids))"
                    ) { try $0.decode("is_over") }
                }
            },
            .init("the feed") {
                let page = try await world.feed.events(for: owner, after: nil, limit: 20)
                _ = try await world.feed.events(for: owner, after: page.items.last?.id, limit: 20)
            },
            .init("the inbox") { _ = try await world.feed.notices(for: owner, after: nil, limit: 20) },
            .init("webhooks") {
                _ = try await world.webhooks.page(of: owner, after: nil, limit: 20)
                _ = try await world.webhooks.find(webhook.id, by: owner)
            },
            .init("channels") { _ = try await world.channels.page(of: owner, after: nil, limit: 20) },
            .init("deliveries") {
                _ = try await world.deliveries.page(of: webhook.id, by: owner, after: nil, limit: 20)
            },
        ]
    }

    /// 12,000 events of as many accounts, four hundred of them the owner's, with webhooks, deliveries and attempts. In each
    /// of the others' lines a delivery waits for another day.
    private func crowd(_ world: World, _ webhook: Webhook, of owner: AccountID) -> [SQL] {
        let moment: SQL = "\(Timestamp.start)::timestamptz + n * interval '1 s'"
        let later = Timestamp.start + .days(30)
        return [
            """
            INSERT INTO webhooks
                (id, owner_id, url, events, retry_policy, format, sealed_secret, version, created_at, updated_at)
            SELECT md5('webhook' || n)::uuid, md5('owner' || n)::uuid, 'https://example.org/', '{gig.updated}', 'standard',
                   'clawconnected', '', 1, \(fragment: moment), \(fragment: moment)
              FROM generate_series(1, 12000) AS n
            """,
            """
            INSERT INTO lines (id, owner_id, due_at) SELECT id, owner_id, \(later)
              FROM webhooks WHERE id <> \(webhook.id)
            """,
            """
            INSERT INTO pending_deliveries (id, line_id, event_id, aggregate, tries, due_at, created_at, begun_at)
            SELECT gen_random_uuid(), id, gen_random_uuid(), gen_random_uuid(), 1, due_at, due_at, due_at
              FROM lines WHERE id <> \(webhook.id)
            """,
            """
            INSERT INTO channels
                (id, owner_id, channel_type, address, enabled_events, version, confirmed_at, created_at, updated_at)
            SELECT gen_random_uuid(), md5('owner' || n)::uuid, 'email', 'a@example.org', '{gig.updated}', 1,
                   \(fragment: moment), \(fragment: moment), \(fragment: moment)
              FROM generate_series(1, 12000) AS n
            """,
            """
            INSERT INTO events (id, aggregate, sequence, name, recipients, body, at, received_at)
            SELECT md5('event' || n)::uuid, gen_random_uuid(), 1, 'gig.updated',
                   ARRAY[CASE n % 30 WHEN 0 THEN \(owner) ELSE md5('owner' || n)::uuid END], '{}',
                   \(fragment: moment), \(fragment: moment)
              FROM generate_series(1, 12000) AS n
            """,
            """
            INSERT INTO feed (account_id, event_id, at, read_at)
            SELECT recipients[1], id, at, CASE sequence WHEN 1 THEN at END FROM events
             WHERE id NOT IN (SELECT event_id FROM feed)
            """,
            """
            INSERT INTO deliveries (id, line_id, event_id, state, attempt_count, created_at, finished_at)
            SELECT gen_random_uuid(), CASE recipients[1] WHEN \(owner) THEN \(webhook.id) ELSE md5('webhook' || id)::uuid END,
                   id, 'delivered', 1, at, at
              FROM events WHERE id NOT IN (SELECT event_id FROM deliveries)
            """,
            """
            INSERT INTO delivery_attempts (delivery_id, number, at, duration_ms, response_body)
            SELECT id, 1, finished_at, 1, '' FROM deliveries WHERE id NOT IN (SELECT delivery_id FROM delivery_attempts)
            """,
            """
            INSERT INTO inbox (event_id, received_at)
            SELECT gen_random_uuid(), \(fragment: moment) FROM generate_series(1, 12000) AS n
            """,
        ]
    }
}
