import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: a freelancer's earnings are those of all deals, and the page says so when there are too many.
@Suite struct EarningsTests {
    /// One deal of the visitor's, with a milestone of 550 dollars that was released.
    private static let released: JSONValue =
        (Endpoints.contracts.list.operation.outputExample?["contracts"]?.array?.first ?? [:]).with([
            "your_role": "worker",
            "milestones": [
                (Endpoints.contracts.get.operation.outputExample?["milestones"]?.array?.first ?? [:]).with([
                    "status": "released", "released_at": "2026-03-02T09:00:00Z", "amount_cents": 55_000,
                ])
            ],
        ])

    /// - Parameters:
    ///   - pages: How many pages of deals there are, one deal each.
    ///   - check: Takes the page, and how many pages of deals were asked for.
    private func withDeals(_ pages: Int, check: (String, Int) -> Void) async throws {
        try await WebWorld.run { world in
            world.api.answer(Endpoints.contracts.list) { _ in
                let count = world.api.requests(to: Endpoints.contracts.list).count
                let next: JSONValue = count < pages ? .string("\(count)") : .null
                let list: JSONValue = ["contracts": [Self.released], "next_cursor": next]
                return .json(200, String(decoding: list.bytes, as: UTF8.self))
            }
            let shown = try await world.person().get("/earnings")
            check(shown.text, world.api.requests(to: Endpoints.contracts.list).count)
        }
    }

    @Test func `every deal counts, however many pages they take`() async throws {
        try await withDeals(7) { text, asked in
            #expect(asked == 7 && text.contains("<dt>Released to you</dt><dd>$3,850</dd>"))
            #expect(text.contains("<dt>Milestones paid</dt><dd>7</dd>") && !text.contains("you have more"))
        }
    }

    @Test func `while nothing was released, no month has a cent`() async throws {
        try await WebWorld.run { world in
            world.api.answer(Endpoints.contracts.list, ["contracts": [], "next_cursor": .null])
            let shown = try await world.person().get("/earnings")
            #expect(shown.text.contains("the most in one month is $0<"))
            #expect(shown.text.contains("Nothing has been released yet."))
        }
    }

    @Test func `after two thousand deals the page says that there are more`() async throws {
        try await withDeals(1_000) { text, asked in
            #expect(asked == 40 && text.contains("<dt>Released to you</dt><dd>$22,000</dd>"))
            #expect(text.contains("Of your latest 2,000 deals alone: you have more."))
            #expect(text.ranges(of: "data-label=\"Milestone\"").count == 40)
        }
    }
}
