import TestSupport
import Testing

@testable import Postgres

/// The promise under test: when the server goes away and comes back, nobody hangs, nobody gets
/// another's answer, and what was reported as written is written, exactly once.
@Suite(.serialized, .timeLimit(.minutes(20))) struct RestartTests {
    private struct Tally: Sendable {
        var committed: [Int] = []
        var untouched: [Int] = []
        var unknown = 0
        var rightReads = 0
        var lostReads = 0
        var surprises: [String] = []
    }

    @Test(arguments: [PrivateCluster.Shutdown.fast, .immediate])
    func `a restart under load loses nothing and mixes nothing up`(how: PrivateCluster.Shutdown) async throws {
        let cluster = try await PrivateCluster()
        let database = Database(.patient(url: cluster.url()), logger: .quiet)
        try await database.execute("CREATE TABLE written (number bigint NOT NULL)")

        let tally = Shared(Tally())
        let (commits, progress) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let isOver = Shared(false)
        let next = Shared(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in 0..<48 {
                group.addTask {
                    while !isOver.value, !Task.isCancelled {
                        let number = next.change { number -> Int in
                            number += 1
                            return number
                        }
                        if worker % 3 == 0 {
                            await read(number, database, tally)
                        } else {
                            let isCommitted = await write(
                                number, inTransaction: worker % 3 == 1, database, tally)
                            if isCommitted { progress.yield() }
                        }
                    }
                }
            }
            for _ in 0..<3 {
                for await _ in commits.prefix(200) {}
                try await cluster.restart(how)
            }
            for await _ in commits.prefix(200) {}
            isOver.change { $0 = true }
            try await group.waitForAll()
        }

        let result = tally.value
        #expect(result.surprises == [])
        #expect(result.rightReads > 0)
        let written = try await database.all("SELECT number FROM written") { try $0.decode("number", as: Int.self) }
        let present = Set(written)
        #expect(present.count == written.count, "a write happened twice")
        #expect(present.isSuperset(of: result.committed), "a reported write is missing")
        #expect(present.isDisjoint(with: result.untouched), "a write reported as not done was done")
        #expect(written.count <= result.committed.count + result.unknown)
        await database.close()
        try await cluster.remove()
    }

    @Test func `closing refuses new work and waits for what is under way`() async throws {
        try await TestDatabase.use { other in
            var configuration = other.configuration
            configuration.statementTimeout = .seconds(60)
            configuration.deadline = .seconds(90)
            let database = Database(configuration, logger: .quiet)
            let holder = try await other.begin(isolation: .readCommitted)
            try await holder.execute("SELECT pg_advisory_xact_lock(1)")
            let answers = (0..<20).map { number in
                Task {
                    try await database.one("SELECT \(number) FROM pg_advisory_xact_lock_shared(1)") {
                        try $0.decode(at: 0, as: Int.self)
                    }
                }
            }
            try await eventually("they are under way") { database.statistics.statementsInFlight == 20 }
            try database.submit(.stop)
            let refusal = await postgresError { try await database.ping() }
            #expect(refusal == .connectionLost(reason: "the database client is closed"))
            await holder.rollback()
            for (number, answer) in answers.enumerated() { #expect(try await answer.value == number) }
            await database.close()
            #expect(!database.isHealthy)
        }
    }

    @Test func `a server that takes no writes any more is left for the one that does`() async throws {
        try await TestDatabase.use(configure: { $0.pipelinedConnections = 1 }) { database in
            try await database.execute("CREATE TABLE written (number bigint)")
            let write: SQL = "INSERT INTO written VALUES (1)"
            try await database.execute("SET default_transaction_read_only = on")
            let refusal = await postgresError { try await database.execute(write) }
            #expect(refusal?.sqlState == .readOnlyTransaction)
            try await database.execute(write)
        }
    }

    @Test func `closing takes no time when nothing is under way`() async throws {
        var databases: [Database] = []
        for _ in 0..<3 {
            databases.append(try await TestDatabase.make())
            try await databases.last?.ping()
        }
        // With something under way it takes that long every time.
        #expect(await median(of: 3) { await databases.popLast()?.close() } < Database.shutdownLimit)
    }

    private func read(_ number: Int, _ database: Database, _ tally: Shared<Tally>) async {
        do {
            let answer = try await database.one("SELECT \(number)") { try $0.decode(at: 0, as: Int.self) }
            tally.change {
                if answer == number { $0.rightReads += 1 } else { $0.surprises.append("\(number) read as \(answer)") }
            }
        } catch {
            tally.change {
                if case PostgresError.connectionLost = error {
                    $0.lostReads += 1
                } else {
                    $0.surprises.append("\(error)")
                }
            }
        }
    }

    /// - Returns: Whether the write is known to be committed.
    private func write(
        _ number: Int, inTransaction: Bool, _ database: Database, _ tally: Shared<Tally>
    ) async -> Bool {
        do {
            let sql: SQL = "INSERT INTO written VALUES (\(number)) RETURNING number"
            let answer =
                if inTransaction {
                    try await database.transaction { try await $0.one(sql) { try $0.decode(at: 0, as: Int.self) } }
                } else {
                    try await database.one(number % 2 == 0 ? sql.sharingCommit() : sql) {
                        try $0.decode(at: 0, as: Int.self)
                    }
                }
            tally.change {
                $0.committed.append(number)
                if answer != number { $0.surprises.append("\(number) written as \(answer)") }
            }
            return true
        } catch {
            tally.change {
                switch error as? PostgresError {
                case .unknownOutcome: $0.unknown += 1
                case .connectionLost, .deadlineExceeded: $0.untouched.append(number)
                default: $0.surprises.append("\(error)")
                }
            }
            return false
        }
    }
}
