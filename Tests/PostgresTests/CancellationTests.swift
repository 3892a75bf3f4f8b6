import TestSupport
import Testing

@testable import Postgres

/// The promise under test: nobody waits longer than they want to, and the connection still works for all others.
@Suite struct CancellationTests {
    /// A transaction that keeps other statements waiting for a lock until it is rolled back.
    private func hold(_ database: Database) async throws -> Transaction {
        let holder = try await database.begin(isolation: .readCommitted)
        try await holder.execute("SELECT pg_advisory_xact_lock(1)")
        return holder
    }

    /// A deadline that ends a test soon, and leaves a busy machine the time for what must come before it.
    private static func hurry(_ configuration: inout Database.Configuration) {
        configuration.statementTimeout = .milliseconds(7900)
        configuration.deadline = .seconds(8)
    }

    @Test func `a cancelled task sends nothing`() async throws {
        try await TestDatabase.use { database in
            try await database.execute("CREATE TABLE written (id bigint)")
            let task = Task {
                withUnsafeCurrentTask { $0?.cancel() }
                try await database.execute("INSERT INTO written VALUES (1)")
            }
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await database.one("SELECT count(*) FROM written") { try $0.int64(at: 0) } == 0)
        }
    }

    @Test func `cancelling a statement in the queue or under way leaves the others their own answers`() async throws {
        try await TestDatabase.use(configure: { $0.pipelinedConnections = 1 }) { database in
            try await database.ping()
            let holder = try await hold(database)
            let stuck = (0..<200).map { _ in
                Task { try await database.execute("SELECT pg_advisory_xact_lock_shared(1)") }
            }
            try await eventually("the pipeline is full") {
                let now = database.statistics
                return now.statementsInFlight == Connection.depthLimit
                    && now.statementsQueued == 200 - Connection.depthLimit
            }
            let others = (0..<50).map { number in
                Task { try await database.one("SELECT \(number)") { try $0.int64(at: 0) } }
            }
            for task in stuck { task.cancel() }
            for task in stuck { await #expect(throws: CancellationError.self) { try await task.value } }
            await holder.rollback()
            for (number, task) in others.enumerated() { #expect(try await task.value == Int64(number)) }
        }
    }

    @Test func `a deadline ends the wait, and costs only the connection`() async throws {
        try await TestDatabase.use(configure: {
            $0.pipelinedConnections = 1
            Self.hurry(&$0)
        }) { database in
            let other = Database(.patient(url: database.configuration.url), logger: .quiet)
            try await other.execute("CREATE TABLE written (id bigint)")
            // A busy machine may need more than one deadline to connect.
            try await eventually("it is connected") {
                await postgresError {
                    _ = try await database.rows("SELECT set_config('statement_timeout', '0', false)")
                } == nil
            }
            let holder = try await hold(other)
            let stuck: SQL = "SELECT pg_advisory_xact_lock_shared(1)"
            async let read = postgresError { try await database.execute(stuck.readOnly()) }
            try await eventually("the read is under way") { database.statistics.statementsInFlight == 1 }
            async let write = postgresError { try await database.execute("INSERT INTO written VALUES (1)") }
            #expect(await read == .deadlineExceeded)
            guard case .unknownOutcome = await write else { return #expect(await write == nil) }
            await holder.rollback()
            await other.close()
            try await eventually("another connection is used") {
                await postgresError { try await database.ping() } == nil
            }
        }
    }

    @Test func `the server's own time limit costs only the statement`() async throws {
        try await TestDatabase.use(configure: { $0.statementTimeout = .milliseconds(50) }) { database in
            var configuration = database.configuration
            configuration.statementTimeout = .seconds(50)
            let other = Database(configuration, logger: .quiet)
            let holder = try await hold(other)
            let error = await postgresError { try await database.execute("SELECT pg_advisory_xact_lock_shared(1)") }
            #expect(error?.sqlState == .queryCancelled)
            await holder.rollback()
            await other.close()
        }
    }

    @Test func `a transaction that waits in vain for a connection hears of it`() async throws {
        try await TestDatabase.use(configure: {
            $0.transactionConnections = 1
            Self.hurry(&$0)
        }) { database in
            // A busy machine may need more than one deadline to connect.
            try await eventually("it is connected") {
                await postgresError { try await database.transaction { _ in } } == nil
            }
            let holder = try await hold(database)
            let error = await postgresError { try await database.transaction { _ in } }
            #expect(error == .deadlineExceeded)
            await holder.rollback()
            try await database.transaction { try await $0.execute("SELECT 1") }
        }
    }

    @Test func `who would wait for too long is refused, and what is under way goes on`() async throws {
        try await TestDatabase.use(configure: {
            $0.pipelinedConnections = 1
            $0.transactionConnections = 1
            $0.queuePatience = .milliseconds(20)
        }) { database in
            let other = Database(.patient(url: database.configuration.url), logger: .quiet)
            let holder = try await hold(other)
            let stuck = Task {
                // A busy machine may need more than one try.
                try await eventually("it has a connection") {
                    do {
                        try await database.transaction { try await $0.execute("SELECT pg_advisory_xact_lock(1)") }
                        return true
                    } catch PostgresError.overloaded {
                        return false
                    }
                }
            }
            try await other.waitUntilBlocked(1)
            #expect(await postgresError { try await database.transaction { _ in } } == .overloaded)
            await holder.rollback()
            await other.close()
            try await stuck.value
            try await eventually("there is room again") {
                await postgresError { try await database.transaction { _ in } } == nil
            }
        }
    }

    @Test func `reads queued behind a lost connection are sent again`() async throws {
        try await TestDatabase.use(configure: { $0.pipelinedConnections = 1 }) { database in
            let holder = try await hold(database)
            let pid = try await database.one("SELECT pg_backend_pid()") { try $0.decode(at: 0, as: Int32.self) }
            let stuck = Task { try await database.execute("SELECT pg_advisory_xact_lock_shared(1)") }
            try await eventually("it waits") { database.statistics.statementsInFlight == 1 }
            let reads = (0..<20).map { number in
                Task { try await database.one("SELECT \(number)") { try $0.int64(at: 0) } }
            }
            try await eventually("all are under way") { database.statistics.statementsInFlight == 21 }
            try await holder.execute("SELECT pg_terminate_backend(\(pid))")
            guard case .unknownOutcome = await postgresError({ try await stuck.value }) else {
                return #expect(Bool(false), "a statement with effects was lost without a word")
            }
            for (number, task) in reads.enumerated() { #expect(try await task.value == Int64(number)) }
            await holder.rollback()
        }
    }
}
