import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

@Suite struct ChannelDeliveryTests {
    private let owner = AccountID.make(at: Timestamp(seconds: 0))
    private let text = "Your gig “Paint a fence” was updated. Its status is now active."

    @Test func `each type of channel is told in words`() async throws {
        try await Receiver.use { receiver in
            let environment = [
                "TELEGRAM_BOT_TOKEN": "12:ab", "TELEGRAM_API_BASE": receiver.url + "/telegram",
                "RESEND_API_KEY": "re_1", "RESEND_API_BASE": receiver.url + "/resend",
            ]
            try await World.use(environment: environment, sandboxURL: receiver.url) { world in
                for (type, config) in [
                    (ChannelType.telegram, ChannelConfig(chatID: "42")),
                    (.slack, ChannelConfig(webhookURL: receiver.url + "/slack/x")),
                    (.discord, ChannelConfig(webhookURL: receiver.url + "/discord/x")),
                    (.email, ChannelConfig(address: "a@example.org")),
                ] {
                    try await world.add(ChannelInput(channelType: type, config: config), by: owner)
                }
                let gig = GigID.make(at: world.clock.now)
                let link = "https://app.example/gigs/\(gig)"
                try await world.happen(
                    to: owner, data: ["id": .string("\(gig)"), "title": "Paint a fence", "status": "active"])
                try await eventually("all are told") {
                    try await world.states == Array(repeating: "delivered", count: 4)
                }
                let bodies = try Dictionary(
                    uniqueKeysWithValues: receiver.all.map { ($0.path, try JSONValue.parse($0.body)) })
                #expect(
                    bodies["/telegram/bot12:ab/sendMessage"] == [
                        "chat_id": "42", "text": .string("\(text)\n\(link)"),
                        "link_preview_options": ["is_disabled": true],
                    ])
                #expect(bodies["/slack/x"]?["text"] == .string(text))
                #expect(
                    bodies["/slack/x"]?["blocks"]?.array?.compactMap { $0["text"]?["text"]?.string } == [
                        text, "<\(link)|Open it at Guildhall>",
                    ])
                #expect(bodies["/discord/x"]?["content"] == .string("\(text)\n\(link)"))
                let mail = bodies["/resend/emails"]
                #expect(mail?["to"] == ["a@example.org"])
                #expect(mail?["subject"] == "Your gig “Paint a fence” was updated")
                #expect(mail?["text"]?.string?.hasPrefix("\(text)\n\nGo on at \(link)\n") == true)
                #expect(mail?["html"]?.string?.contains("<p>\(text)</p>") == true)
                #expect(mail?["headers"]?["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click")
                let headers = receiver.all.first { $0.path == "/resend/emails" }?.headers
                #expect(headers?["authorization"] == "Bearer re_1")
                #expect(headers?["idempotency-key"] != nil)
            }
        }
    }

    @Test func `without the server's credential nothing is sent, and that is recorded`() async throws {
        try await World.use { world in
            for (type, config) in [
                (ChannelType.telegram, ChannelConfig(chatID: "42")), (.email, ChannelConfig(address: "a@example.org")),
            ] {
                try await world.add(ChannelInput(channelType: type, config: config), by: owner)
            }
            try await world.happen(to: owner)
            try await eventually("both are skipped") { try await world.states == ["skipped", "skipped"] }
        }
    }

    @Test func `what the receiver refuses is not tried again`() async throws {
        try await Receiver.use { _, _ in
            .init(status: 400)
        } _: { receiver in
            try await World.use(sandboxURL: receiver.url) { world in
                let config = ChannelConfig(webhookURL: receiver.url + "/slack/x")
                try await world.add(ChannelInput(channelType: .slack, config: config), by: owner)
                try await world.happen(to: owner)
                try await eventually("it has failed") { try await world.states == ["failed"] }
            }
        }
    }
}
