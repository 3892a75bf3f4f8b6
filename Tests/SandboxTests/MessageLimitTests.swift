import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: what a provider would refuse, the sandbox refuses, too.
@Suite struct MessageLimitTests {
    @Test func `a burst is taken, then messages wait as long as the provider says`() {
        let pace = MessagePace()
        let start = ContinuousClock.now
        let rule = MessagePace.slackWebhook
        for _ in 0..<rule.count { #expect(pace.take("/a", rule, at: start) == nil) }
        #expect(pace.take("/a", rule, at: start + .seconds(1)) == .seconds(4))
        #expect(pace.take("/b", rule, at: start + .seconds(1)) == nil)
        #expect(pace.take("/a", rule, at: start + .seconds(5)) == nil)
        #expect(Duration.milliseconds(10).retrySeconds == 1 && Duration.milliseconds(1001).retrySeconds == 2)
    }

    private func section(_ text: String, _ type: String = "plain_text") -> JSONValue {
        ["type": "section", "text": ["type": .string(type), "text": .string(text)]]
    }

    @Test func `Slack takes texts and blocks up to their lengths`() {
        let long = String(repeating: "é", count: 3000)
        for message: JSONValue in [
            ["text": .string(String(repeating: "x", count: 40_000))], ["blocks": [section(long)]],
            ["blocks": [section("<https://example.org|a>", "mrkdwn")]], ["blocks": [["type": "divider"]]],
            [
                "blocks": [
                    ["type": "header", "text": ["type": "plain_text", "text": .string(String(long.prefix(150)))]]
                ]
            ],
        ] { #expect(SlackLimits.fault(in: message) == nil) }
        #expect(SlackLimits.fault(in: ["text": .string(String(repeating: "x", count: 40_001))]) == "msg_too_long")
        for blocks: JSONValue in [
            [section(long + "x")], [section("")], [section("a", "html")], ["text"], "text", [[:]],
            .array(Array(repeating: section("a"), count: 51)),
            [["type": "header", "text": ["type": "mrkdwn", "text": "a"]]],
            [["type": "section", "text": ["type": "mrkdwn", "text": "a", "emoji": false]]],
            [["type": "section", "fields": []]],
        ] { #expect(SlackLimits.fault(in: ["text": "a", "blocks": blocks]) == "invalid_blocks") }
    }
}
