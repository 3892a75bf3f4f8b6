import Testing

@testable import TalentService

/// The promise under test: shares read as the contract shows them, division by nothing included.
@Suite struct FigureTextTests {
    @Test(
        arguments: [
            (23, 156, "14.7%"), (0, 0, "0.0%"), (0, 5, "0.0%"), (5, 5, "100.0%"), (1, 3, "33.3%"), (2, 3, "66.7%"),
            (1, 2000, "0.1%"), (1, 2001, "0.0%"), (1999, 2000, "100.0%"),
        ] as [(Int64, Int64, String)])
    func `a share has one decimal`(part: Int64, whole: Int64, text: String) {
        #expect(FigureText.share(of: part, in: whole) == text)
    }

    @Test(
        arguments: [
            (100, 112, "+12%"), (100, 88, "-12%"), (100, 100, "+0%"), (0, 0, "+0%"), (0, 7, "+100%"), (7, 0, "-100%"),
            (1000, 999, "+0%"), (200, 199, "-1%"), (3, 10, "+233%"),
        ] as [(Int64, Int64, String)])
    func `growth has a sign and no decimals`(before: Int64, now: Int64, text: String) {
        #expect(FigureText.growth(from: before, to: now) == text)
    }

    @Test(
        arguments: [
            (8_100, 1, "2h 15m"), (0, 0, "0h 0m"), (59, 1, "0h 0m"), (8_100, 3, "0h 45m"), (360_000, 1, "100h 0m"),
        ] as [(Int64, Int64, String)])
    func `a mean time is in hours and minutes`(seconds: Int64, count: Int64, text: String) {
        #expect(FigureText.mean(seconds, over: count) == text)
    }
}
