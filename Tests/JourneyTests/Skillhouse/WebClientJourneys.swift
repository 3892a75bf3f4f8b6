import SharedModels
import Testing

extension Journeys {
    /// What the forms of Skillhouse's own web client send, member by member.
    @Suite struct WebClient {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `A client posts a job by the form, and edits it with everything that the page had`() async throws {
            let (admin, client) = (try await stack.admin().caller, try await stack.client())
            let category = try await admin.named(Endpoints.categories.add.operation)
            let skill = try await admin.named(Endpoints.skills.add.operation)
            let form = [
                JSONMember("description", "Reads invoices."), JSONMember("rate", 1000),
                JSONMember("experienceLevel", "Expert"), JSONMember("location", "Remote"),
                JSONMember("category", .string(category)), JSONMember("skills", [.string(skill)]),
            ]
            let new = [JSONMember("title", "A parser"), JSONMember("userId", .string(client.id))]
            let posted = try await client.session.succeed(
                Endpoints.jobs.create.operation, [:], .object(form + new))
            let job = try #require(posted["job"]?["_id"]?.string)
            let other = try await stack.client()
            let forged = try await other.session.ask(
                Endpoints.jobs.create.operation, [:], .object(form + new))
            #expect(forged.status == 403 && forged.issuePaths == ["userId"], "\(forged)")

            let changes = [
                JSONMember("title", "A better parser"), JSONMember("status", "Open"), JSONMember("startDate", ""),
                JSONMember("endDate", ""),
            ]
            let saved = try await client.session.succeed(
                Endpoints.jobs.update.operation, ["id": job], .object(form + changes))
            #expect(saved["job"]?["title"] == "A better parser" && saved["job"]?["startDate"] == .null)
            let mine = try await client.session.ask(
                .get, "/api/client/job/my-jobs/\(client.id)?page=1&limit=4&search=&filter=&sort=")
            #expect(mine.status == 200 && mine["total"] == 1, "\(mine)")
        }

        @Test
        func `A freelancer saves the form of the profile as it comes, without any employment`() async throws {
            let (admin, freelancer) = (try await stack.admin().caller, try await stack.freelancer())
            let category = try await admin.named(Endpoints.categories.add.operation)
            let skill = try await admin.succeed(
                Endpoints.skills.add.operation, [:], ["name": .string("Loom \(UInt64.random(in: 0 ... .max))")])
            let saved = try await freelancer.session.succeed(
                Endpoints.freelancerProfiles.update.operation, ["id": freelancer.id],
                [
                    "title": "Weaver", "firstName": "Asha Rao", "bio": "", "experienceLevel": "Beginner",
                    "jobCategory": .string(category), "skills": [try #require(skill["data"])],
                    "education": ["college": "", "course": ""],
                    "employmentHistory": [["company": "", "position": "", "duration": ""]],
                    "linkedAccounts": ["github": "github.com/asha", "linkedIn": "", "website": ""],
                    "city": "Kochi", "language": [],
                ])
            let data = try #require(saved["data"])
            #expect(data["employmentHistory"] == [] && data["jobCategory"]?["_id"]?.string == category, "\(data)")
            #expect(data["linkedAccounts"]?["github"] == "https://github.com/asha")
        }
    }
}
