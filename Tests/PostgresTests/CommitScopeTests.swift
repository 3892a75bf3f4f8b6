import TestSupport
import Testing

@testable import Postgres

/// The promise under test: everything written in a scope commits together, or not at all.
@Suite struct CommitScopeTests {
    private static let notes = try? Migrator([("0001_notes.sql", "CREATE TABLE notes (text text PRIMARY KEY);")])

    private func write(_ text: String, _ executor: some SQLExecutor) async throws {
        try await executor.execute("INSERT INTO notes VALUES (\(text))")
    }

    private func notes(_ executor: some SQLExecutor) async throws -> [String] {
        try await executor.all("SELECT text FROM notes ORDER BY text") { try $0.decode("text") }
    }

    @Test func `statements and transactions join, and commit when the scope ends`() async throws {
        try await TestDatabase.use(migrations: Self.notes) { database in
            try await CommitScope.run(on: database) { scope in
                #expect(try await notes(database) == [])
                #expect(!scope.hasOpenTransaction)
                try await write("a", database)
                #expect(scope.hasOpenTransaction)
                try await database.transaction { try await write("b", $0) }
                try await scope.inTransaction { try await write("answer", $0) }
                #expect(try await notes(database) == ["a", "answer", "b"])
                let outside = try await Task.detached { try await notes(database) }.value
                #expect(outside.isEmpty)
            }
            #expect(try await notes(database) == ["a", "answer", "b"])
        }
    }

    @Test func `what is to follow a commit waits for the scope's, wherever it was said`() async throws {
        try await TestDatabase.use(migrations: Self.notes) { database in
            let told = Shared<[String]>([])
            try await CommitScope.run(on: database) { scope in
                database.afterCommit { told.change { $0.append("before any write") } }
                try await write("a", database)
                database.afterCommit { told.change { $0.append("alone") } }
                try await database.transaction { transaction in
                    transaction.afterCommit { told.change { $0.append("joined") } }
                }
                #expect(told.value == ["before any write"])
                try await scope.commit()
                #expect(Set(told.value) == ["before any write", "alone", "joined"])
                try await write("b", database)
                database.afterCommit { told.change { $0.append("second") } }
                #expect(told.value.count == 3)
            }
            #expect(told.value.last == "second")
        }
    }

    @Test func `an error undoes everything`() async throws {
        struct Refused: Error {}
        try await TestDatabase.use(migrations: Self.notes, configure: { $0.transactionConnections = 1 }) { database in
            for _ in 0..<3 {
                await #expect(throws: Refused.self) {
                    try await CommitScope.run(on: database) { _ in
                        try await write("a", database)
                        try await database.transaction { try await write("b", $0) }
                        throw Refused()
                    }
                }
            }
            let left = try await notes(database)
            #expect(left == [])
        }
    }

    @Test func `a part that fails is undone alone, and the answer is still stored`() async throws {
        struct Refused: Error {}
        try await TestDatabase.use(migrations: Self.notes) { database in
            try await CommitScope.run(on: database) { scope in
                try await write("a", database)
                let error = await postgresError { try await write("a", database) }
                #expect(error?.sqlState == .uniqueViolation)
                await #expect(throws: Refused.self) {
                    try await database.transaction { transaction in
                        try await write("lost", transaction)
                        try await database.transaction { try await write("lost too", $0) }
                        throw Refused()
                    }
                }
                try await database.transaction { transaction in
                    try await write("b", transaction)
                    await #expect(throws: Refused.self) {
                        try await database.transaction { inner in
                            try await write("lost", inner)
                            throw Refused()
                        }
                    }
                }
                try await scope.inTransaction { try await write("answer", $0) }
            }
            #expect(try await notes(database) == ["a", "answer", "b"])
        }
    }

    @Test func `committing early ends the transaction`() async throws {
        try await TestDatabase.use(migrations: Self.notes) { database in
            try await CommitScope.run(on: database) { scope in
                try await write("a", database)
                try await scope.commit()
                #expect(!scope.hasOpenTransaction)
                let outside = try await Task.detached { try await notes(database) }.value
                #expect(outside == ["a"])
            }
        }
    }

    @Test func `a transaction beside another one of the same scope is refused`() async throws {
        try await TestDatabase.use(migrations: Self.notes) { database in
            try await CommitScope.run(on: database) { _ in
                let (entered, enter) = AsyncStream.makeStream(of: Void.self)
                let (left, leave) = AsyncStream.makeStream(of: Void.self)
                async let first: Void = database.transaction { transaction in
                    try await write("a", transaction)
                    enter.finish()
                    for await _ in left {}
                }
                for await _ in entered {}
                guard case .misuse = await postgresError({ try await write("b", database) }) else {
                    return #expect(Bool(false), "two parts that cannot be undone apart ran side by side")
                }
                leave.finish()
                try await first
            }
            #expect(try await notes(database) == ["a"])
        }
    }

    @Test func `a stronger isolation level than the open transaction has is refused`() async throws {
        try await TestDatabase.use(migrations: Self.notes) { database in
            try await CommitScope.run(on: database) { _ in
                try await write("a", database)
                let error = await postgresError { try await database.transaction(isolation: .serializable) { _ in } }
                guard case .misuse = error else { return #expect(error == nil) }
            }
            #expect(try await notes(database) == ["a"])
        }
    }
}
