import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: an admin is shown what waits for a decision, and all that it needs.
@Suite struct AdminTests {
    private func admin(in world: WebWorld) -> Browser {
        world.api.answer(Endpoints.session.current, ["user_type": "client", "role": "admin"])
        return Browser(world: world, cookies: Shared(["guildhall_session": "of-the-admin"]))
    }

    @Test(arguments: [("open", false), ("responded", true), ("under_review", true), ("resolved", false)])
    func `the start page begins with disputes that can be decided`(status: String, waits: Bool) async throws {
        try await WebWorld.run { world in
            let dispute = try #require(
                Endpoints.disputes.list.operation.outputExample?["disputes"]?.array?.first)
            world.api.answer(
                Endpoints.disputes.list,
                ["disputes": [dispute.with(["status": .string(status), "your_role": .null])], "next_cursor": .null])
            let home = try await admin(in: world).get("/")
            #expect(home.text.contains("Decide the dispute") == waits)
            #expect(home.text.contains("href=\"/admin/cases?status=open\""))
            let list = try await admin(in: world).get("/disputes")
            #expect(list.text.contains("href=\"/admin/disputes/"))
            #expect(try await !world.person().get("/").text.contains("Decide the dispute"))
        }
    }

    @Test func `a case shows what was agreed, between whom, and the milestone in dispute with its amount`()
        async throws
    {
        try await WebWorld.run { world in
            let milestone = try #require(
                Endpoints.contracts.get.operation.outputExample?["milestones"]?.array?.first)
            let other = milestone.with(["id": "019cabcd-0006-7000-8000-000000000007", "title": "Another part"])
            world.api.answer(
                Endpoints.contracts.get,
                [
                    "milestones": [other, milestone.with(["title": "The parser", "amount_cents": 123_456])],
                    "your_role": .null,
                ])
            world.api.answer(Endpoints.disputes.get, ["milestone_id": try #require(milestone["id"])])
            let shown = try await admin(in: world).get("/admin/disputes/\(EveryPageTests.id)")
            #expect(shown.text.contains("What was agreed") && shown.text.contains("2 milestones"))
            #expect(shown.text.contains("The parser") && shown.text.contains("$1,234.56"))
            #expect(!shown.text.contains("Another part"))
        }
    }
}
