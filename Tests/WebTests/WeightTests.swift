import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: no page grows with what there is. Lists have an end, and long texts among others are cut.
@Suite struct WeightTests {
    @Test(arguments: UserType.allCases)
    func `every page keeps its weight when each answer is as large as it can be`(type: UserType) async throws {
        try await WebWorld.run { world in
            let browser = world.person(type, isAdmin: true)
            world.api.alter(Endpoints.contracts.get, ["milestones": [EveryPageTests.released]])
            world.api.swell()
            var weighed = 0
            for path in EveryPageTests.paths + [
                "/admin/names?kind=skills", "/admin/people?role=freelancer", "/deals?show=waiting",
                "/people?role=client",
                "/gigs/mine?show=waiting",
            ] {
                let shown = try await browser.get(path == "/" ? "/" : EveryPageTests.filled(path))
                // Where a provider sends people back to is no page.
                if shown.status == 303 { continue }
                #expect(shown.status == 200, "\(path)")
                #expect(shown.answer.body.count < 60_000, "\(path)")
                weighed += 1
            }
            #expect(weighed >= 40)
        }
    }

    @Test func `a text that is cut is shown whole by its link`() async throws {
        try await WebWorld.run { world in
            let browser = world.person(.freelancer)
            let words = String(repeating: "ä", count: 20_000)
            world.api.answer(Endpoints.gigs.get, ["description": .string(words), "scope": "All of it."])
            let cut = try await browser.get("/gigs/\(EveryPageTests.id)")
            #expect(!cut.text.contains(words) && cut.text.contains("All of it."))
            #expect(cut.text.contains("/gigs/\(EveryPageTests.id)?whole=description"))
            let whole = try await browser.get("/gigs/\(EveryPageTests.id)?whole=description")
            #expect(whole.text.contains(words) && !whole.text.contains("Read all of it"))
        }
    }

    @Test func `of many milestones those are shown that come next`() async throws {
        try await WebWorld.run { world in
            let open = EveryPageTests.released.with(["status": "pending", "title": "Still open"])
            let over = EveryPageTests.released.with(["title": "Long over"])
            let all = Array(repeating: over, count: 20) + Array(repeating: open, count: 20)
            world.api.answer(Endpoints.contracts.get, ["milestones": .array(all)])
            let browser = world.person()
            let page = "/contracts/\(EveryPageTests.id)"
            let shown = try await browser.get(page)
            #expect(shown.text.ranges(of: "Still open").count == 15 && !shown.text.contains("Long over"))
            #expect(shown.text.contains("\(page)?milestone=5") && shown.text.contains("\(page)?milestone=35"))
            let earlier = try await browser.get("\(page)?milestone=5")
            #expect(earlier.text.ranges(of: "Long over").count == 15)
            #expect(try await browser.get("\(page)?milestone=-4x").status == 200)
        }
    }
}
