import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: an owner sees how many have applied to each gig, at the price of no further request.
@Suite struct OwnGigTests {
    private static let gig = Endpoints.gigs.list.operation.outputExample?["gigs"]?.array?.first ?? [:]

    /// The API lists one active gig.
    private func list(_ world: WebWorld, _ count: (total: Int64, undecided: Int64)?) throws {
        let id = try #require(Self.gig["id"])
        let counts: [JSONValue]? = count.map {
            [["gig_id": id, "total": .integer($0.total), "undecided": .integer($0.undecided)]]
        }
        world.api.answer(
            Endpoints.gigs.list,
            [
                "gigs": [Self.gig.with(["status": "active"])], "next_cursor": .null,
                "application_counts": counts.map { .array($0) } ?? .null,
            ])
    }

    @Test func `one's own gigs tell how many have applied, and how many wait`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            try list(world, (12, 3))
            let shown = try await browser.get("/gigs/mine").text
            #expect(shown.contains(">12 applicants</a>, 3 to decide"))
            try list(world, (1_000, 0))
            let many = try await browser.get("/gigs/mine").text
            #expect(many.contains(">1,000 or more applicants</a>") && !many.contains("to decide"))
            #expect(world.api.requests(to: Endpoints.applications.received).isEmpty)
        }
    }

    @Test func `a start page tells of applicants without asking for each gig`() async throws {
        try await WebWorld.run { world in
            try list(world, (5, 1))
            let shown = try await world.person(.client).get("/").text
            #expect(shown.contains("Look at 1 applicant<") && shown.contains(">5 applicants</a>, 1 to decide"))
            #expect(world.api.requests(to: Endpoints.applications.received).isEmpty)
        }
    }

    @Test func `the board tells nobody`() async throws {
        try await WebWorld.run { world in
            try list(world, nil)
            let shown = try await world.person().get("/gigs").text
            #expect(shown.contains("/gigs/") && !shown.contains("applicant"))
        }
    }
}
