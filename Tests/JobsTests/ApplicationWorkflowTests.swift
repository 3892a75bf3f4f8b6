import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: only the owner sees and decides on the applications to a gig, and both sides are told.
@Suite struct ApplicationWorkflowTests {
    private func received(
        _ gig: GigID, _ status: ApplicationStatus? = nil, by owner: AccountID? = nil,
        after cursor: PageCursor? = nil,
        limit: Int = 100, in market: Market
    ) async throws -> Page<(application: Application, worker: PublicProfile)> {
        try await market.applications.page(
            to: gig, in: status, by: owner ?? market.owner, after: cursor, limit: limit, at: market.clock.now)
    }

    @Test(arguments: ApplicationStatus.allCases, [ApplicationStatus.shortlisted, .rejected])
    func `a decision is told to both sides, and the same decision again to nobody`(
        from: ApplicationStatus, decision: ApplicationStatus
    ) async throws {
        try await Market.with { market in
            let gig = try await market.post(title: "Linker work")
            let application = try await market.application(from, to: gig)
            try await market.forgetAnnouncements()
            market.clock.advance(by: .seconds(1))
            let decided = try await market.decide(decision, on: application.id, of: gig.id)
            #expect(try await market.mine().map(\.application) == [decided])
            let told = try await market.announced()
            guard from != decision else {
                #expect(decided == application)
                #expect(told.isEmpty)
                return
            }
            #expect(decided.status == decision && decided.version == application.version + 1)
            #expect(decided.updatedAt == market.clock.now && decided.createdAt == application.createdAt)
            #expect(told.map(\.name) == ["gig.application.updated"])
            #expect(told.map(\.destination) == ApplicationUpdated.destinations.map(\.rawValue))
            #expect(told.first?.recipients == [market.owner, market.worker])
            #expect(told.first?.aggregate.uuid == application.id.uuid)
            #expect(told.first?.sequence == decided.version)
            #expect(told.first?.data["status"] == .string(decision.rawValue))
            #expect(told.first?.data["gig_title"] == "Linker work")
        }
    }

    @Test(arguments: GigStatus.allCases)
    func `others neither see nor decide, the applicant among them`(status: GigStatus) async throws {
        try await Market.with { market in
            let gig = try await market.post()
            let application = try await market.apply(to: gig.id)
            try await market.change(gig.id, GigUpdate(status: status))
            try await market.forgetAnnouncements()
            for other in [market.worker, market.stranger] {
                let refusal: GigError =
                    status == .active ? .notTheOwner(other, of: gig.id) : .notFound(gig.id)
                await #expect(throws: refusal) { try await received(gig.id, by: other, in: market) }
                await #expect(throws: refusal) {
                    try await market.decide(.shortlisted, on: application.id, of: gig.id, by: other)
                }
            }
            #expect(try await market.mine().map(\.application) == [application])
            #expect(try await market.announced().isEmpty)
            #expect(market.peers.asked.isEmpty)
        }
    }

    @Test(arguments: GigStatus.allCases)
    func `the owner sees and decides in every state of the gig`(status: GigStatus) async throws {
        try await Market.with { market in
            let gig = try await market.post()
            let application = try await market.apply(to: gig.id)
            try await market.change(gig.id, GigUpdate(status: status))
            let decided = try await market.decide(.shortlisted, on: application.id, of: gig.id)
            let seen = try await received(gig.id, in: market)
            #expect(seen.items.map(\.application) == [decided])
            #expect(seen.items.first?.worker.displayName == FakePeers.name(of: market.worker))
        }
    }

    @Test func `an application is found under its own gig only`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            let application = try await market.apply(to: gig.id)
            let other = try await market.post()
            let missing = ApplicationID.make(at: .start)
            await #expect(throws: ApplicationError.notFound(application.id)) {
                try await market.decide(.shortlisted, on: application.id, of: other.id)
            }
            await #expect(throws: ApplicationError.notFound(missing)) {
                try await market.decide(.shortlisted, on: missing, of: gig.id)
            }
            let foreign = try await market.post(by: market.stranger)
            await #expect(throws: ApplicationError.notFound(application.id)) {
                try await market.decide(.shortlisted, on: application.id, of: foreign.id, by: market.stranger)
            }
            #expect(try await market.mine().map(\.application) == [application])
        }
    }

    @Test func `a decision on a version that is not the present one is refused`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            let application = try await market.apply(to: gig.id)
            let decided = try await market.decide(.rejected, on: application.id, of: gig.id)
            try await market.forgetAnnouncements()
            await #expect(throws: Refusal(.preconditionFailed, "2")) {
                try await market.applications.decide(
                    application.id, of: gig.id, .shortlisted, by: market.owner, at: market.clock.now,
                    expecting: onlyVersion(1))
            }
            #expect(try await market.mine().map(\.application) == [decided])
            #expect(try await market.announced().isEmpty)
        }
    }

    @Test func `the same decision made at the same time is one`() async throws {
        try await Market.with { market in
            let application = try await market.application(.applied)
            let decisions = await attempts(8) {
                try await market.decide(.shortlisted, on: application.id, of: application.gigID)
            }
            #expect(decisions.successes.count == 8)
            #expect(decisions.successes.allSatisfy { $0.status == .shortlisted && $0.version == 2 })
            #expect(try await market.names().count { $0 == "gig.application.updated" } == 1)
        }
    }

    @Test func `the owner's list is filtered by status, newest first, page after page`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            var all: [Application] = []
            for number in 0..<11 {
                if number % 2 == 0 { market.clock.advance(by: .seconds(1)) }
                let application = try await market.apply(to: gig.id, by: .make(at: .start))
                let status = ApplicationStatus.allCases[number % 3]
                all.append(
                    status == .applied
                        ? application : try await market.decide(status, on: application.id, of: gig.id))
            }
            // To another gig, so it is not shown.
            try await market.application(.shortlisted)
            all.sort { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }
            for status in [nil] + ApplicationStatus.allCases.map(Optional.some) {
                var seen: [Application] = []
                var cursor: PageCursor?
                repeat {
                    let page = try await received(gig.id, status, after: cursor, limit: 2, in: market)
                    #expect(page.items.allSatisfy { $0.application.workerID == $0.worker.userID })
                    seen += page.items.map(\.application)
                    cursor = page.nextCursor.flatMap { PageCursor($0) }
                } while cursor != nil
                #expect(seen == all.filter { status == nil || $0.status == status })
            }
        }
    }

    @Test func `applicants who are gone do not end the list`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            var workers: [AccountID] = []
            for _ in 0..<6 {
                market.clock.advance(by: .seconds(1))
                workers.append(try await market.apply(to: gig.id, by: .make(at: .start)).workerID)
            }
            let gone = [workers[5], workers[3], workers[2]]
            market.peers.change { $0.gone = Set(gone) }
            var seen: [AccountID] = []
            var cursor: PageCursor?
            repeat {
                let page = try await received(gig.id, after: cursor, limit: 2, in: market)
                seen += page.items.map(\.worker.userID)
                cursor = page.nextCursor.flatMap { PageCursor($0) }
            } while cursor != nil
            #expect(seen == [workers[4], workers[1], workers[0]])
            #expect(market.peers.asked == [2, 2, 2])
        }
    }

    @Test func `talent is asked for the page and nothing more, and not at all for an empty one`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            #expect(try await received(gig.id, in: market).items.isEmpty)
            #expect(market.peers.asked.isEmpty)
            try await market.database.execute(
                """
                INSERT INTO applications (id, gig_id, worker_id, status, created_at, updated_at)
                SELECT gen_random_uuid(), \(gig.id), gen_random_uuid(), 'applied', \(market.clock.now),
                       \(market.clock.now)
                  FROM generate_series(1, 101)
                """)
            let page = try await received(gig.id, limit: 100, in: market)
            #expect(page.items.count == 100)
            #expect(page.nextCursor != nil)
            #expect(market.peers.asked == [100])
        }
    }

    @Test func `without talent the owner is told to come back`() async throws {
        try await Market.with { market in
            let application = try await market.application(.applied)
            market.peers.change { $0.fault = OutboundError.timedOut }
            await #expect(throws: OutboundError.timedOut) {
                try await received(application.gigID, in: market)
            }
            #expect(try await received(application.gigID, in: market).items.count == 1)
        }
    }

    @Test func `freelancers see their own applications, filtered by status and gig`() async throws {
        try await Market.with { market in
            var gigs: [Gig] = []
            for (number, status) in ApplicationStatus.allCases.enumerated() {
                market.clock.advance(by: .seconds(1))
                let gig = try await market.post(
                    title: "Gig \(number)", by: number == 0 ? market.stranger : nil)
                try await market.apply(to: gig.id, by: .make(at: .start))
                if number == 0 {
                    try await market.apply(to: gig.id)
                } else {
                    try await market.application(status, to: gig)
                }
                gigs.append(gig)
            }
            func own(_ status: ApplicationStatus?, _ gig: GigID?) async throws -> [String] {
                try await market.own(in: status, to: gig).items.map(\.gigTitle)
            }
            #expect(try await own(nil, nil) == ["Gig 2", "Gig 1", "Gig 0"])
            for (number, status) in ApplicationStatus.allCases.enumerated() {
                #expect(try await own(status, nil) == ["Gig \(number)"])
                #expect(try await own(nil, gigs[number].id) == ["Gig \(number)"])
                #expect(try await own(status, gigs[(number + 1) % 3].id) == [])
            }
            #expect(try await market.own(of: market.owner).items.isEmpty)
        }
    }

    @Test func `one's own applications stay in the list when the gig is closed, under its present title`()
        async throws
    {
        try await Market.with { market in
            let application = try await market.application(.applied)
            try await market.change(application.gigID, GigUpdate(title: "Renamed", status: .closed))
            let mine = try await market.mine()
            #expect(mine.map(\.application) == [application])
            #expect(mine.map(\.gigTitle) == ["Renamed"])
            #expect(mine.first?.engagement == nil)
        }
    }

    @Test(arguments: [1, 2, 5, 6])
    func `pages of one's own applications go on where the last one ended`(limit: Int) async throws {
        try await Market.with { market in
            var all: [Application] = []
            for number in 0..<6 {
                if number % 2 == 0 { market.clock.advance(by: .seconds(1)) }
                all.append(try await market.application(.applied))
            }
            var seen: [Application] = []
            var cursor: PageCursor?
            repeat {
                let page = try await market.own(after: cursor, limit: limit)
                seen += page.items.map(\.application)
                cursor = page.nextCursor.flatMap { PageCursor($0) }
            } while cursor != nil
            #expect(seen == all.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) })
        }
    }
}
