import Testing

@testable import SharedModels

/// The promise under test: a mistyped name leads to the intended one, and any other name leads nowhere.
@Suite struct NearMissTests {
    private static let known = ["status", "q", "min_rate_cents", "max_rate_cents", "sort", "limit", "cursor"]

    @Test(arguments: [
        ("min_rate", "min_rate_cents"), ("minRateCents", "min_rate_cents"), ("MIN-RATE-CENTS", "min_rate_cents"),
        ("max_rate_cent", "max_rate_cents"), ("max_rates_cents", "max_rate_cents"), ("stauts", "status"),
        ("Limit", "limit"), ("limits", "limit"), ("curser", "cursor"), ("sorts", "sort"),
        ("srot", "sort"),
    ])
    func `a slip leads to what was meant`(name: String, meant: String) {
        #expect(NearMiss.of(name, among: Self.known) == meant)
    }

    @Test(arguments: [
        "", "_", "x", "page", "owner", "include", "so", "xyz", "日本語", String(repeating: "limit", count: 99),
    ])
    func `another word leads nowhere`(name: String) {
        #expect(NearMiss.of(name, among: Self.known) == nil)
    }

    @Test func `the nearest of several is named`() {
        #expect(NearMiss.of("rate_cent", among: ["rates_cents", "rate_cents"]) == "rate_cents")
        #expect(NearMiss.of("name", among: []) == nil)
    }

    @Test(arguments: [
        ("client", "a client"), ("email", "an email"), ("admin", "an admin"), ("user", "a user"), ("URL", "a URL"),
        ("Telegram", "a Telegram"), ("agent", "an agent"), ("unit", "a unit"),
    ])
    func `a word has its article`(word: String, phrase: String) {
        #expect(word.withArticle == phrase)
    }

    @Test func `one is one, and the others are several`() {
        #expect(1.counted("second") == "1 second" && 0.counted("second") == "0 seconds")
        #expect(2.counted("second") == "2 seconds" && Int64(-1).counted("point") == "-1 points")
        #expect((1...1).phrase(of: "element") == "1 element" && (0...1).phrase(of: "element") == "at most 1 element")
        #expect((1...3).phrase(of: "element") == "1 to 3 elements")
    }
}
