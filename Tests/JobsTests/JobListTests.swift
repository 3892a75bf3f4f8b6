import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: the board shows the open jobs, and how many there are, narrowed down and sorted as asked.
@Suite struct JobListTests {
    @Test func `the board has open jobs of all clients, four to a page, the newest first`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            for number in 0..<9 {
                try await market.postJob(
                    offered, title: "\(number)", by: number % 2 == 0 ? market.owner : market.stranger)
            }
            let hidden = try await market.postJob(offered, title: "Hidden")
            try await market.change(hidden.id, JobUpdate(status: .closed))
            try await market.post(title: "A gig")
            var pages: [[String]] = []
            for number in 1...4 {
                let page = try await market.list(page: number)
                #expect(page.total == 9 && page.pages == 3)
                pages.append(page.titles)
            }
            #expect(pages == [["8", "7", "6", "5"], ["4", "3", "2", "1"], ["0"], []])
        }
    }

    @Test func `jobs are sorted both ways by time and by rate`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            for (title, rate) in [("Low", 100), ("High", 900), ("Middle", 500), ("Also high", 900)] as [(String, Int64)]
            {
                try await market.postJob(offered, title: title, rate: rate)
            }
            let orders: [(JobSort, [String])] = [
                (.dateNew, ["Also high", "Middle", "High", "Low"]), (.dateOld, ["Low", "High", "Middle", "Also high"]),
                (.budgetHigh, ["Also high", "High", "Middle", "Low"]),
                (.budgetLow, ["Low", "Middle", "High", "Also high"]),
            ]
            for (sort, titles) in orders {
                #expect(try await market.list(nil, nil, sort).titles == titles)
                #expect(try await market.list(of: market.owner, nil, nil, sort).titles == titles)
                #expect(try await market.list("low or high or middle", nil, sort).titles == titles)
            }
        }
    }

    @Test func `a level, a status or a category narrows the list and its number`() async throws {
        try await Market.with { market in
            let compilers = try await Offered.add(to: market)
            let linkers = try await Offered.add(to: market, "Linkers")
            try await market.postJob(compilers, title: "Expert compiler", level: .expert)
            try await market.postJob(linkers, title: "Expert linker", level: .expert)
            try await market.postJob(linkers, title: "Beginner linker", level: .beginner)
            let closed = try await market.postJob(linkers, title: "Closed linker", level: .beginner)
            try await market.change(closed.id, JobUpdate(status: .closed))
            let narrowed: [(JobFilter, [String], own: [String])] = [
                (.level(.expert), ["Expert linker", "Expert compiler"], ["Expert linker", "Expert compiler"]),
                (.level(.beginner), ["Beginner linker"], ["Closed linker", "Beginner linker"]),
                (.level(.intermediate), [], []),
                (
                    .status(.open), ["Beginner linker", "Expert linker", "Expert compiler"],
                    ["Beginner linker", "Expert linker", "Expert compiler"]
                ),
                (.category(compilers.category), ["Expert compiler"], ["Expert compiler"]),
                (.category(.make(at: .start)), [], []),
            ]
            for (filter, titles, own) in narrowed {
                let board = try await market.list(nil, filter)
                #expect(board.titles == titles && board.total == titles.count, "\(filter)")
                let mine = try await market.list(of: market.owner, nil, filter)
                #expect(mine.titles == own && mine.total == own.count, "\(filter)")
            }
            #expect(try await market.list(of: market.owner, nil, .status(.closed)).titles == ["Closed linker"])
            #expect(try await market.list("linker", .level(.expert)).titles == ["Expert linker"])
        }
    }

    @Test(arguments: [JobStatus.ongoing, .closed])
    func `the board refuses a status that it does not show`(status: JobStatus) {
        let error = #expect(throws: JobError.onlyOpenOnes) { try JobSearch(filter: .status(status)) }
        #expect(error?.issues.map(\.path) == ["filter"] && error?.code.status == 400)
        #expect(throws: Never.self) { try JobSearch(of: .make(at: .start), filter: .status(status)) }
    }

    @Test func `words are found in title and description in any case, and by their beginnings`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            try await market.postJob(offered, title: "React developer", description: "Build a dashboard")
            try await market.postJob(offered, title: "Logo", description: "For a REACT conference")
            try await market.post(title: "React gig")
            let found: [(String, [String])] = [
                ("react", ["Logo", "React developer"]), ("REACT", ["Logo", "React developer"]),
                ("rea", ["Logo", "React developer"]), ("developer dash", ["React developer"]),
                ("react -logo", ["React developer"]), ("\"react conference\"", ["Logo"]), ("zig", []), ("the", []),
                ("a", []), ("'", []), ("x & y | !", []), ("%_", []),
            ]
            for (words, titles) in found {
                let page = try await market.list(words)
                #expect(page.titles == titles && page.total == titles.count, "\(words)")
            }
            #expect(try await market.list("  ").total == 2)
            #expect(
                try await market.searches.find(GigSearch(words: "react"), by: market.worker, after: nil, limit: 9).items
                    .map(\.title) == ["React gig"])
        }
    }

    @Test(
        arguments: [
            ("React/Vue developer", ["vue", "react/vue"]), ("C/C++17", ["C++", "c++17"]),
            ("C# and F#", ["C#", "csharp"]),
            (".NET Core", [".NET", "dotnet"]), ("Node.js", ["Node.js", "nodejs"]), ("CI/CD", ["CI/CD", "cicd"]),
            ("Python3.12", ["python", "3.12"]), ("See shop.example.com", ["example.com"]),
        ])
    func `a word of the trade is found on the board, too`(title: String, found: [String]) async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            try await market.postJob(offered, title: "A logo")
            try await market.postJob(offered, title: title)
            for words in found { #expect(try await market.list(words).titles == [title], "\(words)") }
        }
    }

    @Test func `the number of open jobs follows whatever happens to them`() async throws {
        try await Market.with { market in
            var random = SeededGenerator(seed: 11)
            let offers = [try await Offered.add(to: market), try await Offered.add(to: market, "Linkers")]
            var jobs: [Job] = []
            for _ in 0..<60 {
                if jobs.count < 5 || Bool.random(using: &random) {
                    let level = ExperienceLevel.allCases.randomElement(using: &random) ?? .expert
                    jobs.append(
                        try await market.postJob(offers.randomElement(using: &random) ?? offers[0], level: level))
                } else if let job = jobs.randomElement(using: &random) {
                    try await market.change(
                        job.id,
                        JobUpdate(
                            experienceLevel: ExperienceLevel.allCases.randomElement(using: &random),
                            category: (offers.randomElement(using: &random)?.category).map { ObjectID($0) },
                            status: JobStatus.allCases.randomElement(using: &random)))
                }
            }
            try await market.database.execute("DELETE FROM gigs WHERE id = \(jobs[0].id)")
            var filters: [JobFilter?] = [nil] + ExperienceLevel.allCases.map { .level($0) }
            filters += offers.map { .category($0.category) }
            for filter in filters {
                let page = try await market.list(nil, filter, limit: 100)
                #expect(page.total == page.titles.count, "\(filter as Any)")
            }
        }
    }

    @Test func `twenty clients posting at the same time are counted once each`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            let posted = await attempts(20) { _ in
                try await market.jobs.create(offered.input(), by: .make(at: .start), at: market.clock.now)
            }
            #expect(posted.failures.isEmpty)
            #expect(try await market.list().total == 20)
        }
    }

    @Test func `names are put in place of ids, also when talent cannot be asked`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            let job = try await market.postJob(offered)
            try await market.applyToJob(job.id)
            try await market.tell(ToldContract(job: job.id, client: market.owner, freelancer: market.worker))
            let hired = try await market.jobs.get(job.id)
            let view = try #require(try await market.expansion.views(of: [hired]).first)
            let shown = try JSONValue(encoding: view, in: .camelCase)
            #expect(shown["clientId"]?["name"]?.string == FakePeers.name(of: market.owner))
            #expect(shown["clientId"]?["email"] == nil)
            #expect(shown["category"]?["name"] == "Compilers")
            #expect(shown["skills"]?.array?.compactMap { $0["name"]?.string } == ["Compilers 0", "Compilers 1"])
            #expect(shown["hiredFreelancer"]?["_id"]?.string == market.worker.objectID)
            market.peers.change { $0.fault = PeerRefusal.sample(.serviceUnavailable) }
            let plain = try #require(try await market.expansion.views(of: [hired]).first)
            #expect(plain.clientID == JobPerson(id: market.owner, name: "", profilePic: ""))
        }
    }

    @Test func `applicants have the whole profile, with skills and category as they are called now`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            market.peers.change { state in
                state.skills = [
                    FreelancerSkill(id: offered.skills[0], name: "as it was called before"),
                    FreelancerSkill(id: nil, name: "compilers-1"), FreelancerSkill(id: nil, name: "knitting"),
                ]
                state.category = FreelancerCategory(id: offered.category, name: "as it was called before")
            }
            let (gone, ids) = (AccountID.make(at: .start), [market.worker, market.stranger])
            market.peers.change { $0.gone = [gone] }
            let asked = market.peers.asked.count
            let found = try await market.expansion.freelancers(ids + [gone] + ids)
            #expect(market.peers.asked.count == asked + 1 && found.count == 3)
            let shown = try JSONValue(encoding: try #require(found[market.worker]), in: .camelCase)
            #expect(shown["_id"]?.string == market.worker.objectID && shown["userId"]?.string == market.worker.objectID)
            #expect(shown["name"]?.string == FakePeers.name(of: market.worker))
            #expect(
                shown["skills"]?.array?.map { $0["name"]?.string } == ["Compilers 0", "Compilers 1", "knitting"])
            #expect(
                shown["skills"]?.array?.map { $0["_id"]?.string }
                    == [offered.skills[0].objectID, offered.skills[1].objectID, nil])
            #expect(shown["jobCategory"]?["name"] == "Compilers" && shown["title"] == "Engineer")
            #expect(shown["portfolio"]?.array?.count == 1 && shown["employmentHistory"]?.array?.count == 1)
            #expect(shown["experienceLevel"] == "Expert" && shown["email"] == nil)
            let unknown = try JSONValue(encoding: try #require(found[gone]), in: .camelCase)
            #expect(unknown["_id"]?.string == gone.objectID && unknown["name"] == "" && unknown["skills"] == [])

            market.peers.change { $0.fault = PeerRefusal.sample(.serviceUnavailable) }
            let plain = try await market.expansion.freelancers([market.worker])[market.worker]
            #expect(plain?._id.id == market.worker && plain?.name == "" && plain?.createdAt == nil)
        }
    }

    @Test func `people are asked about in batches that talent takes`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            var jobs: [Job] = []
            for _ in 0..<101 { jobs.append(try await market.postJob(offered, by: .make(at: .start))) }
            #expect(try await market.expansion.views(of: jobs).map(\.clientID.name).allSatisfy { !$0.isEmpty })
            #expect(market.peers.asked == [100, 1])
        }
    }
}
