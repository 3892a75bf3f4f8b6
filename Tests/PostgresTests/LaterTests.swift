import TestSupport
import Testing

@testable import Postgres

/// The promise under test: what goes with the next statement takes effect in its order, and no failure of it is lost.
@Suite struct LaterTests {
    private static let notes = try? Migrator([
        ("0001_notes.sql", "CREATE TABLE notes (text text PRIMARY KEY CHECK (text <> 'bad'));")
    ])

    private func later(_ text: String, _ executor: some SQLExecutor) async throws {
        try await executor.executeLater("INSERT INTO notes VALUES (\(text))")
    }

    private func notes(_ executor: some SQLExecutor) async throws -> [String] {
        try await executor.all("SELECT text FROM notes ORDER BY text") { try $0.decode("text") }
    }

    private func expect(_ wanted: [String], in executor: some SQLExecutor) async throws {
        let found = try await notes(executor)
        #expect(found == wanted)
    }

    private func use(_ body: @escaping @Sendable (Database) async throws -> Void) async throws {
        // One connection, so that one that was not given back is missed.
        try await TestDatabase.use(migrations: Self.notes, configure: { $0.transactionConnections = 1 }, body)
    }

    @Test func `the next statement sees it, and the commit takes the rest along`() async throws {
        try await use { database in
            try await later("alone", database)
            try await database.transaction { tx in
                try await later("a", tx)
                try await later("b", tx)
                try await expect(["a", "alone", "b"], in: tx)
                try await later("c", tx)
            }
            try await expect(["a", "alone", "b", "c"], in: database)
        }
    }

    @Test func `more than are kept are sent early`() async throws {
        try await use { database in
            try await database.transaction { tx in
                for number in 0..<100 { try await later("\(number)", tx) }
            }
            let count = try await notes(database).count
            #expect(count == 100)
        }
    }

    @Test(arguments: [true, false])
    func `its failure is thrown by the next statement or by the commit, and undoes all`(_ isRead: Bool) async throws {
        try await use { database in
            for _ in 0..<3 {
                let told = Shared<[String]>([])
                let error = await postgresError {
                    try await database.transaction { tx in
                        tx.afterCommit { told.change { $0.append("committed") } }
                        try await later("good", tx)
                        try await later("bad", tx)
                        try await later("never", tx)
                        if isRead { _ = try await notes(tx) }
                    }
                }
                #expect(error?.sqlState == .checkViolation)
                #expect(told.value == [])
            }
            try await expect([], in: database)
        }
    }

    @Test func `an unreadable statement fails where it is said`() async throws {
        try await use { database in
            let error = await postgresError {
                try await database.transaction { tx in
                    let error = await postgresError { try await tx.executeLater("SELECT nothing FROM nowhere") }
                    #expect(error == nil)
                    await #expect(throws: PostgresError.invalidText) {
                        try await tx.executeLater("INSERT INTO notes VALUES (\("\0"))")
                    }
                }
            }
            #expect(error?.sqlState == .undefinedTable)
            // It was taken for prepared until it failed.
            try await database.transaction { try await later("a", $0) }
            try await expect(["a"], in: database)
        }
    }

    @Test func `what goes with a cancelled statement is missed by the commit`() async throws {
        try await use { database in
            let error = await postgresError {
                try await database.transaction { tx in
                    try await later("a", tx)
                    let cancelled = Task {
                        withUnsafeCurrentTask { $0?.cancel() }
                        _ = try await notes(tx)
                    }
                    await #expect(throws: CancellationError.self) { try await cancelled.value }
                }
            }
            #expect(error == .rolledBack)
            try await expect([], in: database)
        }
    }

    @Test func `a part of a scope is undone alone, whether its statements were sent or not`() async throws {
        struct Refused: Error {}
        try await use { database in
            try await CommitScope.run(on: database) { scope in
                try await database.transaction { try await later("first", $0) }
                await #expect(throws: Refused.self) {
                    try await database.transaction { tx in
                        try await later("not sent", tx)
                        throw Refused()
                    }
                }
                await #expect(throws: Refused.self) {
                    try await database.transaction { tx in
                        try await later("sent", tx)
                        _ = try await notes(tx)
                        try await later("not sent", tx)
                        throw Refused()
                    }
                }
                let error = await postgresError { try await database.transaction { try await later("bad", $0) } }
                #expect(error?.sqlState == .checkViolation)
                try await database.transaction { _ in }
                await #expect(throws: Refused.self) { try await database.transaction { _ in throw Refused() } }
                try await scope.inTransaction { try await later("answer", $0) }
            }
            try await expect(["answer", "first"], in: database)
        }
    }

    @Test func `what waits from before an inner part is undone with the part around it alone`() async throws {
        try await use { database in
            try await database.transaction { tx in
                try await later("before", tx)
                let error = await postgresError {
                    try await tx.part {
                        try await later("lost", tx)
                        _ = try await notes(tx)
                        try await later("bad", tx)
                        // Its savepoint is not made, since what goes with it fails.
                        _ = await postgresError { try await tx.part { _ = try await notes(tx) } }
                    }
                }
                #expect(error != nil)
                try await later("after", tx)
            }
            try await expect(["after", "before"], in: database)
        }
    }

    @Test func `an undone part leaves what a full line before it held`() async throws {
        struct Refused: Error {}
        try await use { database in
            try await CommitScope.run(on: database) { scope in
                try await scope.inTransaction { tx in
                    for number in 0..<31 { try await later("\(number)", tx) }
                    await #expect(throws: Refused.self) {
                        try await scope.inTransaction { tx in
                            try await later("undone", tx)
                            throw Refused()
                        }
                    }
                }
            }
            let count = try await notes(database).count
            #expect(count == 31)
        }
    }
}
