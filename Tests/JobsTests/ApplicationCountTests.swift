import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import JobsService
@testable import SharedModels

/// The promise under test: a gig's owner sees in lists how many have applied and wait for an answer, and nobody else does.
@Suite struct ApplicationCountTests {
    @Test func `an owner's list counts those who applied, and those whom nobody has decided about`() async throws {
        try await Market.with { market in
            let (busy, quiet, foreign) = (
                try await market.post(), try await market.post(), try await market.post(by: market.stranger)
            )
            var applications: [Application] = []
            for _ in 0..<4 {
                applications.append(try await market.apply(to: busy.id, by: .make(at: market.clock.now)))
            }
            try await market.apply(to: foreign.id)
            try await market.decide(.shortlisted, on: applications[0].id, of: busy.id)
            try await market.decide(.rejected, on: applications[1].id, of: busy.id)
            for listing in [GigListing.own(nil), .own(.active), .waiting] {
                let counts = try await market.gigs.applicationCounts(to: [busy.id, quiet.id], in: listing)
                #expect(
                    counts == [
                        ApplicationCount(gigID: busy.id, total: 4, undecided: 2),
                        ApplicationCount(gigID: quiet.id, total: 0, undecided: 0),
                    ])
            }
            try await market.withdraw(applications[2].id, by: applications[2].workerID)
            let after = try await market.gigs.applicationCounts(to: [busy.id], in: .waiting)
            #expect(after == [ApplicationCount(gigID: busy.id, total: 3, undecided: 1)])
            #expect(try await market.gigs.applicationCounts(to: [], in: .own(.draft)) == [])
        }
    }

    @Test func `a list of everybody's gigs counts nothing, also of one's own`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            try await market.apply(to: gig.id)
            #expect(try await market.gigs.applicationCounts(to: [gig.id], in: .active) == nil)
        }
    }

    @Test func `no more than a thousand are counted`() async throws {
        try await Market.with { market in
            let gig = try await market.post()
            try await market.database.execute(
                """
                INSERT INTO applications (id, gig_id, worker_id, status, version, created_at, updated_at)
                SELECT gen_random_uuid(), \(gig.id), gen_random_uuid(), CASE WHEN n % 2 = 0 THEN 'applied' ELSE 'rejected' END, 1,
                       \(market.clock.now), \(market.clock.now)
                  FROM generate_series(1, 1500) AS n
                """)
            let counts = try await market.gigs.applicationCounts(to: [gig.id], in: .own(nil))
            #expect(counts == [ApplicationCount(gigID: gig.id, total: 1_000, undecided: 750)])
        }
    }
}
