import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: a client reviews the freelancer of a completed hire once, and reviews of both flows are one's own.
@Suite struct HireReviewTests {
    private func rate(_ hire: Hire, in deals: Deals, _ rating: Int = 5) async throws -> Review {
        try await deals.reviews.rate(deals.worker, in: hire.id, rating, "On time.", by: deals.client)
    }

    private func shown(_ deals: Deals) async throws -> ReviewsOfWork {
        try await deals.reviews.page(
            byClientsOf: deals.worker, from: PagePlace(page: 1, limit: 50, cursor: nil))
    }

    @Test func `a review is public at once, on both surfaces`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.completedHire()
            let review = try await rate(hire, in: deals)
            #expect(review.status == .published && review.reviewerRole == .client && review.rating == 5)
            let here = try await shown(deals)
            #expect(here.count == 1 && here.page.items.map(\.review) == [review])
            #expect(here.page.items[0].number == hire.number && here.page.items[0].amount == hire.amount)
            #expect(here.surroundings.people[deals.client]?.name == "Ada")
            let there = try await deals.reviews.page(of: deals.worker, after: nil, limit: 50)
            #expect(there.items == [review])
        }
    }

    @Test func `reviews of both flows are shown together, those of freelancers elsewhere`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.completed()
            for party in [deals.client, deals.worker] {
                _ = try await deals.reviews.write(
                    ReviewInput(rating: 4), of: contract.id, by: party, expecting: anyVersion)
            }
            deals.clock.advance(by: .seconds(1))
            let review = try await rate(try await deals.completedHire(), in: deals)
            let list = try await shown(deals)
            #expect(list.count == 2 && list.page.items.first?.review == review)
            #expect(list.page.items.last?.number == nil && list.page.items.last?.jobID == contract.gigID)
            #expect(try await deals.reviews.page(of: deals.client, after: nil, limit: 50).items.count == 1)
        }
    }

    @Test func `once, by its client, when the work is completed`() async throws {
        try await Deals.with { (deals) async throws in
            let ongoing = try await deals.ongoingHire()
            await #expect(throws: HireError.notNow(.review, .ongoing, allowed: ["refund"])) {
                try await rate(ongoing, in: deals)
            }
            let hire = try await deals.completedHire()
            await #expect(throws: HireError.notYours(.review)) {
                try await deals.reviews.rate(deals.worker, in: hire.id, 5, "Me.", by: deals.worker)
            }
            await #expect(throws: HireError.notFound) {
                try await deals.reviews.rate(deals.worker, in: hire.id, 5, "Me.", by: .make(at: .start))
            }
            let other = await #expect(throws: ReviewError.otherFreelancer) {
                try await deals.reviews.rate(.make(at: .start), in: hire.id, 5, "On time.", by: deals.client)
            }
            #expect(other?.code == .validationFailed && other?.issues.map(\.path) == ["freelancerId"])
            let rated = await attempts(3) { try await rate(hire, in: deals) }
            #expect(rated.successes.count == 1)
            #expect(rated.failures.allSatisfy { ($0 as? any APIError)?.code == .conflict })
            #expect(try await deals.hire(hire.id).nextActions.map(\.action) == ["release-fund"])
        }
    }

    @Test func `what an admin hides is gone everywhere`() async throws {
        try await Deals.with { deals in
            let review = try await rate(try await deals.completedHire(), in: deals)
            _ = try await deals.reviews.hide(review.id, by: .make(at: .start), expecting: anyVersion)
            let list = try await shown(deals)
            #expect(list.count == 0 && list.page.items.isEmpty)
        }
    }
}
