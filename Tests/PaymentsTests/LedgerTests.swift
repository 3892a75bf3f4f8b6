import Postgres
import ServiceKit
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
                "DELETE FROM ledger_transactions", "TRUNCATE ledger_accounts CASCADE",
            ] {
                let error = await refusal {
                    try await database.transaction { try await $0.script(statement, within: .seconds(60)) }
                }
                #expect(error?.constraint == "append_only", "\(statement)")
            }
        }
    }

    @Test func `a balance moves by entries alone, and an old transaction takes no more of them`() async throws {
        try await with { (database) async throws in
            for payment in ["pi_1", "pi_2"] {
                _ = try await post(.capture(milestone, payment, .usd(cents: 100)), database)
            }
            for statement in [
                "UPDATE ledger_accounts SET balance = balance + 1", "UPDATE ledger_accounts SET floor = NULL",
                "DELETE FROM ledger_accounts",
                "INSERT INTO ledger_accounts (id, unit, balance) VALUES ('loss:inr', 'inr', 7)",
            ] {
                let error = await refusal {
                    try await database.transaction { try await $0.script(statement, within: .seconds(60)) }
                }
                #expect(error?.constraint == "moved_by_entries", "\(statement)")
            }
            let error = await refusal {
                try await database.transaction { tx in
                    try await Ledger().open(.revenue(.usd), in: tx)
                    try await Ledger().open(.loss(.usd), in: tx)
                    try await tx.execute(
                        """
                        INSERT INTO ledger_entries (transaction_id, account_id, unit, amount)
                        SELECT t.id, a.account, 'usd', a.amount
                          FROM ledger_transactions t, (VALUES ('loss:usd', -5::bigint), ('revenue:usd', 5)) a (account, amount)
                         WHERE t.key = 'payment:pi_1:capture'
                        """)
                }
            }
            #expect(error?.isCheckViolation(of: "entries_balance") == true)
            #expect(try await Ledger().balance(of: .escrow(milestone, .usd), in: database) == 200)
        }
    }

    @Test func `each entry tells what its account held afterwards, and what caused it`() async throws {
        try await with { (database) async throws in
            let cause = Posting.Cause(action: "milestone:1:capture:1", requestID: "req_1")
            for (payment, cents) in [("pi_1", Int64(70)), ("pi_2", 30)] {
                _ = try await database.transaction {
                    try await Ledger().post(
                        .capture(milestone, payment, .usd(cents: cents)), because: cause, at: Self.now, in: $0)
                }
            }
            let entries = try await Ledger().entries(of: milestone, in: database)
            let account = LedgerAccount.escrow(milestone, .usd).id
            #expect(entries.filter { $0.account == account }.map { $0.balance?.minorUnits } == [70, 100])
            #expect(entries.filter { $0.account != account }.map { $0.balance?.minorUnits } == [-70, -100])
            #expect(entries.allSatisfy { $0.action == cause.action && $0.requestID == cause.requestID })
            _ = try await RequestTrace.$current.withValue(RequestTrace(requestID: "req_2")) {
                try await post(.refund(milestone, by: "r", .usd(cents: 1)), database)
            }
            #expect(try await Ledger().entries(of: milestone, in: database).last?.requestID == "req_2")
        }
    }

    @Test func `an account of no kind is not opened`() async throws {
        try await with { (database) async throws in
            let stray = LedgerAccount(id: "pocket:mine", unit: .usd)
            let posting = Posting(.capture, key: "stray", of: worker.uuid, [(.provider(.usd), -1), (stray, 1)])
            let error = await refusal { _ = try await post(posting, database) }
            #expect(error?.isCheckViolation(of: "known_account") == true)
        }
    }

    @Test func `an arbitration fee that is only owed is not revenue`() async throws {
        try await with { (database) async throws in
            let dispute = DisputeID.make(at: Self.now)
            let fee = Money.usd(cents: 15_000)
            _ = try await post(.arbitration(dispute, worker, fee), database)
            let ledger = Ledger()
            #expect(try await ledger.balance(of: .revenue(.usd), in: database) == 0)
            #expect(try await ledger.balance(of: .accrued(.usd), in: database) == 15_000)
            #expect(try await ledger.balance(of: .owed(worker, .usd), in: database) == -15_000)
            _ = try await post(.arbitrationPaid(dispute, worker, fee), database)
            #expect(try await ledger.balance(of: .revenue(.usd), in: database) == 15_000)
            #expect(try await ledger.balance(of: .accrued(.usd), in: database) == 0)
            #expect(try await ledger.balance(of: .owed(worker, .usd), in: database) == 0)
        }
    }

    /// Two postings in one transaction, which lock `provider` first, against one that needs both.
    @Test func `payouts and releases at the same time never wait for each other in a circle`() async throws {
        try await with { (database) async throws in
            let split = FeeSplit(.usd(cents: 100), basisPoints: 500)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for round in 0..<60 {
                    let milestone = MilestoneID.make(at: Self.now)
                    group.addTask {
                        try await database.transaction { tx in
                            try await Ledger().post(
                                .capture(milestone, "pi_\(round)", .usd(cents: 100)), at: Self.now, in: tx)
                            try await Ledger().post(.release(milestone, to: worker, split), at: Self.now, in: tx)
                        }
                        _ = try await post(.transfer(milestone, to: worker, split.earning), database)
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await Ledger().balance(of: .payable(worker, .usd), in: database) == 0)
            #expect(try await Ledger().balance(of: .provider(.usd), in: database) == -300)
        }
    }

    @Test func `postings that open an account at the same moment all succeed`() async throws {
        try await with { (database) async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<500 {
                            // A new account for each half of a millisecond, which the first to come opens.
                            let unopened: SQL = "'payable:' || floor(extract(epoch FROM clock_timestamp()) * 2000)"
                            try await database.transaction {
                                try await $0.execute("SELECT ledger_open(\(fragment: unopened), 'usd')")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `an account counts in one unit`() async throws {
        try await with { (database) async throws in
            _ = try await post(.openingCredits(worker, 10), database)
            let rupees = LedgerAccount(id: LedgerAccount.credits(worker).id, unit: .inr)
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
