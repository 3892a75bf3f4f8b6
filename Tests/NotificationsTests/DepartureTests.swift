import Logging
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: nothing is delivered for a deleted account.
@Suite struct DepartureTests {
    private let gone = AccountID.make(at: Timestamp(seconds: 0))
    private let other = AccountID.make(at: Timestamp(seconds: 0))

    private func destinations(_ world: World) async throws -> [AccountID] {
        try await world.database.all(
            "SELECT owner_id FROM webhooks UNION ALL SELECT owner_id FROM channels"
        ) { try $0.decode("owner_id") }
    }

    private func subscribe(_ account: AccountID, in world: World) async throws {
        try await world.register(WebhookInput(url: "https://example.org/hook"), by: account)
        try await world.add(
            ChannelInput(channelType: .email, config: ChannelConfig(address: "a@example.org")), by: account)
    }

    @Test func `its webhooks and channels go with what was to be delivered, and so do those that slip in`()
        async throws
    {
        try await World.use { world in
            for account in [gone, other] { try await subscribe(account, in: world) }
            try await world.happen(to: gone)
            let event = EventEnvelope.told(.accountDeleted, of: gone, at: world.clock.now)
            for _ in 0..<2 { try await world.receiver.take(event) }
            #expect(try await destinations(world) == [other, other])
            try await world.clear(until: "nothing of it is left") { try await world.states.isEmpty }

            try await subscribe(gone, in: world)
            world.clock.advance(by: DepartureWorkflow.secondLookAfter)
            try await world.scheduler.run(until: "they are gone") { try await destinations(world).count == 2 }
            #expect(try await destinations(world) == [other, other])
        }
    }

    @Test func `an event beyond the twelve goes to who names it, and to nobody else`() async throws {
        try await World.use { world in
            let url = "https://example.org/hook"
            try await world.register(WebhookInput(url: url), by: gone)
            try await world.register(WebhookInput(url: url, events: [.gigCreated]), by: gone)
            try await world.happen(.keyExpiring, to: gone)
            #expect(try await world.states.isEmpty)
            let named = try await world.register(
                WebhookInput(url: url, events: [.keyExpiring]), by: gone)
            let channel = try await world.add(
                ChannelInput(
                    channelType: .email, config: ChannelConfig(address: "a@example.org"),
                    enabledEvents: [.keyExpiring, .gigDeleted]),
                by: gone)
            #expect(channel.enabledEvents == [.gigDeleted, .keyExpiring])
            try await world.happen(.keyExpiring, to: gone)
            let receivers: [String] = try await world.database.all(
                "SELECT line_id::text AS id FROM pending_deliveries UNION SELECT line_id::text FROM deliveries"
            ) { try $0.decode("id") }
            #expect(Set(receivers) == ["\(named.webhook.id)", "\(channel.id)"])
        }
    }
}
