import Foundation
import SharedModels
import Testing

@testable import WebService

/// The promise under test: amounts and times are written and read as the visitor is used to.
@Suite struct DisplayTests {
    private let now = Timestamp("2026-03-02T09:00:00Z") ?? Timestamp(seconds: 0)

    @Test func `money and times follow the visitor's language and zone`() {
        let english = Display(languages: "en-US,en;q=0.9", zone: nil, now: now)
        #expect(english.money(120_000) == "$1,200")
        #expect(english.money(4_950) == "$49.50")
        let german = Display(languages: "de-DE", zone: "Europe/Berlin", now: now)
        #expect(german.money(123_450).hasPrefix("1.234,50"))
        #expect(german.full(now).contains("10:00"))
        #expect(english.full(now).contains("UTC"))
    }

    @Test(arguments: ["../../etc/passwd", "<script>", "", String(repeating: "a", count: 5000), "x;y"])
    func `an unknown language or zone is ignored`(text: String) {
        let display = Display(languages: text, zone: text, now: now)
        #expect(display.zone.secondsFromGMT() == 0)
        #expect(!display.money(100).isEmpty)
    }

    @Test(arguments: [
        ("50", 5_000), ("49.90", 4_990), ("49,9", 4_990), ("1,200", 120_000), ("1.200,50", 120_050), ("$ 12", 1_200),
        ("0", 0), ("1,200.00", 120_000),
    ])
    func `an amount is read as people type it`(text: String, cents: Int64) {
        #expect(Fields.cents(text) == cents)
    }

    @Test(arguments: ["", "x", "-5", "1e9", "12..", "99999999999999999", "１２"])
    func `what is not an amount has no cents`(text: String) {
        #expect(Fields.cents(text) == nil)
    }

    @Test func `a moment ahead can be read to the minute, in the visitor's zone, without a mouse`() throws {
        let display = Display(languages: "en-GB", zone: "Europe/Berlin", now: now)
        let near = try #require(display.time(now + .days(3))["near"] as? String)
        #expect(near.hasPrefix("in 3 days (5 Mar 2026") && near.contains("10:00"))
        #expect(display.time(now - .hours(1))["near"] as? String == "1 hour ago")
        #expect(display.time(now + .seconds(2))["near"] as? String == "just now")
        // What is far away is a day already.
        #expect((display.time(now + .days(90))["near"] as? String)?.contains("(") == false)
    }

    @Test func `a moment near is told by its distance`() {
        let display = Display(languages: nil, zone: nil, now: now)
        #expect(display.near(now + .days(3)) == "in 3 days")
        #expect(display.near(now - .hours(1)) == "1 hour ago")
        #expect(display.near(now) == "just now")
    }
}
