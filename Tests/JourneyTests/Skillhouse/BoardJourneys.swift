import Foundation
import SharedModels
import Testing

extension Journeys {
    /// Skillhouse's board of jobs: posting, looking, applying and withdrawing.
    @Suite struct JobBoard {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        /// A category and a skill of this test alone.
        private func names() async throws -> (category: String, skill: String) {
            let admin = try await stack.admin().caller
            return (
                try await admin.named(Endpoints.categories.add.operation),
                try await admin.named(Endpoints.skills.add.operation)
            )
        }

        private func titles(_ list: Answer) -> [String] {
            (list["jobs"]?.array ?? []).compactMap { $0["title"]?.string }
        }

        @Test
        func `An admin names categories and skills, and everybody reads them`() async throws {
            let admin = try await stack.admin().caller
            let word = "Quern\(UInt32.random(in: 0 ... .max))"
            let added = try await admin.succeed(Endpoints.skills.add.operation, [:], ["name": .string(" \(word).js ")])
            let id = try #require(added["data"]?["_id"]?.string)
            #expect(added["success"] == true && added["data"]?["name"]?.string == "\(word).js" && id.utf8.count == 24)
            let again = try await admin.ask(
                Endpoints.skills.add.operation, [:], ["name": .string("\(word) JS".uppercased())])
            #expect(again.status == 409 && again.json["status"] == 409, "\(again)")
            let wrong = try await admin.ask(Endpoints.skills.add.operation, [:], ["name": "@@"])
            #expect(wrong.status == 400 && wrong.issuePaths == ["name"], "\(wrong)")
            try await admin.succeed(Endpoints.skills.withhold.operation, ["id": id])
            let all = try await stack.anyone.succeed(
                Endpoints.skills.list.operation, query: "?search=\(word.lowercased())")
            let shown = all["data"]?.array?.first { $0["_id"]?.string == id }
            #expect(shown?["isListed"] == false && all["total"] == 1)
            let malformed = try await admin.ask(
                Endpoints.skills.edit.operation, ["id": "nonsense"], ["name": .string(word)])
            #expect(malformed.status == 400, "\(malformed)")
            let client = try await stack.client().session
            #expect(try await client.ask(Endpoints.skills.add.operation, [:], ["name": .string(word)]).status == 403)
        }

        @Test
        func `A client posts jobs, and the board shows them to everybody without a mail address`() async throws {
            let (category, skill) = try await names()
            let client = try await stack.client()
            for (title, rate) in [("Low", 100), ("High", 999_999.99), ("Middle", 5_000.5)] as [(String, Double)] {
                _ = try await client.session.postJob(
                    of: category, asking: skill, title: title, rate: .decimal("\(rate)"))
            }
            func board(_ query: String) async throws -> Answer {
                try await stack.anyone.succeed(Endpoints.jobs.board.operation, query: "?filter=\(category)\(query)")
            }
            let all = try await board("")
            #expect(titles(all) == ["Middle", "High", "Low"] && all["total"] == 3)
            #expect(all["currentPage"] == 1 && all["totalPages"] == 1)
            let job = try #require(all["jobs"]?.array?.first)
            #expect(job["category"]?["_id"]?.string == category && job["skills"]?.array?.first?["_id"]?.string == skill)
            #expect(job["clientId"]?["_id"] != nil && job["clientId"]?["email"] == nil)
            #expect(job["rate"] == .decimal("5000.5") && job["status"] == "Open")
            #expect(titles(try await board("&sort=budgetHigh")) == ["High", "Middle", "Low"])
            #expect(titles(try await board("&sort=budgetLow&limit=1&page=2")) == ["Middle"])
            #expect(titles(try await board("&search=HIGH")) == ["High"])
            let alias = try await stack.anyone.succeed(
                Endpoints.jobs.boardAlias.operation, query: "?filter=\(category)&sort=newest")
            #expect(titles(alias) == titles(all))
        }

        @Test(arguments: [
            "filter=Ongoing", "filter=Closed", "filter=nonsense", "sort=best", "page=0", "page=-1", "page=a", "limit=0",
            "limit=101", "search=a%00b", "owner=me", "page=1&page=2",
        ])
        func `What the board does not know is a 400 that names it`(query: String) async throws {
            let answer = try await stack.anyone.ask(Endpoints.jobs.board.operation, query: "?\(query)")
            #expect(answer.status == 400 && answer.json["status"] == 400, "\(query): \(answer)")
            #expect(answer.issuePaths == [String(query.prefix { $0 != "=" })], "\(query): \(answer)")
        }

        @Test
        func `A job with a wrong member is refused by its name`() async throws {
            let (category, skill) = try await names()
            let client = try await stack.client().session
            let whole: [String: JSONValue] = [
                "title": "A parser", "description": "Reads invoices.", "rate": 1500, "experienceLevel": "Expert",
                "location": "Pune", "category": .string(category), "skills": [.string(skill)],
            ]
            func refusal(_ member: String, _ value: JSONValue?) async throws -> Answer {
                var body = whole
                body[member] = value
                return try await client.ask(
                    Endpoints.jobs.create.operation, [:], .object(body.map { JSONMember($0.key, $0.value) }))
            }
            for member in whole.keys {
                let answer = try await refusal(member, nil)
                #expect(answer.status == 400 && answer.issuePaths == [member], "\(answer)")
            }
            let wrong: [(String, JSONValue)] = [
                ("title", " "), ("description", ""), ("rate", 0), ("rate", -5), ("rate", "1500"),
                ("rate", .decimal("1.005")),
                ("experienceLevel", "Guru"), ("skills", []), ("category", .string(skill)), ("startDate", "2020-01-01"),
                ("endDate", "soon"), ("budget", 5),
            ]
            for (member, value) in wrong {
                let answer = try await refusal(member, value)
                #expect(
                    answer.status == 400 && answer.issuePaths.first?.hasPrefix(member) == true, "\(member): \(answer)")
            }
        }

        @Test
        func `A freelancer applies and withdraws, and the client sees who applied`() async throws {
            let (category, skill) = try await names()
            let (client, freelancer) = (try await stack.client(), try await stack.freelancer())
            let job = try await client.session.postJob(of: category, asking: skill)
            let applied = try await freelancer.session.succeed(
                Endpoints.jobApplications.apply.operation, ["jobId": job],
                ["coverLetter": "I have written two of them.", "proposedRate": .decimal("1400.5")])
            let application = try #require(applied["application"]?["_id"]?.string)
            #expect(applied["application"]?["status"] == "Pending")
            let again = try await freelancer.session.ask(
                Endpoints.jobApplications.apply.operation, ["jobId": job])
            #expect(again.status == 409, "\(again)")

            let seen = try await client.session.succeed(
                Endpoints.jobs.applicants.operation, ["jobId": job, "clientId": client.id])
            #expect(seen["message"]?.string?.contains("1") == true)
            #expect(seen["applicants"]?.array?.first?["freelancerId"]?["name"]?.string?.isEmpty == false)
            let who = seen["applicants"]?.array?.first?["freelancerId"]
            #expect(who?["firstName"] == who?["name"] && who?["experienceLevel"] == "Beginner" && who?["email"] == nil)
            #expect(seen["applicants"]?.array?.first?["jobId"]?["_id"]?.string == job)
            let mine = try await freelancer.session.succeed(Endpoints.jobApplications.applied.operation)
            #expect(mine["applications"]?.array?.first?["jobId"]?["clientId"]?["name"]?.string?.isEmpty == false)
            let state = try await freelancer.session.succeed(
                Endpoints.jobApplications.state.operation, ["jobId": job, "freelancerId": freelancer.id])
            #expect(state["application"]?["_id"]?.string == application)

            try await freelancer.session.succeed(
                Endpoints.jobApplications.withdraw.operation, ["applicationId": application])
            let gone = try await freelancer.session.succeed(
                Endpoints.jobApplications.state.operation, ["jobId": job, "freelancerId": freelancer.id])
            #expect(gone["application"] == .null)
            let details = try await client.session.succeed(Endpoints.jobs.get.operation, ["id": job])
            #expect(details["data"]?["applicants"] == 0)
        }

        @Test
        func `Once somebody has applied, only title, description and status of a job change`() async throws {
            let (category, skill) = try await names()
            let (client, freelancer) = (try await stack.client(), try await stack.freelancer())
            let job = try await client.session.postJob(of: category, asking: skill)
            func update(_ body: JSONValue) async throws -> JSONValue {
                let answer = try await client.session.succeed(Endpoints.jobs.update.operation, ["id": job], body)
                return try #require(answer["job"])
            }
            #expect(try await update(["rate": 1600])["rate"] == 1600)
            try await freelancer.session.succeed(Endpoints.jobApplications.apply.operation, ["jobId": job])
            let changed = try await update(["title": "Two parsers", "rate": 1, "location": "Goa", "status": "Closed"])
            #expect(changed["title"] == "Two parsers" && changed["status"] == "Closed")
            #expect(changed["rate"] == 1600 && changed["location"] == "Pune")
            let late = try await stack.freelancer().session.ask(
                Endpoints.jobApplications.apply.operation, ["jobId": job])
            #expect(late.status == 400, "\(late)")
            let mine = try await client.session.succeed(
                Endpoints.jobs.mine.operation, ["id": client.id], query: "?filter=Closed")
            #expect(titles(mine) == ["Two parsers"])
        }

        @Test
        func `A job is no gig, and a gig no job`() async throws {
            let (category, skill) = try await names()
            let (client, freelancer) = (try await stack.client(), try await stack.freelancer())
            let job = try await client.session.postJob(of: category, asking: skill)
            #expect(try await client.session.ask(Endpoints.gigs.get.operation, ["id": job]).status == 404)
            #expect(try await freelancer.session.ask(Endpoints.gigs.apply.operation, ["id": job]).status == 404)
            let gig = try await client.session.succeed(
                Endpoints.gigs.create.operation, [:], ["title": "A gig", "status": "active"])
            let id = try #require(gig["id"]?.string)
            #expect(try await client.session.ask(Endpoints.jobs.get.operation, ["id": id]).status == 404)
            let applied = try await freelancer.session.ask(
                Endpoints.jobApplications.apply.operation, ["jobId": id])
            #expect(applied.status == 404, "\(applied)")
        }

        @Test
        func `The feed tells of jobs in the words of gigs, with the flow`() async throws {
            let (category, skill) = try await names()
            let client = try await stack.client()
            _ = try await client.session.postJob(of: category, asking: skill)
            let event = try await eventually("the feed has the job") {
                let page = try await client.session.succeed(Endpoints.feed.list.operation)
                return page["events"]?.array?.first { $0["event"] == "gig.created" }
            }
            #expect(event["data"]?["flow"] == "escrow_checkout" && event["data"]?["currency"] == "inr")
            #expect(event["data"]?["rate_cents"] == 150_000)
        }
    }
}
