import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: nobody leaves with the money of a hire in escrow, and what is not paid ends with the account.
@Suite struct HireDepartureTests {
    @Test func `money in escrow keeps both parties, until it is released or divided`() async throws {
        try await Deals.with { deals in
            let canceled = try await deals.startedHire()
            let completed = try await deals.completedHire()
            for account in [deals.client, deals.worker] {
                let blockers = try await deals.departures.depart(account)
                #expect(
                    Set(blockers) == [
                        DeletionBlocker(.money, of: nil, in: canceled.id),
                        DeletionBlocker(.money, of: nil, in: completed.id),
                    ])
            }
            _ = try await deals.settlements.cancel(canceled.id, .none)
            try await deals.hires.requestRelease(of: completed.id, by: deals.client, expecting: anyVersion)
            #expect(try await deals.departures.depart(deals.client).map(\.contractID) == [completed.id])
            _ = try await deals.settlements.release(completed.id)
            #expect(try await deals.departures.depart(deals.client).isEmpty)
        }
    }

    @Test func `who is being deleted is kept out of every move of a hire, and so is the other party`() async throws {
        try await Deals.with { (deals) async throws in
            let hire = try await deals.hired()
            _ = try await deals.departures.depart(deals.worker)
            await #expect(throws: ActionError.partyIsLeaving) { _ = try await deals.hired() }
            await #expect(throws: ActionError.partyIsLeaving) {
                _ = try await deals.hires.approve(hire.id, by: deals.worker, expecting: anyVersion)
            }
            await #expect(throws: ActionError.partyIsLeaving) { try await deals.cancel(hire) }
            #expect(try await deals.hire(hire.id) == hire)
        }
    }

    @Test func `a hire that is not paid is canceled with the account, by nobody`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.approvedHire()
            #expect(try await deals.departures.depart(deals.worker).isEmpty)
            try await deals.tell(.accountDeleted, ["user_id": .string("\(deals.worker)")])
            try await deals.runScheduled("the hire is canceled") {
                try await deals.hire(hire.id).status == .canceled
            }
            let after = try await deals.hire(hire.id)
            #expect(after.cancellation == .none && after.deletedAt == nil)
            #expect(try await deals.hireNews().last?.status == .canceled)
        }
    }

    @Test func `open hires count as deals of both`() async throws {
        try await Deals.with { deals in
            _ = try await deals.hired()
            _ = try await deals.startedHire()
            _ = try await deals.completedHire()
            _ = try await deals.negotiated()
            let client = try await deals.negotiations.openDeals(of: deals.client)
            let worker = try await deals.negotiations.openDeals(of: deals.worker)
            #expect(client.asClient == 3 && client.asWorker == 0 && worker.asWorker == 3)
        }
    }
}
