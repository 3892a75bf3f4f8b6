import Postgres
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: the database itself keeps the ledger correct, even if the code is wrong.
@Suite struct LedgerTests {
    static let now = Timestamp.start
    let milestone = MilestoneID.make(at: now)
    let worker = AccountID.make(at: now)

    private func with(_ body: (Database) async throws -> Void) async throws {
        try await TestDatabase.use(of: .payments, body)
    }

    private func post(_ posting: Posting, _ database: Database) async throws -> Bool {
        try await database.transaction { try await Ledger().post(posting, at: Self.now, in: $0) } != nil
    }

    /// The error of PostgreSQL that `body` ends with.
    private func refusal(_ body: () async throws -> Void) async -> PostgresError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? PostgresError
        }
    }

    @Test func `capture, release and transfer end where they should`() async throws {
        try await with { (database) async throws in
            let amount = Money.usd(cents: 10_001)
            let split = FeeSplit(amount, basisPoints: 500)
            #expect(try await post(.capture(milestone, "pi_1", amount), database))
            #expect(try await post(.release(milestone, to: worker, split), database))
            let earning = split.earning
            #expect(try await post(.transfer(milestone, to: worker, earning), database))
            let ledger = Ledger()
            #expect(try await ledger.balance(of: .escrow(milestone, .usd), in: database) == 0)
            #expect(try await ledger.balance(of: .revenue(.usd), in: database) == 500)
            #expect(try await ledger.balance(of: .payable(worker, .usd), in: database) == 0)
            #expect(try await ledger.balance(of: .provider(.usd), in: database) == -500)
            let entries = try await ledger.entries(of: milestone, in: database)
            #expect(entries.count == 7)
            #expect(entries.map(\.amount.minorUnits).reduce(0, +) == 0)
            #expect(Set(entries.map(\.kind)) == [.capture, .release, .transfer])
        }
    }

    @Test func `a posting is made once under its key`() async throws {
        try await with { (database) async throws in
            #expect(try await post(.capture(milestone, "pi_1", .usd(cents: 7)), database))
            #expect(try await post(.capture(milestone, "pi_1", .usd(cents: 7)), database) == false)
            #expect(try await Ledger().balance(of: .escrow(milestone, .usd), in: database) == 7)
        }
    }

    @Test func `what does not balance is refused at commit, and leaves nothing`() async throws {
        try await with { (database) async throws in
            let unbalanced = Posting(
                .capture, key: "unbalanced", of: milestone.uuid,
                [(.provider(.usd), -100), (.escrow(milestone, .usd), 99)])
            let mixed = Posting(
                .capture, key: "mixed", of: milestone.uuid,
                [(.provider(.inr), -100), (.escrow(milestone, .usd), 100)])
            let empty = Posting(.capture, key: "empty", of: milestone.uuid, [])
            for posting in [unbalanced, mixed, empty] {
                let error = await refusal { _ = try await post(posting, database) }
                #expect(error?.isCheckViolation(of: "entries_balance") == true, "\(posting.key)")
            }
            #expect(try await Ledger().balance(of: .escrow(milestone, .usd), in: database) == 0)
            #expect(try await Ledger().entries(of: milestone, in: database).isEmpty)
        }
    }

    @Test func `no account falls below its floor`() async throws {
        try await with { (database) async throws in
            _ = try await post(.capture(milestone, "pi_1", .usd(cents: 100)), database)
            let tooMuch = Posting.release(milestone, to: worker, FeeSplit(.usd(cents: 101), basisPoints: 500))
            let error = await refusal { _ = try await post(tooMuch, database) }
            #expect(error?.isCheckViolation(of: "no_overdraft") == true)
            #expect(try await Ledger().balance(of: .escrow(milestone, .usd), in: database) == 100)
        }
    }

    @Test func `what was posted is never changed`() async throws {
        try await with { (database) async throws in
            _ = try await post(.capture(milestone, "pi_1", .usd(cents: 100)), database)
            for statement in [
                "UPDATE ledger_entries SET amount = amount + 1", "DELETE FROM ledger_entries",
                "TRUNCATE ledger_entries", "UPDATE ledger_transactions SET kind = 'release'",
                "DELETE FROM ledger_transactions",
            ] {
                let error = await refusal {
                    try await database.transaction { try await $0.script(statement, within: .seconds(5)) }
                }
                #expect(error?.constraint == "append_only", "\(statement)")
            }
        }
    }

    @Test func `an account counts in one unit`() async throws {
        try await with { (database) async throws in
            _ = try await post(.openingCredits(worker, 10), database)
            let rupees = LedgerAccount(id: LedgerAccount.credits(worker).id, unit: .inr, floor: 0)
            let posting = Posting(
                .capture, key: "rupees", of: worker.uuid, [(.provider(.inr), -1), (rupees, 1)])
            let error = await refusal { _ = try await post(posting, database) }
            #expect(error?.isForeignKeyViolation(of: "in_the_unit_of_its_account") == true)
        }
    }

    @Test func `postings at the same time all count, and never deadlock`() async throws {
        try await with { (database) async throws in
            let milestones = (0..<40).map { _ in MilestoneID.make(at: Self.now) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for milestone in milestones {
                    group.addTask {
                        _ = try await post(.capture(milestone, "pi_\(milestone)", .usd(cents: 20)), database)
                    }
                }
                try await group.waitForAll()
            }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for milestone in milestones + milestones {
                    group.addTask {
                        let split = FeeSplit(.usd(cents: 20), basisPoints: 500)
                        _ = try await post(.release(milestone, to: worker, split), database)
                    }
                }
                try await group.waitForAll()
            }
            let ledger = Ledger()
            #expect(try await ledger.balance(of: .provider(.usd), in: database) == -800)
            #expect(try await ledger.balance(of: .revenue(.usd), in: database) == 40)
            #expect(try await ledger.balance(of: .payable(worker, .usd), in: database) == 760)
            let drift: Int64 = try await database.one(
                """
                SELECT count(*) AS drifted FROM ledger_accounts a
                 WHERE balance <> (SELECT sum(amount)::bigint FROM ledger_entries e WHERE e.account_id = a.id)
                """
            ) { try $0.decode("drifted") }
            #expect(drift == 0)
        }
    }
}
