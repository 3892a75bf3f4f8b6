import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: the books can be read, page by page, and tell of each movement what caused it.
@Suite struct LedgerReadingTests {
    @Test func `an account is read newest first, page by page, while more is posted`() async throws {
        try await PaymentsWorld.with { world in
            let ledger = world.features.ledger
            func post(_ number: Int) async throws {
                try await world.database.transaction { tx in
                    _ = try await Ledger().post(
                        .capture(.make(at: .start), "pi_\(number)", .usd(cents: 100)), at: .start, in: tx)
                }
            }
            for number in 1...5 { try await post(number) }
            let first = try await ledger.account("provider:usd", after: nil, limit: 3)
            #expect(first.account == OpenAccount(id: "provider:usd", unit: .usd, balance: -500))
            #expect(first.entries.items.map(\.balance) == [-500, -400, -300])
            try await post(6)
            let cursor = try #require(first.entries.nextCursor.flatMap { PageCursor($0) })
            let second = try await ledger.account("provider:usd", after: cursor, limit: 3)
            #expect(second.entries.items.map(\.balance) == [-200, -100] && second.entries.nextCursor == nil)
            await #expect(throws: LedgerError.noSuchAccount("provider:inr")) {
                _ = try await ledger.account("provider:inr", after: nil, limit: 3)
            }
        }
    }

    @Test func `what a resumed action posts names the request that began it`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            try await world.breakBooks()
            await #expect(throws: PostgresError.self) {
                _ = try await RequestTrace.$current.withValue(RequestTrace(requestID: "req_release")) {
                    try await world.escrows.release(deal.milestone)
                }
            }
            try await world.mendBooks()
            try await world.escrows.resume("milestone:\(deal.milestone):capture:1")
            let entries = try await world.features.ledger.entries(of: [deal.milestone], [], isWhole: false)
            #expect(entries.count == 5)
            #expect(entries.allSatisfy { $0.requestID == "req_release" })
            #expect(entries.allSatisfy { $0.action == "milestone:\(deal.milestone):capture:1" })
            // A party sees what its own milestone held, and not what the platform and others have.
            let escrow = "escrow:\(deal.milestone)"
            #expect(entries.allSatisfy { ($0.balance != nil) == ($0.account == escrow) })
            let whole = try await world.features.ledger.entries(of: [deal.milestone], [], isWhole: true)
            #expect(whole.allSatisfy { $0.balance != nil })
        }
    }
}
