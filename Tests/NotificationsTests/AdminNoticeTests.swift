import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: admins hear of what waits for them, in their feed and through their channels, and nobody else
/// does.
@Suite struct AdminNoticeTests {
    private let admin = AccountID.make(at: Timestamp(seconds: 0))
    private let client = AccountID.make(at: Timestamp(seconds: 0))

    private func tell(
        _ name: String, of account: AccountID? = nil, to recipients: [AccountID] = [], in world: World
    ) async throws {
        try await world.receiver.take(
            .told(
                name, to: recipients, account.map { ["user_id": .string("\($0)")] } ?? ["kind": "drift"],
                at: world.clock.now))
    }

    private func names(_ account: AccountID, in world: World) async throws -> [String] {
        try await world.feed.events(for: account, after: nil, limit: 100).items.map(\.name)
    }

    @Test func `cases and disputes reach every admin, and parties hear of their own dispute once`() async throws {
        try await World.use { world in
            let second = AccountID.make(at: Timestamp(seconds: 0))
            for account in [admin, second, admin] { try await tell("admin.appointed", of: account, in: world) }
            try await tell("case.opened", in: world)
            try await tell("dispute.created", to: [client, second], in: world)
            try await tell("gig.updated", to: [client], in: world)
            for account in [admin, second] {
                #expect(try await names(account, in: world) == ["case.opened", "dispute.created"])
            }
            #expect(try await names(client, in: world) == ["dispute.created", "gig.updated"])
            let (page, _, unread) = try await world.feed.notices(for: admin, after: nil, limit: 10)
            #expect(page.items.count == 2 && unread == 2)
        }
    }

    @Test func `an admin's channel and webhook get cases unless other events were named`() async throws {
        try await Receiver.use { receiver in
            try await World.use { world in
                try await tell("admin.appointed", of: admin, in: world)
                for (owner, isAdmin) in [(admin, true), (client, false)] {
                    let channel = try await world.channels.create(
                        ChannelInput(channelType: .email, config: ChannelConfig(address: "a@example.org")), by: owner,
                        isAdmin: isAdmin, at: world.clock.now)
                    #expect(channel.enabledEvents.contains(.caseOpened) == isAdmin)
                    #expect(channel.enabledEvents.contains(.disputeCreated))
                    let draft = WebhookDraft(WebhookInput(url: receiver.url + "/\(isAdmin)"), ofAdmin: isAdmin)
                    #expect(draft.events.contains(.caseOpened) == isAdmin)
                    _ = try await world.webhooks.create(draft, by: owner, at: world.clock.now)
                }
                let named = WebhookDraft(WebhookInput(url: receiver.url, events: [.gigCreated]), ofAdmin: true)
                #expect(named.events == [.gigCreated])
                try await tell("case.opened", in: world)
                try await eventually("the admin's webhook hears of it") { receiver.all.count == 1 }
                #expect(receiver.all[0].path == "/true")
            }
        }
    }

    @Test func `who is no admin any more hears of nothing`() async throws {
        try await World.use { world in
            try await tell("admin.appointed", of: admin, in: world)
            try await tell("account.deleted", of: admin, in: world)
            try await tell("case.opened", in: world)
            #expect(try await names(admin, in: world).isEmpty)
        }
    }
}
