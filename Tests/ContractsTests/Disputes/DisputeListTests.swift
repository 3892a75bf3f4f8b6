import ServiceKit
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: a party finds its own disputes, an admin all, and those that wait for a decision come first.
@Suite struct DisputeListTests {
    private func pages(
        for account: AccountID, isAdmin: Bool = false, in state: DisputeStatus? = nil, limit: Int = 2, _ deals: Deals
    ) async throws -> [DisputeID] {
        var seen: [DisputeID] = []
        var cursor: DisputeCursor?
        repeat {
            let page = try await deals.disputes.page(
                for: .sample(account, isAdmin: isAdmin), in: state, after: cursor, limit: limit)
            #expect(page.items.allSatisfy { $0.contract.id == $0.dispute.contractID })
            seen += page.items.map(\.dispute.id)
            cursor = try DisputeEndpoints.cursor.value(of: page.nextCursor)
        } while cursor != nil
        return seen
    }

    @Test func `those that are not resolved come first, the newest among them before the others, page after page`()
        async throws
    {
        try await Deals.with { deals in
            var disputes: [Dispute] = []
            for number in 0..<7 {
                if number % 2 == 0 { deals.clock.advance(by: .seconds(1)) }
                disputes.append(try await deals.disputed())
            }
            for number in [1, 4, 5] {
                _ = try await deals.resolutions.resolve(
                    disputes[number].id, as: DecisionInput(outcome: .worker), by: .make(at: .start),
                    expecting: anyVersion)
            }
            func ordered(_ numbers: [Int]) -> [DisputeID] {
                numbers.map { disputes[$0] }.sorted { ($0.createdAt, $0.id) > ($1.createdAt, $1.id) }.map(\.id)
            }
            let (open, resolved) = (ordered([0, 2, 3, 6]), ordered([1, 4, 5]))
            for limit in [1, 2, 3, 7] {
                #expect(try await pages(for: deals.client, limit: limit, deals) == open + resolved)
            }
            #expect(try await pages(for: deals.worker, deals) == open + resolved)
            #expect(try await pages(for: .make(at: .start), isAdmin: true, deals) == open + resolved)
            #expect(try await pages(for: .make(at: .start), deals).isEmpty)
            #expect(try await pages(for: deals.client, in: .open, deals) == open)
            #expect(try await pages(for: deals.client, in: .resolved, deals) == resolved)
            #expect(try await pages(for: deals.client, in: .responded, deals).isEmpty)
        }
    }

    @Test func `a cursor is read as it was written, and nothing else is one`() throws {
        for isResolved in [false, true] {
            let cursor = DisputeCursor(isResolved: isResolved, place: PageCursor(.start, DisputeID.make(at: .start)))
            #expect(DisputeCursor("\(cursor)") == cursor)
            #expect(try DisputeEndpoints.cursor.value(of: "\(cursor)") == cursor)
        }
        for text in ["", "open.", "open", "\(PageCursor(.start, DisputeID.make(at: .start)))", "closed.x"] {
            #expect(throws: InvalidParameter.self) { try DisputeEndpoints.cursor.value(of: text) }
        }
    }
}
