import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: both parties, and the services that follow, hear of each change once, in order.
@Suite struct HireEventTests {
    private func told(_ deals: Deals) async throws -> [JSONValue] {
        try await deals.database.all(
            "SELECT data::text AS data FROM outbox WHERE destination = 'notifications' ORDER BY position"
        ) { try JSONValue.parse(Array($0.decode("data", as: String.self).utf8)) }
    }

    @Test func `every step is told to services and to people, under the version that it made`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.completedHire()
            try await deals.hires.requestRelease(of: hire.id, by: deals.client, expecting: anyVersion)
            _ = try await deals.settlements.release(hire.id)
            let news = try await deals.hireNews()
            #expect(news.map(\.version) == Array(1...7))
            #expect(
                news.map(\.status) == [
                    .pending, .pending, .started, .ongoing, .completed, .completed, .completed,
                ])
            #expect(news.map(\.releaseFundStatus).suffix(3) == [.notRequested, .requested, .approved])
            let told = try await told(deals)
            #expect(
                told.map { $0["checkout"]?["change"]?.string } == [
                    "created", "approved", "paid", "progressed", "progressed", "release_requested", "released",
                ])
            #expect(
                told.map { $0["status"]?.string } == [
                    "pending_owner_approval", "pending_client_funding", "active", "active", "completed", "completed",
                    "completed",
                ])
            #expect(told.allSatisfy { $0["flow"] == "escrow_checkout" && $0["currency"] == "inr" })
            #expect(
                told.allSatisfy { $0["checkout"]?["amount_minor"] == 100_000 && $0["negotiation_id"]?.isNull == true })
        }
    }

    @Test func `a cancellation tells who and why`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.hired()
            try await deals.hires.cancel(
                hire.id, reason: "Another way", description: "", by: deals.worker, expecting: anyVersion)
            let last = try #require(try await told(deals).last)
            #expect(last["status"] == "cancelled" && last["checkout"]?["status"] == "Canceled")
            #expect(last["checkout"]?["canceled_by"] == "Freelancer")
            #expect(last["checkout"]?["cancel_reason"] == "Another way")
        }
    }

    @Test func `a contract of milestones tells its flow, and no checkout`() async throws {
        try await Deals.with { deals in
            _ = try await deals.agreed()
            let contract = try #require(try await told(deals).last { $0["milestones"] != nil })
            #expect(contract["flow"] == "milestone_capture" && contract["currency"] == "usd")
            #expect(contract["checkout"] == JSONValue.null && contract["negotiation_id"]?.string != nil)
        }
    }
}
