import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: the page shows what the API has added up, in each currency, and the latest payouts beside it.
@Suite struct EarningsTests {
    private static let deals = Endpoints.contracts.list.operation.outputExample?["contracts"]?.array?.first ?? [:]

    private static func months(_ sums: [(cents: Int64, count: Int64)]) -> JSONValue {
        .array(
            sums.enumerated().map { index, sum in
                [
                    "month": .string("2026-\(index < 9 ? "0" : "")\(index + 1)"), "earned_cents": .integer(sum.cents),
                    "refunded_cents": 0, "paid_out_cents": 0, "count": .integer(sum.count),
                ]
            })
    }

    private static func currency(
        _ name: String, earned: Int64, _ sums: [(cents: Int64, count: Int64)], balance: Int64 = 0
    ) -> JSONValue {
        [
            "currency": .string(name), "earned_cents": .integer(earned), "refunded_cents": 0,
            "paid_out_cents": .integer(earned - balance), "balance_cents": .integer(balance), "held_cents": 55_000,
            "months": months(sums),
        ]
    }

    @Test func `earnings are those that the API tells, by month and currency`() async throws {
        try await WebWorld.run { world in
            world.api.answer(
                Endpoints.earnings.get,
                [
                    "currencies": [
                        Self.currency("usd", earned: 385_000, [(0, 0), (-5_000, 0), (390_000, 7)], balance: 20_000),
                        Self.currency("inr", earned: 90_000, [(90_000, 1)]),
                    ]
                ])
            let shown = try await world.person().get("/earnings")
            #expect(shown.text.contains("<dt>Earned</dt><dd>$3,850</dd>"))
            #expect(shown.text.contains("<dt>Not paid out yet</dt><dd>$200</dd>"))
            #expect(shown.text.contains("<dt>Payments</dt><dd>7</dd>") && shown.text.contains("-$50"))
            #expect(shown.text.contains("<dt>Earned</dt><dd>₹900</dd>"))
            #expect(!shown.text.contains("Nothing has been released yet."))
            let asked = world.api.requests(to: Endpoints.earnings.get)
            let from = try #require(asked.first?.query.split(separator: "=").last.flatMap { CalendarMonth($0) })
            #expect(asked.count == 1 && CalendarMonth(of: world.clock.now).months(since: from) == 119)
        }
    }

    @Test func `while nothing was released, no month has a cent`() async throws {
        try await WebWorld.run { world in
            world.api.answer(Endpoints.contracts.list, ["contracts": [], "next_cursor": .null])
            world.api.answer(
                Endpoints.earnings.get, ["currencies": [Self.currency("usd", earned: 0, [(0, 0), (0, 0)])]])
            let shown = try await world.person().get("/earnings")
            #expect(shown.text.contains("the most in one month is $0<"))
            #expect(shown.text.contains("Nothing has been released yet."))
            world.api.answer(Endpoints.earnings.get, ["currencies": []])
            let new = try await world.person().get("/earnings")
            #expect(new.status == 200 && new.text.contains("Nothing has been released yet."))
        }
    }

    @Test func `the latest payouts are those of the worker's deals, the last first, and asked for once`() async throws {
        try await WebWorld.run { world in
            func milestone(_ title: String, _ day: String) -> JSONValue {
                (Endpoints.contracts.get.operation.outputExample?["milestones"]?.array?.first ?? [:]).with([
                    "title": .string(title), "status": "released", "released_at": .string("2026-03-\(day)T09:00:00Z"),
                ])
            }
            func deal(_ role: String, _ milestones: JSONValue...) -> JSONValue {
                Self.deals.with(["your_role": .string(role), "milestones": .array(milestones)])
            }
            world.api.answer(
                Endpoints.contracts.list,
                [
                    "contracts": [
                        deal("worker", milestone("First week", "02"), milestone("Second week", "09")),
                        deal("client", milestone("Not mine", "05")),
                    ], "next_cursor": "more",
                ])
            let shown = try await world.person().get("/earnings").text
            let (first, second) = (shown.firstRange(of: "First week"), shown.firstRange(of: "Second week"))
            #expect(try #require(second).lowerBound < #require(first).lowerBound && !shown.contains("Not mine"))
            #expect(world.api.requests(to: Endpoints.contracts.list).count == 1)
        }
    }
}
