import SharedModels
import Testing

@testable import NotificationsService

@Suite struct MessageTextTests {
    /// The text of an event, by its name and data.
    private static let examples: [(name: EventName, data: JSONValue, text: String)] = [
        (
            .gigCreated, ["title": "Paint a fence", "status": "draft"],
            "Your gig “Paint a fence” was created. Its status is draft."
        ),
        (.gigUpdated, ["title": "A", "status": "active"], "Your gig “A” was updated. Its status is now active."),
        (.gigDeleted, ["title": "A"], "Your gig “A” was deleted."),
        (.applicationCreated, ["message": "I can do it"], "There is a new application to a gig. “I can do it”"),
        (.applicationUpdated, ["gig_title": "A", "status": "shortlisted"], "An application to “A” was shortlisted."),
        (
            .negotiationCreated,
            ["gig_title": "A", "rate_cents": 1234, "hours_per_week": 20, "start_date": "2026-01-31"],
            "A negotiation was opened for “A”. Terms: $12.34 an hour, 20 hours a week, from 2026-01-31."
        ),
        (
            .negotiationUpdated, ["gig_title": "A", "state": "in_progress", "round_number": 2, "rate_cents": 5],
            "The negotiation for “A” was updated. It is now in progress, round 2. Terms: $0.05 an hour."
        ),
        (
            .contractCreated, ["gig_title": "A", "status": "pending_owner_approval"],
            "A contract was made for “A”. Its status is pending owner approval."
        ),
        (
            .contractUpdated, ["gig_title": "A", "status": "active"],
            "The contract for “A” was updated. Its status is now active."
        ),
        (
            .milestoneFunded, ["title": "First week", "amount_cents": 123_456_789],
            "The milestone “First week” was funded with $1,234,567.89."
        ),
        (
            .milestoneReleased, ["title": "First week", "amount_cents": 100_000, "payout_at": "2026-02-03T04:05:06Z"],
            "The milestone “First week” was released: $1,000.00. The payout leaves on 2026-02-03."
        ),
        (
            .milestoneReleaseDue, ["title": "First week", "auto_release_at": "2026-02-03T04:05:06Z"],
            "The milestone “First week” will be released on 2026-02-03. Release it earlier, or dispute it until then."
        ),
        (.disputeCreated, ["gig_title": "A", "reason": "Late"], "A dispute was opened about “A”. “Late”"),
        (
            .keyExpiring, ["name": "laptop", "prefix": "cc_live_abcd", "expires_at": "2026-04-01T00:00:00Z"],
            "Your API key “laptop” expires on 2026-04-01. Rotate it, or make another one, before it ends."
        ),
        (
            .milestoneMoneyChanged, ["change": "dispute_won", "amount_cents": 1_200],
            "The money of a milestone has changed. $12.00: dispute won."
        ),
        (
            .payoutsPaused, ["user_id": "019cabcd-0010-7000-8000-000000000010"],
            "Your payouts are paused. The payment provider wants to know more, or your account there is closed. Open the link of a contract to go on."
        ),
        (.messageReceived, ["message": "Good morning"], "You have a new message. “Good morning”"),
        (.conversationStarted, [:], "A conversation with you was started."),
        (.profileUpdated, [:], "Your profile was updated."),
        (.matchCreated, ["match_score": 87], "You have a new match. Its score is 87 of 100."),
        (.matchAccepted, ["message": "Hello"], "A match with you was accepted. “Hello”"),
        (.matchRejected, ["reason": "Too far"], "A match with you was rejected. “Too far”"),
        (
            .caseOpened,
            ["kind": "refund_failed", "believed": "9900 went back to the client", "reported": "re_1 failed"],
            "A case about money was opened. Refund failed. Our books: 9900 went back to the client. The provider: re_1 failed."
        ),
    ]

    @Test(arguments: EventName.allCases)
    func `every event has its words`(name: EventName) throws {
        let example = try #require(Self.examples.first { $0.name == name })
        #expect(MessageText(name, example.data).text == example.text)
    }

    @Test(arguments: EventName.allCases)
    func `without data there is still a sentence`(name: EventName) {
        let message = MessageText(name, .null)
        #expect(message.text.hasSuffix("."))
        #expect(!message.text.contains("nil"))
        #expect(message.text.first?.isUppercase == true)
    }

    @Test func `a long or odd text stays within a line and a message`() {
        let message = MessageText(.gigCreated, ["title": .string("a\r\nBcc: b" + String(repeating: "x", count: 5000))])
        #expect(message.subject.count <= 200)
        #expect(message.subject.allSatisfy { !$0.isNewline })
        #expect(message.text.count <= MessageText.limit)
    }
}
