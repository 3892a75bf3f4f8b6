import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: a job is what its client says, within the rules, and each change is announced once.
@Suite struct JobTests {
    @Test func `a new job is open and told of in the words of gigs, with flow and currency`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            let job = try await market.jobs.create(offered.input(rate: 12_345), by: market.owner, at: market.clock.now)
            #expect(job.status == .open && job.applicants == 0 && job.hiredFreelancerID == nil && job.version == 1)
            #expect(try await market.jobs.get(job.id) == job)
            let told = try await market.announced()
            #expect(told.map(\.name) == ["gig.created"] && told.first?.recipients == [market.owner])
            let destinations = try await market.announced(to: nil).map(\.destination)
            #expect(destinations == GigCreated.destinations.map(\.rawValue))
            let data = try #require(told.first?.data)
            #expect(GigCreated.schema.issues(in: data) == [])
            #expect(data["rate_cents"] == 12_345 && data["status"] == "active" && data["scope"] == .null)
            #expect(data.object?.suffix(2) == [JSONMember].escrowCheckout[...])
            #expect(data["next_actions"]?.array?.first?["action"] == "apply")
        }
    }

    @Test func `a job is shown with the ids of what it refers to, in Skillhouse's form`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            let input = offered.input(rate: 12_350, from: .start, to: .start + .days(30))
            let job = try await market.jobs.create(input, by: market.owner, at: market.clock.now)
            let shown = try JSONValue(encoding: job.document, in: .camelCase)
            #expect(
                shown.object?.map(\.name) == [
                    "_id", "title", "description", "rate", "experienceLevel", "location", "clientId", "category",
                    "skills", "hiredFreelancer", "applicants", "status", "startDate", "endDate", "createdAt",
                    "updatedAt",
                ])
            #expect(shown["_id"]?.string == job.id.objectID && shown["_id"]?.string?.utf8.count == 24)
            #expect(shown["clientId"]?.string == market.owner.objectID)
            #expect(shown["category"]?.string == offered.category.objectID)
            #expect(shown["rate"] == .decimal("123.5") && shown["hiredFreelancer"] == .null)
            #expect(shown["experienceLevel"] == "Expert" && shown["status"] == "Open")
        }
    }

    @Test func `a start on a day that is over and an end before the start are refused by name`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            let refused: [(Timestamp?, Timestamp?, JobError, String)] = [
                (.start - .days(1), nil, .startInThePast, "startDate"),
                (.start + .days(2), .start + .days(1), .endBeforeStart, "endDate"),
            ]
            for (start, end, refusal, member) in refused {
                let error = await #expect(throws: refusal) {
                    try await market.jobs.create(
                        offered.input(from: start, to: end), by: market.owner, at: market.clock.now)
                }
                #expect(error?.issues.map(\.path) == [member] && error?.code.status == 400)
            }
            // Today is not over.
            _ = try await market.jobs.create(
                offered.input(from: .start, to: .start), by: market.owner, at: market.clock.now)
            #expect(try await market.names() == ["gig.created"])
        }
    }

    @Test func `who posts a job may say so, and nobody posts one for somebody else`() async throws {
        try await Market.with { market in
            var input = try await Offered.add(to: market).input()
            input.userID = ObjectID(market.owner)
            let job = try await market.jobs.create(input, by: market.owner, at: market.clock.now)
            #expect(job.clientID == market.owner)
            let refused = await #expect(throws: JobError.postedForAnother) {
                try await market.jobs.create(input, by: .make(at: .start), at: market.clock.now)
            }
            #expect(refused?.code == .forbidden && refused?.issues.map(\.path) == ["userId"])
        }
    }

    @Test func `categories and skills that are not offered are refused by name`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            func refusal(_ input: JobInput) async -> String? {
                do {
                    _ = try await market.jobs.create(input, by: market.owner, at: market.clock.now)
                    return nil
                } catch {
                    return (error as? JobError)?.issues.first?.path
                }
            }
            #expect(
                await refusal(Offered(category: .make(at: .start), skills: offered.skills).input()) == "category")
            #expect(
                await refusal(Offered(category: offered.category, skills: [.make(at: .start)]).input()) == "skills")
            try await market.skills.offer(offered.skills[0], false, at: market.clock.now)
            #expect(await refusal(offered.input()) == "skills")
            try await market.skills.offer(offered.skills[0], true, at: market.clock.now)
            try await market.categories.offer(offered.category, false, at: market.clock.now)
            #expect(await refusal(offered.input()) == "category")
        }
    }

    @Test func `what a job has it keeps, also when it is no longer offered`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            let job = try await market.postJob(offered)
            try await market.categories.offer(offered.category, false, at: market.clock.now)
            try await market.skills.offer(offered.skills[0], false, at: market.clock.now)
            let ids = offered.skills.map { ObjectID($0) }
            let changed = try await market.change(
                job.id, JobUpdate(title: "Linker work", category: ObjectID(offered.category), skills: ids + ids))
            #expect(changed.title == "Linker work" && changed.skillIDs == offered.skills)
        }
    }

    @Test func `nobody applied: all of a job can be changed, null clears a date, and what changes nothing is not told`()
        async throws
    {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            let other = try await Offered.add(to: market, "Linkers")
            var update = JobUpdate(
                title: "Linker work", description: "Some of it", rate: Rupees(paise: 70_000),
                experienceLevel: .beginner, location: "Goa", category: ObjectID(other.category),
                skills: other.skills.map { ObjectID($0) }, startDate: .set(DayOrTime(.start + .days(1))),
                endDate: .set(DayOrTime(.start + .days(2))), status: .closed)
            market.clock.advance(by: .seconds(1))
            let changed = try await market.change(job.id, update)
            #expect(
                changed.version == 2 && changed.updatedAt == market.clock.now && changed.rate == .inr(paise: 70_000))
            #expect(changed.categoryID == other.category && changed.skillIDs == other.skills)
            #expect(changed.startAt == .start + .days(1) && changed.status == .closed)
            #expect(try await market.jobs.get(job.id) == changed)
            update.startDate = .keep
            #expect(try await market.change(job.id, update) == changed)
            let cleared = try await market.change(job.id, JobUpdate(startDate: .clear, endDate: .clear))
            #expect(cleared.startAt == nil && cleared.endAt == nil && cleared.version == 3)
            let told = try await market.announced()
            #expect(told.map(\.name) == ["gig.created", "gig.updated", "gig.updated"])
            #expect(told.map { $0.data["status"]?.string } == ["active", "closed", "closed"])
        }
    }

    @Test func `somebody applied: only title, description and status are taken over`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            try await market.applyToJob(job.id)
            let changed = try await market.change(
                job.id,
                JobUpdate(
                    title: "Linker work", description: "Some of it", rate: Rupees(paise: 70_000),
                    experienceLevel: .beginner, location: "Goa", category: ObjectID(.make(at: .start)),
                    skills: [ObjectID(.make(at: .start))], startDate: .set(DayOrTime(.start - .days(9))),
                    status: .closed))
            var expected = job
            (expected.title, expected.description, expected.status) = ("Linker work", "Some of it", .closed)
            (expected.applicants, expected.version) = (1, 2)
            expected.updatedAt = market.clock.now
            #expect(changed == expected)
        }
    }

    @Test func `nobody else changes a job, a missing one is missing, and so is a gig`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            await #expect(throws: JobError.notTheOwner(market.stranger, of: job.id)) {
                try await market.change(job.id, JobUpdate(title: "Mine"), by: market.stranger)
            }
            let gig = try await market.post()
            for id in [GigID.make(at: .start), gig.id] {
                await #expect(throws: JobError.notFound(id)) { try await market.change(id, JobUpdate(title: "Mine")) }
                await #expect(throws: JobError.notFound(id)) { try await market.jobs.get(id) }
            }
        }
    }

    @Test func `a job does not exist for the surface of gigs`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            let application = try await market.applyToJob(job.id)
            let missing = GigError.notFound(job.id)
            await #expect(throws: missing) { try await market.gigs.get(job.id, by: market.owner) }
            await #expect(throws: missing) { try await market.change(job.id, GigUpdate(title: "Mine")) }
            await #expect(throws: missing) { try await market.delete(job.id) }
            await #expect(throws: missing) { try await market.apply(to: job.id, by: market.stranger) }
            await #expect(throws: missing) { try await market.decide(.rejected, on: application.id, of: job.id) }
            await #expect(throws: ApplicationError.notFound(application.id)) {
                try await market.withdraw(application.id)
            }
            #expect(try await market.mine().isEmpty)
            #expect(try await market.pages(limit: 10) == [[]])
            #expect(try await market.pages(.own(nil), by: market.owner, limit: 10) == [[]])
            #expect(try await market.titles("compiler").isEmpty)
        }
    }

    @Test func `a job is not opened while it has a contract, and afterwards it is`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            try await market.applyToJob(job.id)
            let contract = ToldContract(job: job.id, client: market.owner, freelancer: market.worker)
            try await market.tell(contract)
            await #expect(throws: JobError.contractUnderWay(job.id)) {
                try await market.change(job.id, JobUpdate(status: .open))
            }
            #expect(try await market.change(job.id, JobUpdate(status: .closed)).status == .closed)
            // The next news of the same contract does not undo what the client did.
            try await market.tell(contract.then(.started))
            #expect(try await market.jobs.get(job.id).status == .closed)
            let released = contract.then(.started).then(.completed, .approved)
            try await market.tell(released)
            let open = try await market.change(job.id, JobUpdate(status: .open))
            #expect(open.status == .open && open.hiredFreelancerID == nil)
            try await market.tell(released.then(.completed, .approved))
            #expect(try await market.jobs.get(job.id).status == .open)
        }
    }

    @Test func `a change that expects another version is refused`() async throws {
        try await Market.with { market in
            let job = try await market.postJob(Offered.add(to: market))
            await #expect(throws: (any Error).self) {
                try await market.jobs.update(
                    job.id, JobUpdate(title: "B"), by: market.owner, at: market.clock.now, expecting: onlyVersion(2))
            }
            #expect(try await market.jobs.get(job.id) == job)
        }
    }

    @Test func `a change is kept only with its news`() async throws {
        try await Market.with { market in
            let offered = try await Offered.add(to: market)
            let job = try await market.postJob(offered)
            try await market.breakOutbox()
            await #expect(throws: PostgresError.self) { try await market.change(job.id, JobUpdate(title: "B")) }
            await #expect(throws: PostgresError.self) { try await market.applyToJob(job.id) }
            await #expect(throws: PostgresError.self) { try await market.postJob(offered) }
            #expect(try await market.jobs.get(job.id) == job)
            #expect(try await market.list().total == 1)
        }
    }

    @Test(arguments: [
        ("2026-03-01", "2026-03-01T00:00:00Z"), ("2026-03-01T00:00:00.000Z", "2026-03-01T00:00:00Z"),
        ("2026-03-01T02:00:00+02:00", "2026-03-01T00:00:00Z"), ("2026-02-30", nil), ("tomorrow", nil),
        ("2026-03-01T", nil), ("2026-03-01 00:00:00", nil), (" ", nil),
    ])
    func `a date is a day or a time`(text: String, read: String?) throws {
        let value = JSONValue.string(text)
        let written = try value.decode(DayOrTime.self)
        #expect(written.moment?.description == read)
        guard read == nil else { return }
        let error = #expect(throws: JobError.unreadableDate(member: "startDate")) { try Job.date("startDate", written) }
        #expect(error?.issues.map(\.path) == ["startDate"] && error?.code.status == 400)
    }

    @Test func `an empty date in a form is no date`() throws {
        let written = try JSONValue.string("").decode(DayOrTime.self)
        #expect(try Job.date("startDate", written) == nil && Job.date("startDate", nil) == nil)
        for text in ["", "2026-03-01"] { #expect(DayOrTime.schema.issues(in: .string(text)).isEmpty) }
    }
}
