import TestSupport
import Testing

@testable import Postgres

/// The promise under test: while PostgreSQL is gone callers are told at once, and soon after its return they are served
/// again, without anybody's help.
@Suite(.serialized, .timeLimit(.minutes(20))) struct OutageTests {
    @Test(arguments: [PrivateCluster.Shutdown.fast, .immediate])
    func `a database that is gone is told at once, and used again when it is back`(
        how: PrivateCluster.Shutdown
    ) async throws {
        let cluster = try await PrivateCluster()
        let database = Database(.patient(url: cluster.url()), logger: .quiet)
        try await database.execute("CREATE TABLE written (number bigint NOT NULL)")
        await cluster.stop(how)

        // The first caller waits for a moment, in case the server is only restarting.
        await expectUnreachable { try await database.ping() }
        let write: SQL = "INSERT INTO written VALUES (1)"
        // Who waits for it takes that long every time.
        let refusals = [
            await median(of: 41) { await expectUnreachable { try await database.ping() } },
            await median(of: 41) { await expectUnreachable { _ = try await database.execute(write) } },
            await median(of: 41) {
                await expectUnreachable { _ = try await database.transaction { try await $0.execute(write) } }
            },
        ]
        #expect(refusals.allSatisfy { $0 < Database.outagePatience }, "\(refusals)")

        try await cluster.start()
        try await eventually("it is used again") {
            do {
                try await database.execute("INSERT INTO written VALUES (2)")
                return true
            } catch PostgresError.connectionLost {
                return false
            }
        }
        #expect(try await database.one("SELECT max(number) FROM written") { try $0.decode(at: 0, as: Int64.self) } == 2)
        await database.close()
        try await cluster.remove()
    }

    @Test func `of a server that falls silent who writes waits, and the next are told at once`() async throws {
        let cluster = try await PrivateCluster()
        var configuration = Database.Configuration.patient(url: cluster.url())
        configuration.statementTimeout = .seconds(2)
        configuration.deadline = .seconds(4)
        let database = Database(configuration, logger: .quiet)
        try await database.connect()
        try await eventually("it is connected") { database.statistics.pipelinedConnections == 8 }
        try await cluster.frozen {
            await #expect {
                try await database.execute(Self.write)
            } throws: {
                if case PostgresError.unknownOutcome = $0 { true } else { false }
            }
            for _ in 0..<3 {
                await expectUnreachable { try await database.ping() }
                await expectUnreachable { _ = try await database.transaction { try await $0.execute("SELECT 1") } }
            }
        }
        try await eventually("it is used again") {
            do {
                try await database.ping()
                return true
            } catch PostgresError.connectionLost {
                return false
            } catch PostgresError.deadlineExceeded {
                // The deadline is short here.
                return false
            }
        }
        await database.close()
        try await cluster.remove()
    }

    @Test func `while a server is silent callers are refused long before the deadline of those who wait`() async throws
    {
        let cluster = try await PrivateCluster()
        var configuration = Database.Configuration(url: cluster.url())
        // Longer than the test.
        configuration.statementTimeout = .seconds(1800)
        configuration.deadline = .seconds(3600)
        let database = Database(configuration, logger: .quiet)
        try await database.connect()
        try await eventually("it is connected") { database.statistics.pipelinedConnections == 8 }
        let isTold = Shared(false)
        let caller = try await cluster.frozen {
            let caller = Task { _ = try await database.execute(Self.write) }
            Task {
                await expectUnreachable { try await database.ping() }
                isTold.change { $0 = true }
            }
            try await eventually("callers are refused") { !database.isHealthy }
            try await eventually("who reads is told, too") { isTold.value }
            for _ in 0..<3 {
                await expectUnreachable { try await database.ping() }
                await expectUnreachable { _ = try await database.transaction { try await $0.execute("SELECT 1") } }
            }
            return caller
        }
        // Who writes is answered after all, and the next are served.
        try await caller.value
        try await eventually("it is used again") { database.isHealthy }
        try await database.ping()
        try await database.transaction { try await $0.execute("SELECT 1") }
        await database.close()
        try await cluster.remove()
    }

    @Test func `a statement that takes long does not make a server silent that answers others`() async throws {
        try await TestDatabase.use { other in
            let database = Database(asking(other.configuration, as: "patient"), logger: .quiet)
            let holder = try await database.begin(isolation: .readCommitted)
            try await holder.execute("SELECT pg_advisory_xact_lock(1)")
            let slow = Task { try await database.execute("SELECT pg_advisory_xact_lock_shared(1)") }
            var questions: Set<String> = []
            // The second is asked only when the first was answered.
            try await eventually("the server was asked three times") {
                let asked = try await other.all(
                    """
                    SELECT query_start::text AS start FROM pg_stat_activity
                     WHERE query = 'SELECT 1' AND application_name = 'patient'
                    """
                ) { try $0.decode("start", as: String.self) }
                questions.formUnion(asked)
                return questions.count >= 3
            }
            try await database.ping()
            await holder.rollback()
            _ = try await slow.value
            await database.close()
        }
    }

    @Test func `a server is asked for one more connection when all are busy`() async throws {
        try await TestDatabase.use { other in
            var configuration = asking(other.configuration, as: "busy")
            configuration.pipelinedConnections = 1
            let database = Database(configuration, logger: .quiet)
            let holder = try await other.begin(isolation: .readCommitted)
            try await holder.execute("SELECT pg_advisory_xact_lock(1)")
            let slow = Task { try await database.execute("SELECT pg_advisory_xact_lock_shared(1)") }
            try await eventually("it has another connection, and is asked there") {
                try await other.one(
                    """
                    SELECT EXISTS (SELECT FROM pg_stat_activity
                                    WHERE query = 'SELECT 1' AND application_name = 'busy')
                    """
                ) { try $0.decode(at: 0) }
            }
            await holder.rollback()
            _ = try await slow.value
            await database.close()
        }
    }

    @Test func `starting up outwaits an outage`() async throws {
        let cluster = try await PrivateCluster()
        let database = Database(.patient(url: cluster.url()), logger: .quiet)
        try await database.connect()
        await cluster.stop()
        await expectUnreachable { try await database.ping() }
        async let connected: Void = database.connect(within: .seconds(180))
        try await cluster.start()
        try await connected
        await database.close()
        try await cluster.remove()
    }

    private static let write: SQL = "CREATE TABLE IF NOT EXISTS written (number bigint)"

    /// Asks a server that is silent for two seconds, and waits for its statements longer than a test takes.
    private func asking(_ configuration: Database.Configuration, as name: String) -> Database.Configuration {
        var configuration = configuration
        configuration.silencePatience = .seconds(2)
        configuration.statementTimeout = .seconds(1800)
        configuration.deadline = .seconds(3600)
        configuration.applicationName = name
        return configuration
    }

    private func expectUnreachable(_ work: () async throws -> Void) async {
        await #expect {
            try await work()
        } throws: {
            if case PostgresError.connectionLost = $0 { true } else { false }
        }
    }
}
