import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: Slack's own library takes our messages.
@Suite struct SlackJudgeTests {
    @Test(.timeLimit(.minutes(20)))
    func `every message passes the models of slack_sdk, however long and hostile its words are`() async throws {
        let id = "019cabcd-0010-7000-8000-000000000010"
        var lines: [UInt8] = []
        for language in Language.allCases {
            for name in EventName.allCases {
                for title in [
                    "A", "<!channel> <https://evil.example|Log in> & *b*", String(repeating: "<😀&", count: 2000),
                ] {
                    let data: JSONValue = [
                        "id": .string(id), "gig_id": .string(id), "contract_id": .string(id), "title": .string(title),
                        "gig_title": .string(title), "message": .string(title), "reason": .string(title),
                    ]
                    let words = EventWords(data, for: Reader(account: .make(at: .start), language: language))
                    let message = MessageText(Teller(words).tell(name), in: language, home: "https://app.example")
                    lines += ProviderMessage.slack(message).bytes + [0x0A]
                }
            }
        }
        let count = Language.allCases.count * EventName.allCases.count * 3
        #expect(try await Judge.notices.run("check_slack.py", on: lines) == "\(count) messages are well-formed\n")
    }
}
