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

    @Test func `of a server that falls silent one caller waits, and the next are told at once`() async throws {
        let cluster = try await PrivateCluster()
        var configuration = Database.Configuration.patient(url: cluster.url())
        configuration.statementTimeout = .seconds(2)
        configuration.deadline = .seconds(4)
        let database = Database(configuration, logger: .quiet)
        try await database.connect()
        try await eventually("it is connected") { database.statistics.pipelinedConnections == 8 }
        try await cluster.frozen {
            let silence = await postgresError { try await database.ping() }
            #expect(silence == .deadlineExceeded)
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

    private func expectUnreachable(_ work: () async throws -> Void) async {
        await #expect {
            try await work()
        } throws: {
            if case PostgresError.connectionLost = $0 { true } else { false }
        }
    }
}
