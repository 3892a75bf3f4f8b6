import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: contracts of another Skillhouse come once, as far as they were, and go on from there.
@Suite struct ContractImportTests {
    private let job = GigID.make(at: .start)

    private func contract(
        in deals: Deals, _ number: Int, _ status: CheckoutContractStatus, for job: GigID? = nil
    ) -> ImportedContract {
        var contract = ImportedContract(
            id: .make(at: .start), number: "CON\(number)", jobID: job ?? self.job, jobTitle: "A parser",
            clientID: deals.client, freelancerID: deals.worker, amount: 100_000, status: status,
            releaseFundStatus: .notRequested, createdAt: Timestamp.start - .days(9), updatedAt: .start)
        if status != .pending, status != .canceled {
            contract.approvedAt = Timestamp.start - .days(8)
            contract.paidAt = Timestamp.start - .days(7)
            contract.startedAt = Timestamp.start - .days(7)
            contract.checkoutID = .make(at: .start)
        }
        if [.ongoing, .completed].contains(status) { contract.ongoingAt = Timestamp.start - .days(6) }
        if status == .completed { contract.completedAt = Timestamp.start - .days(5) }
        if status == .canceled { contract.canceledAt = Timestamp.start - .days(5) }
        return contract
    }

    @Test func `a contract comes once, and its freelancer goes on with it`() async throws {
        try await Deals.with { (deals) async throws in
            let imports = ContractImportWorkflow(database: deals.database)
            let contract = contract(in: deals, 10_000_001, .started)
            #expect(try await imports.bring([contract], isRehearsal: true) == [.imported])
            for outcome in [ImportOutcome.imported, .present] {
                #expect(try await imports.bring([contract]) == [outcome])
            }
            #expect(try await imports.bring([contract], isRehearsal: true) == [.present])
            #expect(try await deals.hireNews().isEmpty)
            let ongoing = try await deals.hires.set(.ongoing, of: contract.id, by: deals.worker, expecting: anyVersion)
            #expect(ongoing.status == .ongoing && ongoing.version == 2)
            #expect(try await deals.hireNews().map(\.contractID) == [contract.id])
        }
    }

    @Test func `every status comes, and what contradicts itself does not`() async throws {
        try await Deals.with { (deals) async throws in
            let imports = ContractImportWorkflow(database: deals.database)
            let all = CheckoutContractStatus.allCases.enumerated().map {
                contract(in: deals, 10_000_000 + $0.offset, $0.element, for: .make(at: .start))
            }
            #expect(try await imports.bring(all).allSatisfy { $0 == .imported })
            var early = contract(in: deals, 10_000_010, .started)
            early.completedAt = .start
            var unpaid = contract(in: deals, 10_000_011, .ongoing)
            unpaid.checkoutID = nil
            var released = contract(in: deals, 10_000_012, .pending)
            released.releaseFundStatus = .approved
            #expect(
                try await imports.bring([early, unpaid, released]).map(\.field) == ["status", "escrowPaid", "status"])
        }
    }

    @Test func `a job has one contract, and a number is one contract's`() async throws {
        try await Deals.with { (deals) async throws in
            let imports = ContractImportWorkflow(database: deals.database)
            let outcomes = try await imports.bring([
                contract(in: deals, 10_000_001, .canceled), contract(in: deals, 10_000_002, .started),
                contract(in: deals, 10_000_003, .started),
                contract(in: deals, 10_000_002, .pending, for: .make(at: .start)),
            ])
            #expect(outcomes.map(\.field) == [nil, nil, "jobId", "contractId"])
        }
    }

    @Test func `a review of a completed contract is public, once`() async throws {
        try await Deals.with { (deals) async throws in
            let imports = ContractImportWorkflow(database: deals.database)
            let (done, open) = (
                contract(in: deals, 10_000_001, .completed),
                contract(in: deals, 10_000_002, .ongoing, for: .make(at: .start))
            )
            _ = try await imports.bring([done, open])
            func review(of contract: ContractID, _ id: ReviewID = .make(at: .start)) -> ImportedReview {
                ImportedReview(id: id, contractID: contract, rating: 4, description: "Good.", createdAt: .start)
            }
            let first = review(of: done.id)
            #expect(try await imports.bring([first]) == [.imported])
            let outcomes = try await imports.bring([first, review(of: done.id), review(of: open.id)])
            #expect(outcomes.map(\.result) == [.present, .refused, .refused])
            let shown = try await deals.reviews.page(
                byClientsOf: deals.worker, from: PagePlace(page: 1, limit: 50, cursor: nil))
            #expect(shown.page.items.map(\.review.id) == [first.id])
            #expect(try await deals.hire(done.id).reviewedAt == .start)
        }
    }
}
