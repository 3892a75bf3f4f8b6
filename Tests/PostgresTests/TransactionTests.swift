import TestSupport
import Testing

@testable import Postgres

/// The promise under test: a transaction happens as a whole, or not at all.
@Suite struct TransactionTests {
    private static let accounts = try? Migrator([
        (
            "0001_accounts.sql",
            """
            CREATE TABLE accounts (id bigint PRIMARY KEY, balance bigint NOT NULL);
            INSERT INTO accounts VALUES (1, 100), (2, 0);
            """
        )
    ])

    private func balance(_ id: Int, _ executor: some SQLExecutor) async throws -> Int {
        try await executor.one("SELECT balance FROM accounts WHERE id = \(id)") { try $0.decode("balance") }
    }

    @Test func `what a body did is committed when it returns`() async throws {
        try await TestDatabase.use(migrations: Self.accounts) { database in
            let moved = try await database.transaction { transaction in
                #expect(Transaction.isOpen)
                try await transaction.execute("UPDATE accounts SET balance = balance - 30 WHERE id = 1")
                try await transaction.execute("UPDATE accounts SET balance = balance + 30 WHERE id = 2")
                #expect(try await balance(2, database) == 0)
                return try await balance(2, transaction)
            }
            #expect(!Transaction.isOpen)
            #expect(moved == 30)
            #expect(try await balance(1, database) == 70)
        }
    }

    @Test func `what is to follow a commit comes after it, and not after an error`() async throws {
        struct Refused: Error {}
        try await TestDatabase.use(migrations: Self.accounts) { database in
            let told = Shared<[String]>([])
            database.afterCommit { told.change { $0.append("at once") } }
            #expect(told.value == ["at once"])
            try await database.transaction { transaction in
                transaction.afterCommit { told.change { $0.append("committed") } }
                #expect(told.value == ["at once"])
            }
            #expect(told.value == ["at once", "committed"])
            await #expect(throws: Refused.self) {
                try await database.transaction { transaction in
                    transaction.afterCommit { told.change { $0.append("never") } }
                    throw Refused()
                }
            }
            #expect(told.value == ["at once", "committed"])
        }
    }

    @Test func `an error rolls everything back and frees the connection`() async throws {
        struct Refused: Error {}
        try await TestDatabase.use(migrations: Self.accounts, configure: { $0.transactionConnections = 1 }) {
            database in
            for _ in 0..<3 {
                await #expect(throws: Refused.self) {
                    try await database.transaction { transaction in
                        try await transaction.execute("UPDATE accounts SET balance = 0")
                        throw Refused()
                    }
                }
            }
            let untouched = try await balance(1, database)
            #expect(untouched == 100)
            #expect(database.statistics.transactionsOpen == 0)
        }
    }

    @Test func `a failed statement whose error was swallowed does not look like a commit`() async throws {
        try await TestDatabase.use(migrations: Self.accounts) { database in
            let error = await postgresError {
                try await database.transaction { transaction in
                    try await transaction.execute("UPDATE accounts SET balance = 0")
                    _ = await postgresError { try await transaction.execute("SELECT 1 / 0") }
                }
            }
            #expect(error == .rolledBack)
            let untouched = try await balance(1, database)
            #expect(untouched == 100)
        }
    }

    @Test func `a constraint checked at the commit is thrown by the transaction`() async throws {
        try await TestDatabase.use(migrations: Self.accounts) { database in
            try await database.execute(
                """
                ALTER TABLE accounts ADD COLUMN heir bigint
                    CONSTRAINT heir_exists REFERENCES accounts DEFERRABLE INITIALLY DEFERRED
                """)
            let error = await postgresError {
                try await database.transaction { try await $0.execute("UPDATE accounts SET heir = 7") }
            }
            #expect(error?.isForeignKeyViolation(of: "heir_exists") == true)
        }
    }

    @Test func `a transaction that conflicts with another is run again`() async throws {
        try await TestDatabase.use(migrations: Self.accounts) { database in
            let attempts = Shared(0)
            try await database.transaction(isolation: .serializable) { transaction in
                let now = try await balance(1, transaction)
                if attempts.change({
                    $0 += 1; return $0
                }) == 1 {
                    try await database.execute("UPDATE accounts SET balance = balance + 1 WHERE id = 1")
                }
                try await transaction.execute("UPDATE accounts SET balance = \(now + 1) WHERE id = 1")
            }
            #expect(try await balance(1, database) == 102)
            #expect(attempts.value == 2)
        }
    }

    @Test func `transactions that contend for a row all happen`() async throws {
        try await TestDatabase.use(migrations: Self.accounts, configure: { $0.transactionConnections = 4 }) {
            database in
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Each conflict of one is a commit of another, so none has more than three, which are its further tries.
                for _ in 0..<4 {
                    group.addTask {
                        try await database.transaction(isolation: .serializable) { transaction in
                            let now = try await balance(1, transaction)
                            try await transaction.execute("UPDATE accounts SET balance = \(now + 1) WHERE id = 1")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await balance(1, database) == 104)
        }
    }

    @Test func `a conflict that does not end is thrown after four attempts`() async throws {
        try await TestDatabase.use { database in
            let attempts = Shared(0)
            let error = await postgresError {
                try await database.transaction { transaction in
                    attempts.change { $0 += 1 }
                    try await transaction.script(
                        "DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = 'serialization_failure'; END $$",
                        within: .seconds(60))
                }
            }
            #expect(error?.sqlState == .serializationFailure)
            #expect(attempts.value == 4)
        }
    }

    @Test func `a cancelled transaction is rolled back`() async throws {
        try await TestDatabase.use(migrations: Self.accounts, configure: { $0.transactionConnections = 1 }) {
            database in
            let task = Task {
                try await database.transaction { transaction in
                    try await transaction.execute("UPDATE accounts SET balance = 0")
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            let untouched = try await database.transaction { try await balance(1, $0) }
            #expect(untouched == 100)
        }
    }

    @Test func `a transaction whose connection dies fails, and a lost commit is of unknown outcome`() async throws {
        try await TestDatabase.use(migrations: Self.accounts) { database in
            let pid: SQL = "SELECT pg_backend_pid()"
            let error = await postgresError {
                try await database.transaction { transaction in
                    let own = try await transaction.one(pid) { try $0.decode(at: 0, as: Int32.self) }
                    try await transaction.execute("UPDATE accounts SET balance = 0")
                    try await database.execute("SELECT pg_terminate_backend(\(own))")
                    try await transaction.execute("UPDATE accounts SET balance = 1")
                }
            }
            guard case .connectionLost = error else { return #expect(error == nil) }
            #expect(try await balance(1, database) == 100)

            // A commit that waits for a lock in a deferred trigger, and is then cut off.
            try await database.transaction {
                try await $0.script(
                    """
                    CREATE FUNCTION wait_for_lock() RETURNS trigger LANGUAGE plpgsql
                        AS $$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
                    CREATE CONSTRAINT TRIGGER slow AFTER UPDATE ON accounts DEFERRABLE INITIALLY DEFERRED
                        FOR EACH ROW EXECUTE FUNCTION wait_for_lock();
                    """, within: .seconds(60))
            }
            let holder = try await database.begin(isolation: .readCommitted)
            try await holder.execute("SELECT pg_advisory_xact_lock(1)")
            let commit = Task {
                try await database.transaction { try await $0.execute("UPDATE accounts SET balance = 5 WHERE id = 1") }
            }
            try await eventually("the commit waits") {
                try await database.execute(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE wait_event_type = 'Lock' AND datname = current_database()
                    """) == 1
            }
            guard case .unknownOutcome = await postgresError({ try await commit.value }) else {
                return #expect(Bool(false), "a lost commit was not reported as such")
            }
            await holder.rollback()
        }
    }

    @Test func `a transaction inside a transaction is refused`() async throws {
        try await TestDatabase.use { database in
            let error = await postgresError {
                try await database.transaction { _ in try await database.transaction { _ in } }
            }
            guard case .misuse = error else { return #expect(error == nil) }
        }
    }

    @Test func `a transaction that was kept is of no use`() async throws {
        try await TestDatabase.use { database in
            let kept = try await database.transaction { $0 }
            guard case .connectionLost = await postgresError({ try await kept.execute("SELECT 1") }) else {
                return #expect(Bool(false), "a transaction outlived its body")
            }
        }
    }
}
