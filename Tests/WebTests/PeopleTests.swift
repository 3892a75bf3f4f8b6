import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: people are found by what one knows of them.
@Suite struct PeopleTests {
    @Test func `freelancers are searched by name, skills and place, and each page of a search leads to the next`()
        async throws
    {
        try await WebWorld.run { world in
            world.api.answer(
                Endpoints.talentProfiles.list,
                ["pagination": ["total": 41, "page": 1, "per_page": 20, "total_pages": 3]])
            let shown = try await world.person().get("/people?name=ada+l&skills=Swift%2C+SQL&location=Lisbon")
            let asked = try #require(world.api.requests(to: Endpoints.talentProfiles.list).last?.query)
            for part in ["name=ada%20l", "skills=Swift%2C%20SQL", "location=Lisbon", "user_type=freelancer"] {
                #expect(asked.contains(part), "\(asked)")
            }
            #expect(shown.text.contains("41 found") && shown.text.contains("page=2"))
            #expect(shown.text.contains("value=\"ada l\"") && shown.text.contains("href=\"/people/"))
            _ = try await world.person().get("/people?role=client")
            #expect(
                world.api.requests(to: Endpoints.talentProfiles.list).last?.query.contains("user_type=client") == true)
        }
    }

    @Test func `a search that is refused says why, and keeps what was typed`() async throws {
        try await WebWorld.run { world in
            world.api.refuse(
                Endpoints.talentProfiles.list, .validationFailed, "no",
                [InputIssue(path: "skills", message: "must be at most 20 words")])
            let shown = try await world.person().get("/people?skills=%3Cb%3E")
            #expect(shown.status == 400 && shown.text.contains("Skills must be at most 20 words."))
            #expect(shown.text.contains("value=\"&lt;b&gt;\""))
        }
    }

    @Test func `admins search users, and come back to what they searched`() async throws {
        try await WebWorld.run { world in
            world.api.answer(Endpoints.session.current, ["user_type": "client", "role": "admin"])
            let browser = Browser(world: world, cookies: Shared(["guildhall_session": "of-the-admin"]))
            let shown = try await browser.get("/admin/people?role=freelancer&search=ada%40example.org")
            let asked = try #require(world.api.requests(to: Endpoints.adminUsers.freelancers).last?.query)
            #expect(asked.contains("search=ada%40example.org"))
            let back = "/admin/people?role=freelancer&amp;search=ada%40example.org"
            #expect(shown.text.contains("name=\"back\" value=\"\(back)\""))
            let blocked = try await browser.post(
                "/admin/people/freelancer/\(EveryPageTests.id)/block",
                [("back", "/admin/people?role=freelancer&search=ada%40example.org")])
            #expect(blocked.location == "/admin/people?role=freelancer&search=ada%40example.org")
        }
    }
}
