import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: what the service does costs the same with few gigs, jobs and applications and with very many.
@Suite struct JobsGrowthTests {
    @Test func `nothing that is asked of jobs reads more rows when there are more`() async throws {
        try await PlanWatch.use { watch in
            try await Market.with { market in
                let world = try await World(market)
                let findings = try await watch.judge(
                    market.database, world.lists + world.searches + world.board + world.changes,
                    within: PlanWatch.Bounds(small: ["open_jobs", "categories", "skills"], sorted: 500, pages: 15),
                    fill: world.crowd)
                #expect(findings.isEmpty, "\(findings.joined(separator: "\n"))")
            }
        }
    }
}

/// One client and one freelancer with little of their own, before a crowd comes.
private struct World: Sendable {
    let market: Market
    let gig: Gig
    let job: Job
    let category: CategoryID
    let application: Application

    /// A page that begins in the middle of what the crowd writes.
    private let middle = PageCursor(.start + .seconds(6000), GigID.make(at: .start))

    init(_ market: Market) async throws {
        self.market = market
        gig = try await market.post(rateCents: 5000)
        job = try await market.storeJob()
        category = job.categoryID
        application = try await market.apply(to: gig.id)
        try await market.storeApplication(to: job.id)
    }

    var lists: [PlanWatch.Request] {
        let (market, gig, middle) = (market, gig, middle)
        return [
            .init("a gig") { _ = try await market.gigs.get(gig.id, by: market.worker) },
            .init("the newest gigs") {
                _ = try await market.gigs.page(of: .active, by: market.worker, after: nil, limit: 20)
            },
            .init("older gigs") {
                _ = try await market.gigs.page(of: .active, by: market.worker, after: middle, limit: 100)
            },
            .init("one's own gigs") {
                let page = try await market.gigs.page(of: .own(nil), by: market.owner, after: nil, limit: 20)
                _ = try await market.gigs.applicationCounts(to: page.items.map { try $0.id } + [gig.id], in: .own(nil))
            },
            .init("one's own closed gigs") {
                _ = try await market.gigs.page(of: .own(.closed), by: market.owner, after: nil, limit: 20)
            },
            .init("a gig's applications") {
                for status in [nil, ApplicationStatus.applied] {
                    _ = try await market.applications.page(
                        to: gig.id, in: status, by: market.owner, after: nil, limit: 20, at: market.clock.now)
                }
            },
            .init("one's own applications") {
                _ = try await market.own(limit: 20)
                _ = try await market.own(in: .shortlisted, to: gig.id, limit: 20)
            },
        ]
    }

    var searches: [PlanWatch.Request] {
        let market = market
        return GigSort.allCases.flatMap { sort in
            // The crowd's rarest word is in 60 gigs, and "frequent" in nearly all. What is most relevant must be compared
            // with everything that has the words.
            ["rarest", "frequent", nil].compactMap { words in
                if sort == .relevance, words != "rarest" { return nil }
                // Most of what would come first by rate is out of the bounds.
                let bounds: ClosedRange<Int64> =
                    switch sort {
                    case .cheapest: 8000...9000
                    case .dearest: 1000...2000
                    case .newest, .oldest, .relevance: 1000...9000
                    }
                return .init("a search for \(words ?? "a rate") by \(sort)") {
                    // All of one's own gigs are compared with a word.
                    for listing in words == nil ? [GigListing.active, .own(nil)] : [.active] {
                        let search = try GigSearch(
                            listing, words: words, minimumRate: words == nil ? .usd(cents: bounds.lowerBound) : nil,
                            maximumRate: words == nil ? .usd(cents: bounds.upperBound) : nil, sort: sort)
                        let finder = GigSearchWorkflow(
                            database: market.database, gigs: GigSearchStore(timeLimit: .seconds(170)))
                        _ = try await finder.find(search, by: market.owner, after: nil, limit: 20)
                    }
                }
            }
        }
    }

    var board: [PlanWatch.Request] {
        let (market, job, category) = (market, job, category)
        let page = PageNumber(number: 1, limit: 20)
        let lists: [PlanWatch.Request] = JobSort.allCases.map { sort in
            .init("the board by \(sort)") {
                _ = try await market.jobs.page(JobSearch(sort: sort), page)
                _ = try await market.jobs.page(JobSearch(filter: .level(.expert), sort: sort), page)
                _ = try await market.jobs.page(JobSearch(filter: .category(category), sort: sort), page)
                _ = try await market.jobs.page(JobSearch(of: market.owner, sort: sort), page)
            }
        }
        // Those that have a frequent word are counted along the list.
        let searches: [PlanWatch.Request] = ["rarest", "rares", "frequent", "nowhere"].map { words in
            .init("the board's search for \(words)", rows: words == "frequent" ? 10_100 : nil) {
                for sort in JobSort.allCases {
                    _ = try await market.jobs.page(JobSearch(words: words, sort: sort), page)
                }
            }
        }
        return lists + searches + [
            .init("a job") { _ = try await market.jobs.get(job.id) },
            .init("a job's applications") {
                _ = try await market.jobApplications.page(to: job.id, by: market.owner, page)
            },
            .init("a freelancer's applications") {
                _ = try await market.jobApplications.page(of: market.worker, page)
            },
            .init("the state of an application") {
                _ = try await market.jobApplications.state(of: market.worker, to: job.id, by: market.owner)
            },
        ]
    }

    var changes: [PlanWatch.Request] {
        let (market, gig, job, application) = (market, gig, job, application)
        return [
            .init("a new gig, changed and deleted") {
                let gig = try await market.post()
                try await market.change(gig.id, GigUpdate(title: "Another title"))
                try await market.delete(gig.id)
            },
            .init("an application, withdrawn") {
                let application = try await market.apply(to: gig.id, by: market.stranger)
                try await market.withdraw(application.id, by: market.stranger)
            },
            .init("a decision") {
                try await market.decide(.shortlisted, on: application.id, of: gig.id)
                try await market.decide(.rejected, on: application.id, of: gig.id)
            },
            .init("an application to a job, withdrawn") {
                let application = try await market.jobApplications.apply(
                    to: job.id, JobApplicationInput(coverLetter: "I can do it"), by: market.stranger,
                    at: market.clock.now)
                try await market.jobApplications.withdraw(application.id, by: market.stranger, at: market.clock.now)
            },
            .init("a question whether a job can be given") { try await market.hireable(job.id) },
        ]
    }

    /// 12,000 gigs, as many jobs in 50 categories, an application to each, and negotiations of some. Four hundred gigs are the
    /// owner's, and each of its gig, its job and the worker has four hundred applications.
    var crowd: [SQL] {
        let moment: SQL = "\(Timestamp.start)::timestamptz + n * interval '1 s'"
        return [
            """
            INSERT INTO gigs (id, owner_id, title, rate_cents, status, version, created_at, updated_at)
            SELECT gen_random_uuid(), CASE n % 30 WHEN 0 THEN \(market.owner) ELSE md5('owner' || n % 3000)::uuid END, 'Gig', n % 10000,
                   (ARRAY['active', 'active', 'active', 'draft', 'closed'])[1 + n % 5], 1,
                   \(fragment: moment), \(fragment: moment)
              FROM generate_series(1, 12000) AS n
            """,
            """
            INSERT INTO gigs
                (flow, id, owner_id, title, description, rate_cents, experience_level, location, category_id, skill_ids,
                 applicants, job_status, status, version, created_at, updated_at)
            SELECT 'escrow_checkout', gen_random_uuid(), md5('owner' || n % 3000)::uuid, 'Job', 'All of it', n % 5000,
                   (ARRAY['Beginner', 'Intermediate', 'Expert'])[1 + n % 3], 'Pune',
                   CASE n % 50 WHEN 0 THEN \(category) ELSE md5('category' || n % 50)::uuid END, '{}', 0,
                   CASE n % 7 WHEN 0 THEN 'Closed' ELSE 'Open' END, CASE n % 7 WHEN 0 THEN 'closed' ELSE 'active' END, 1,
                   \(fragment: moment), \(fragment: moment)
              FROM generate_series(1, 12000) AS n
            """,
            """
            INSERT INTO gig_words (gig_id, words, form, flow)
            SELECT id, to_tsvector('english', CASE WHEN random() < 0.002 THEN 'rarest word' ELSE 'frequent word' END), 3, flow
              FROM gigs WHERE id NOT IN (SELECT gig_id FROM gig_words)
            """,
            """
            INSERT INTO applications (id, gig_id, worker_id, message, flow, status, version, created_at, updated_at)
            SELECT gen_random_uuid(), id, md5('worker' || rank % 3000)::uuid, 'I can do it', flow,
                   (ARRAY['applied', 'applied', 'shortlisted', 'rejected'])[1 + rank % 4], 1, created_at, created_at
              FROM (SELECT *, row_number() OVER () AS rank FROM gigs) AS gigs
            """,
            """
            INSERT INTO applications (id, gig_id, worker_id, message, flow, status, version, created_at, updated_at)
            SELECT gen_random_uuid(), gigs.id, md5('crowd' || n)::uuid, 'I can do it', flow, 'applied', 1,
                   \(fragment: moment), \(fragment: moment)
              FROM gigs, generate_series(1, 400) AS n WHERE gigs.id IN (\(gig.id), \(job.id))
            """,
            """
            UPDATE applications SET worker_id = \(market.worker)
             WHERE id IN (SELECT id FROM applications WHERE flow = 'milestone_capture' AND gig_id <> \(gig.id) LIMIT 400)
                OR id IN (SELECT id FROM applications WHERE flow = 'escrow_checkout' AND gig_id <> \(job.id) LIMIT 400)
            """,
            """
            INSERT INTO engagements
                (negotiation_id, application_id, gig_id, is_confirmed, is_live, reserved_at, state, round_number, sequence)
            SELECT gen_random_uuid(), id, gig_id, true, true, created_at, 'in_progress', 1, 1
              FROM applications WHERE flow = 'milestone_capture' AND status = 'shortlisted' AND gig_id <> \(gig.id)
            """,
            """
            INSERT INTO hirings
                (contract_id, job_id, freelancer_id, is_confirmed, has_started, stage, made_at, sequence)
            SELECT gen_random_uuid(), gig_id, worker_id, true, false, 'open', created_at, 1
              FROM applications WHERE flow = 'escrow_checkout' AND status = 'shortlisted' AND gig_id <> \(job.id)
            """,
            """
            INSERT INTO outbox (id, aggregate, sequence, name, recipients, data, created_at, destination)
            SELECT gen_random_uuid(), gen_random_uuid(), 1, 'gig.created', '{}', '{}', \(fragment: moment), 'notifications'
              FROM generate_series(1, 12000) AS n
            """,
        ]
    }
}
