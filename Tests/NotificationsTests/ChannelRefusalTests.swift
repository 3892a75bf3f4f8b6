import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: what a provider says is understood, and a channel that is gone is told of elsewhere.
@Suite struct ChannelRefusalTests {
    private let owner = AccountID.make(at: Timestamp(seconds: 0))

    private func useTelegram(
        _ answer: @escaping @Sendable (Int, LocalServer.Asked) async -> LocalServer.Answer,
        _ body: (World, Receiver) async throws -> Void
    ) async throws {
        try await Receiver.use(answer) { receiver in
            let environment = ["TELEGRAM_BOT_TOKEN": "12:ab", "TELEGRAM_API_BASE": receiver.url + "/telegram"]
            try await World.use(environment: environment, sandboxURL: receiver.url) { world in
                let config = ChannelConfig(chatID: "42")
                try await world.add(ChannelInput(channelType: .telegram, config: config), by: owner)
                try await body(world, receiver)
            }
        }
    }

    private func channel(_ world: World, _ type: ChannelType) async throws -> Channel? {
        try await world.channels.page(of: owner, after: nil, limit: 10).items.first { $0.target.type == type }
    }

    @Test func `a channel that refuses for good is disabled, and its owner told in the inbox and elsewhere`()
        async throws
    {
        try await useTelegram { _, asked in
            .init(status: asked.path.contains("telegram") ? 403 : 200, text: #"{"ok":false,"error_code":403}"#)
        } _: { world, receiver in
            let config = ChannelConfig(webhookURL: receiver.url + "/slack/x")
            try await world.add(
                ChannelInput(channelType: .slack, config: config, enabledEvents: [.gigDeleted]), by: owner)
            try await world.happen(to: owner)
            try await eventually("it is disabled") { try await channel(world, .telegram)?.disabledAt != nil }
            try await eventually("the other channel tells it") { receiver.all.contains { $0.path == "/slack/x" } }
            let text = try receiver.all.last { $0.path == "/slack/x" }.map { try JSONValue.parse($0.body)["text"] }
            #expect(text??.string?.hasPrefix("Your telegram channel was disabled.") == true)
            let inbox = try await world.feed.notices(for: owner, after: nil, limit: 5).page.items
            #expect(inbox.contains { $0.event == "channel.disabled" })
            #expect(world.engine.counts.failed.channels > 0 && world.engine.counts.failed.webhooks == 0)
            let before = receiver.all.count
            try await world.happen(to: owner)
            let id = try #require(try await channel(world, .telegram)).id
            let again = try await world.channels.sendCode(id, by: owner, at: world.clock.now)
            #expect(again.isActive && receiver.all.count == before)
        }
    }

    @Test func `Telegram's own word on when to come back is obeyed`() async throws {
        try await useTelegram { number, _ in
            number == 0 ? .init(status: 429, text: #"{"ok":false,"parameters":{"retry_after":60}}"#) : .init()
        } _: { world, receiver in
            try await world.happen(to: owner)
            try await eventually("it is stored, and the line rests") {
                let due: Timestamp?? = try await world.database.first(
                    "SELECT due_at FROM lines WHERE holder IS NULL"
                ) { try $0.decode("due_at") }
                return due == world.clock.now + .seconds(60)
            }
            world.clock.advance(by: .seconds(59))
            #expect(receiver.all.count == 1)
            world.clock.advance(by: .seconds(2))
            try await eventually("it is delivered") { try await world.states == ["delivered"] }
        }
    }

    @Test func `a group that became a supergroup is followed`() async throws {
        try await useTelegram { _, asked in
            String(decoding: asked.body, as: UTF8.self).contains("-1001")
                ? .init() : .init(status: 400, text: #"{"ok":false,"parameters":{"migrate_to_chat_id":-1001}}"#)
        } _: { world, receiver in
            try await world.happen(to: owner)
            try await eventually("it is delivered") { try await world.states == ["delivered"] }
            #expect(try await channel(world, .telegram)?.target == .telegram(chatID: "-1001"))
            #expect(receiver.all.count == 2)
        }
    }

    @Test func `an outage of a provider loses no message`() async throws {
        let isDown = Shared(true)
        try await useTelegram { _, _ in
            .init(status: isDown.value ? 502 : 200)
        } _: { world, receiver in
            try await world.happen(to: owner)
            for attempt in 1...8 {
                try await eventually("attempt \(attempt) is stored") { try await world.attempts.count >= attempt }
                world.clock.advance(by: .minutes(10))
            }
            isDown.change { $0 = false }
            try await eventually("it is delivered") {
                world.clock.advance(by: .minutes(10))
                return try await world.states == ["delivered"]
            }
        }
    }

    @Test(arguments: [401, 404])
    func `the operator's token that Telegram refuses loses no message`(status: Int) async throws {
        let isWrong = Shared(true)
        try await useTelegram { _, _ in
            .init(status: isWrong.value ? status : 200, text: #"{"ok":false}"#)
        } _: { world, _ in
            try await world.happen(to: owner)
            try await eventually("the attempt is stored") { try await world.attempts.count >= 1 }
            #expect(try await channel(world, .telegram)?.disabledAt == nil)
            isWrong.change { $0 = false }
            try await eventually("it is delivered") {
                world.clock.advance(by: .minutes(10))
                return try await world.states == ["delivered"]
            }
        }
    }

    @Test(arguments: [401, 403])
    func `the operator's key that Resend refuses loses no mail`(status: Int) async throws {
        let isWrong = Shared(true)
        try await Receiver.use { _, _ in
            .init(status: isWrong.value ? status : 200)
        } _: { receiver in
            let environment = ["RESEND_API_KEY": "re_1", "RESEND_API_BASE": receiver.url + "/resend"]
            try await World.use(environment: environment, sandboxURL: receiver.url) { world in
                let config = ChannelConfig(address: "a@example.org")
                try await world.add(ChannelInput(channelType: .email, config: config), by: owner)
                try await world.happen(to: owner)
                try await eventually("the attempt is stored") { try await world.attempts.count >= 1 }
                isWrong.change { $0 = false }
                try await eventually("it is delivered") {
                    world.clock.advance(by: .minutes(10))
                    return try await world.states == ["delivered"]
                }
            }
        }
    }

    @Test(arguments: [401, 404])
    func `a webhook of Discord that is gone, or whose token is, is disabled`(status: Int) async throws {
        try await Receiver.use { _, _ in
            .init(status: status)
        } _: { receiver in
            try await World.use(sandboxURL: receiver.url) { world in
                let config = ChannelConfig(webhookURL: receiver.url + "/discord/x")
                try await world.add(ChannelInput(channelType: .discord, config: config), by: owner)
                try await world.happen(to: owner)
                try await eventually("it is disabled") { try await channel(world, .discord)?.disabledAt != nil }
            }
        }
    }
}
