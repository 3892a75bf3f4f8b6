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

    @Test func `an admin comes from a dispute of others to the whole case`() async throws {
        try await WebWorld.run { world in
            world.api.answer(Endpoints.disputes.get, ["your_role": .null])
            let id = try #require(Endpoints.disputes.get.operation.outputExample?["id"]?.string)
            let shown = try await admin(in: world).get("/disputes/\(EveryPageTests.id)")
            #expect(shown.location == "/admin/disputes/\(id)")
        }
    }

    @Test func `a case that cannot be closed keeps the note, with the complaint at it`() async throws {
        try await WebWorld.run { world in
            let example = Endpoints.escrowCases.list.operation.outputExample?["cases"]?.array?.first
            let open = try #require(example).with(["status": "open"])
            let id = try #require(open["id"]?.string)
            world.api.answer(Endpoints.escrowCases.list, ["cases": [open], "next_cursor": .null])
            world.api.refuse(
                Endpoints.escrowCases.close, .validationFailed, "The input is not valid.",
                [InputIssue(path: "note", message: "must be shorter")])
            let refused = try await admin(in: world).post(
                "/admin/cases/\(id)", [("action-\(id)", ""), ("note-\(id)", "Paid by hand on Monday.")])
            #expect(refused.status == 422)
            #expect(refused.text.contains("Paid by hand on Monday.") && refused.text.contains("Must be shorter."))
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
