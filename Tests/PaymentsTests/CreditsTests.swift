import Postgres
import TestSupport
import Testing

@testable import PaymentsService
@testable import SharedModels

/// The promise under test: credits are spent once, and never more than the account has.
@Suite struct CreditsTests {
    private static let admin = AccountID.make(at: .start)

    private func with(_ body: @Sendable @escaping (CreditsWorkflow, AccountID) async throws -> Void) async throws {
        try await PaymentsWorld.with { world in
            let account = AccountID.make(at: world.clock.now)
            let credits = CreditsWorkflow(
                database: world.database, clock: world.clock, peers: FakePeers(accounts: [account]))
            try await body(credits, account)
        }
    }

    private func spend(_ amount: Int64, for reference: String? = nil) -> CreditDeduction {
        CreditDeduction(amount: amount, reason: .matchDeduction, referenceID: reference)
    }

    @Test func `an account begins with ten credits and spends them`() async throws {
        try await with { (credits, account) async throws in
            #expect(try await credits.balance(of: account) == 10)
            let first = try await credits.deduct(spend(4), from: account)
            let second = try await credits.deduct(spend(6), from: account)
            #expect(first.balance == 6 && second.balance == 0)
            #expect(first.transactionID != second.transactionID)
            await #expect(throws: CreditsError.notEnough(balance: 0)) {
                _ = try await credits.deduct(spend(1), from: account)
            }
        }
    }

    @Test func `the same reference and reason are charged once`() async throws {
        try await with { (credits, account) async throws in
            let first = try await credits.deduct(spend(10, for: "match-1"), from: account)
            #expect(try await credits.deduct(spend(10, for: "match-1"), from: account) == first)
            await #expect(throws: CreditsError.otherAmount(10)) {
                _ = try await credits.deduct(spend(2, for: "match-1"), from: account)
            }
            #expect(try await credits.balance(of: account) == 0)
            let other = CreditDeduction(amount: 1, reason: .introDeduction, referenceID: "match-1")
            await #expect(throws: CreditsError.notEnough(balance: 0)) {
                _ = try await credits.deduct(other, from: account)
            }
        }
    }

    @Test func `deductions at the same time never spend more than there is`() async throws {
        try await with { (credits, account) async throws in
            let spent = await withTaskGroup(of: Int.self) { group in
                for _ in 0..<16 {
                    group.addTask { (try? await credits.deduct(spend(3), from: account)) == nil ? 0 : 1 }
                }
                return await group.reduce(0, +)
            }
            #expect(spent == 3)
            #expect(try await credits.balance(of: account) == 1)
        }
    }

    @Test func `looking at the balance writes nothing, also before the account is heard of`() async throws {
        try await PaymentsWorld.with { world in
            let account = AccountID.make(at: world.clock.now)
            let credits = CreditsWorkflow(
                database: world.database, clock: world.clock, peers: FakePeers(accounts: [account]))
            let posted = { () async throws -> Int64 in
                try await world.database.one("SELECT count(*) AS count FROM ledger_transactions") {
                    try $0.decode("count")
                }
            }
            #expect(try await credits.balance(of: account) == 10)
            #expect(try await posted() == 0)
            _ = try await credits.deduct(spend(3), from: account)
            #expect(try await posted() == 2)
            #expect(try await credits.balance(of: account) == 7)
            try await world.database.transaction { try await credits.open(account, isReturning: false, in: $0) }
            #expect(try await credits.balance(of: account) == 7)
            #expect(try await posted() == 2)
        }
    }

    @Test(arguments: [true, false])
    func `who had an account before is not welcomed again`(isHeardOf: Bool) async throws {
        try await PaymentsWorld.with { world in
            let account = AccountID.make(at: world.clock.now)
            let credits = CreditsWorkflow(
                database: world.database, clock: world.clock,
                peers: FakePeers(accounts: [account], returning: [account]))
            for _ in 0..<2 where isHeardOf {
                try await world.database.transaction { try await credits.open(account, isReturning: true, in: $0) }
            }
            #expect(try await credits.balance(of: account) == 0)
            await #expect(throws: CreditsError.notEnough(balance: 0)) {
                _ = try await credits.deduct(spend(1), from: account)
            }
            #expect(try await credits.grant(CreditGrant(userID: account, amount: 3), by: Self.admin).balance == 3)
            #expect(try await credits.deduct(spend(3), from: account).balance == 0)
        }
    }

    @Test func `granted credits are added to those there are, and can be spent`() async throws {
        try await with { (credits, account) async throws in
            let granted = try await credits.grant(CreditGrant(userID: account, amount: 90), by: Self.admin)
            #expect(granted.balance == 100)
            #expect(
                try await credits.grant(CreditGrant(userID: account, amount: 90), by: Self.admin).transactionID
                    != granted.transactionID
            )
            #expect(try await credits.deduct(spend(190), from: account).balance == 0)
            // The books name who gave them.
            let entries = try await Ledger().page(
                of: LedgerAccount.credits(account).id, after: nil, limit: 10, in: credits.database)
            #expect(entries.items.map(\.adminID) == [nil, Self.admin, Self.admin, nil])
        }
    }

    @Test func `the same reference gives once, also when it is asked for at once`() async throws {
        try await with { (credits, account) async throws in
            let grant = CreditGrant(userID: account, amount: 7, referenceID: "invoice-1")
            let answers = try await withThrowingTaskGroup(of: CreditMove.self) { group in
                for _ in 0..<8 { group.addTask { try await credits.grant(grant, by: Self.admin) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.transactionID)).count == 1)
            #expect(answers.allSatisfy { $0.balance == 17 })
            _ = try await credits.deduct(spend(10, for: "invoice-1"), from: account)
            #expect(try await credits.grant(grant, by: Self.admin).balance == 7)
        }
    }

    @Test func `nobody is given credits who is not there`() async throws {
        try await with { (credits, account) async throws in
            let stranger = AccountID.make(at: .start)
            await #expect(throws: CreditsError.accountNotFound(stranger)) {
                _ = try await credits.grant(CreditGrant(userID: stranger, amount: 1), by: Self.admin)
            }
            #expect(try await credits.balance(of: account) == 10)
        }
    }

    @Test func `one account's credits are not another's`() async throws {
        try await with { (credits, account) async throws in
            _ = try await credits.deduct(spend(10), from: account)
            #expect(try await credits.balance(of: .make(at: .start)) == 10)
        }
    }
}
