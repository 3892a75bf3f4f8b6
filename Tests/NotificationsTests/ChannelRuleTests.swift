import OutboundHTTP
import SharedModels
import Testing

@testable import NotificationsService

@Suite struct ChannelRuleTests {
    private let production = ChannelRule(egress: EgressGuard(), sandboxURL: nil)
    private let development = ChannelRule(egress: EgressGuard(), sandboxURL: "http://127.0.0.1:8089")

    @Test(arguments: [
        (ChannelType.telegram, ChannelConfig(chatID: "-100123")), (.telegram, ChannelConfig(chatID: "@guild_hall")),
        (.slack, ChannelConfig(webhookURL: "https://hooks.slack.com/services/T/B/x")),
        (.discord, ChannelConfig(webhookURL: "https://discord.com/api/webhooks/1/x")),
        (.email, ChannelConfig(address: "a@example.org")),
    ])
    func `a config with exactly its type's member is taken`(type: ChannelType, config: ChannelConfig) throws {
        #expect(try production.target(type, config).config == config)
        #expect(try production.target(type, config).type == type)
    }

    @Test(arguments: [
        (ChannelType.telegram, ChannelConfig(), ["config.chat_id"]),
        (.telegram, ChannelConfig(chatID: "hello"), ["config.chat_id"]),
        (.telegram, ChannelConfig(chatID: "1", address: "a@example.org"), ["config.address"]),
        (.email, ChannelConfig(chatID: "1"), ["config.chat_id", "config.address"]),
        (.slack, ChannelConfig(webhookURL: "http://hooks.slack.com/x"), ["config.webhook_url"]),
        (.slack, ChannelConfig(webhookURL: "https://hooks.slack.com.example.org/x"), ["config.webhook_url"]),
        (.discord, ChannelConfig(webhookURL: "http://127.0.0.1:8089/discord/x"), ["config.webhook_url"]),
    ])
    func `anything else is refused by name`(type: ChannelType, config: ChannelConfig, paths: [String]) {
        let error = #expect(throws: ChannelError.self) { try production.target(type, config) }
        #expect(error?.issues.map(\.path) == paths)
        #expect(error?.code == .validationFailed)
    }

    @Test func `in development the sandbox stands in for Slack and Discord`() throws {
        let config = ChannelConfig(webhookURL: "http://127.0.0.1:8089/slack/x")
        #expect(try development.target(.slack, config) == .slack(webhookURL: "http://127.0.0.1:8089/slack/x"))
        #expect(throws: ChannelError.self) {
            try development.target(.slack, ChannelConfig(webhookURL: "http://127.0.0.1:80899/slack/x"))
        }
    }
}
