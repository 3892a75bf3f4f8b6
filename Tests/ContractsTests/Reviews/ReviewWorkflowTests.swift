import OutboundHTTP
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: nobody reads the other's review before writing their own, each party writes one, and a
/// published review is shown once.
@Suite struct ReviewWorkflowTests {
    private static let good = ReviewInput(rating: 5, reviewText: "It parses.")

    @Test func `a review waits for the other party's, and then both are published`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.completed()
            let first = try await deals.reviews.write(
                Self.good, of: contract.id, by: deals.client, expecting: anyVersion)
            #expect(first.status == .pending)
            #expect(first.publishedAt == nil)
            #expect(first.reviewed == deals.worker)
            #expect(try await deals.published(of: deals.worker).isEmpty)
            deals.clock.advance(by: .hours(1))
            let second = try await deals.reviews.write(
                ReviewInput(rating: 1), of: contract.id, by: deals.worker, expecting: anyVersion)
            #expect(second.status == .published)
            let ofWorker = try await deals.published(of: deals.worker)
            #expect(ofWorker.map(\.id) == [first.id])
            #expect(ofWorker.first?.rating == 5)
            #expect(ofWorker.first?.reviewText == "It parses.")
            #expect(ofWorker.first?.publishedAt == deals.clock.now)
            let ofClient = try await deals.published(of: deals.client)
            #expect(ofClient.map(\.id) == [second.id])
            #expect(ofClient.first?.reviewerRole == .worker)
            #expect(ofClient.first?.reviewText == nil)
        }
    }

    @Test func `a review that stays alone is published after 14 days, once`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.completed()
            let review = try await deals.reviews.write(
                Self.good, of: contract.id, by: deals.worker, expecting: anyVersion)
            deals.clock.advance(by: .days(14) - .seconds(1))
            try await deals.reviews.publishAlone(review.id)
            #expect(try await deals.published(of: deals.client).isEmpty)
            deals.clock.advance(by: .seconds(1))
            try await deals.runScheduled("the review is published") {
                try await !deals.published(of: deals.client).isEmpty
            }
            let published = try await deals.published(of: deals.client)
            #expect(published.map(\.publishedAt) == [review.createdAt + .days(14)])
            deals.clock.advance(by: .hours(1))
            let repeats = await attempts(4) { try await deals.reviews.publishAlone(review.id) }
            #expect(repeats.failures.isEmpty)
            #expect(try await deals.published(of: deals.client) == published)
            // A review written after that is published at once.
            let late = try await deals.reviews.write(
                Self.good, of: contract.id, by: deals.client, expecting: anyVersion)
            #expect(late.status == .published)
            #expect(try await deals.published(of: deals.client) == published)
        }
    }

    @Test func `both writing at the same time are both published`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.completed()
            let written = await attempts(8) { index in
                try await deals.reviews.write(
                    Self.good, of: contract.id, by: index.isMultiple(of: 2) ? deals.client : deals.worker,
                    expecting: anyVersion)
            }
            #expect(written.successes.count == 2)
            #expect(written.failures.count == 6)
            for failure in written.failures {
                guard case .alreadyReviewed = failure as? ReviewError else {
                    Issue.record("\(failure)")
                    continue
                }
            }
            #expect(try await deals.published(of: deals.client).count == 1)
            #expect(try await deals.published(of: deals.worker).count == 1)
        }
    }

    @Test func `a contract that is not completed is not reviewed`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            await #expect(
                throws: ActionError.notNow(.review, state: "active", allowed: ["release", "dispute", "end"])
            ) {
                try await deals.reviews.write(
                    Self.good, of: contract.id, by: deals.client, expecting: anyVersion)
            }
            #expect(try await deals.published(of: deals.worker).isEmpty)
        }
    }

    @Test func `strangers, second reviews and stale versions are refused`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.completed()
            func write(
                by author: AccountID, expecting check: @escaping @Sendable (Int64) throws -> Void = { _ in }
            ) async throws -> Review {
                try await deals.reviews.write(Self.good, of: contract.id, by: author, expecting: check)
            }
            await #expect(throws: ContractError.notFound) { try await write(by: .make(at: .start)) }
            await #expect(throws: Refusal.self) {
                try await write(by: deals.client) { version in
                    #expect(version == contract.version)
                    throw Refusal(.preconditionFailed, "\(version)")
                }
            }
            _ = try await write(by: deals.client)
            await #expect(throws: ReviewError.alreadyReviewed(allowed: [])) {
                try await write(by: deals.client)
            }
            let seen = try await deals.contracts.get(contract.id, by: deals.client)
            #expect(seen.version > contract.version)
            #expect(seen.nextActions(at: deals.clock.now).map(\.by) == [[.worker]])
            #expect(ReviewError.alreadyReviewed(allowed: []).code == .conflict)
        }
    }

    @Test func `the database takes one review of each party, too`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.completed()
            _ = try await deals.reviews.write(
                Self.good, of: contract.id, by: deals.client, expecting: anyVersion)
            let again = Review(Self.good, of: contract, by: .client, at: deals.clock.now)
            let error = await #expect(throws: PostgresError.self) {
                try await deals.database.transaction {
                    try await ReviewStore().insert(again, in: $0)
                }
            }
            #expect(error?.isUniqueViolation(of: "reviews_one_per_party") == true)
        }
    }

    @Test(arguments: [false, true])
    func `a review that an admin takes down is gone for good`(afterPublication: Bool) async throws {
        try await Deals.with { deals in
            let contract = try await deals.completed()
            let review = try await deals.reviews.write(
                Self.good, of: contract.id, by: deals.client, expecting: anyVersion)
            if afterPublication {
                _ = try await deals.reviews.write(
                    Self.good, of: contract.id, by: deals.worker, expecting: anyVersion)
            }
            let admin = AccountID.make(at: .start)
            let hidden = try await deals.reviews.hide(review.id, by: admin, expecting: anyVersion)
            #expect(hidden.status == .hidden)
            #expect(hidden.hiddenBy == admin)
            let again = try await deals.reviews.hide(
                review.id, by: .make(at: .start), expecting: anyVersion)
            #expect(again == hidden)
            deals.clock.advance(by: .days(15))
            try await deals.reviews.publishAlone(review.id)
            #expect(try await deals.published(of: deals.worker).isEmpty)
            if !afterPublication {
                let other = try await deals.reviews.write(
                    Self.good, of: contract.id, by: deals.worker, expecting: anyVersion)
                #expect(other.status == .published)
                #expect(try await deals.published(of: deals.worker).isEmpty)
            }
            #expect(try await deals.published(of: deals.client).count == 1)
            await #expect(throws: ReviewError.self) {
                try await deals.reviews.write(
                    Self.good, of: contract.id, by: deals.client, expecting: anyVersion)
            }
        }
    }

    @Test func `a review that does not exist, or has changed, is not taken down`() async throws {
        try await Deals.with { deals in
            await #expect(throws: ReviewError.notFound) {
                try await deals.reviews.hide(.make(at: .start), by: deals.client, expecting: anyVersion)
            }
            let contract = try await deals.completed()
            let review = try await deals.reviews.write(
                Self.good, of: contract.id, by: deals.client, expecting: anyVersion)
            await #expect(throws: Refusal.self) {
                try await deals.reviews.hide(review.id, by: .make(at: .start)) { version in
                    throw Refusal(.preconditionFailed, "\(version)")
                }
            }
            deals.clock.advance(by: .days(14))
            try await deals.reviews.publishAlone(review.id)
            #expect(try await deals.published(of: deals.worker).count == 1)
        }
    }

    @Test func `an unknown account has no reviews to read, and talent's silence is no answer`() async throws {
        try await Deals.with { deals in
            let nobody = AccountID.make(at: .start)
            deals.peers.change { $0.unknown = [nobody] }
            await #expect(throws: ReviewError.accountNotFound) { try await deals.published(of: nobody) }
            let known = try await deals.published(of: deals.worker)
            #expect(known.isEmpty)
            deals.peers.change { $0.faults = [OutboundError.timedOut] }
            await #expect(throws: OutboundError.self) { try await deals.published(of: deals.worker) }
        }
    }

    @Test func `pages go on where the last one ended, also when others are published meanwhile`()
        async throws
    {
        try await Deals.with { deals in
            func publish() async throws {
                let contract = try await deals.completed()
                for author in [deals.client, deals.worker] {
                    _ = try await deals.reviews.write(
                        Self.good, of: contract.id, by: author, expecting: anyVersion)
                }
                deals.clock.advance(by: .seconds(1))
            }
            for _ in 0..<3 { try await publish() }
            let first = try await deals.reviews.page(of: deals.worker, after: nil, limit: 2)
            #expect(first.items.count == 2)
            try await publish()
            let cursor = try #require(first.nextCursor.flatMap { PageCursor($0) })
            let second = try await deals.reviews.page(of: deals.worker, after: cursor, limit: 2)
            #expect(second.items.count == 1)
            #expect(second.nextCursor == nil)
            let all = try await deals.published(of: deals.worker)
            #expect(all.dropFirst().map(\.id) == (first.items + second.items).map(\.id))
        }
    }
}

extension Deals {
    /// The published reviews of an account.
    fileprivate func published(of account: AccountID) async throws -> [ReviewView] {
        try await reviews.page(of: account, after: nil, limit: 100).items.map(\.view)
    }
}
