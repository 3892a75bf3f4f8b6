import Logging
import Postgres
import SharedModels
import TestSupport
import Testing

@testable import AuthService
@testable import ServiceKit

/// The promise under test: the listeners of every replica hear what any replica revokes.
@Suite struct RevocationHubTests {
    private let clock = TestClock()

    @Test(.timeLimit(.minutes(20)))
    func `a revocation reaches the listeners of another replica`() async throws {
        try await AuthWorld.use(clock) { world in
            let (database, account) = (world.database, world.account)
            let store = RevocationStore()
            let hubs = (0..<2).map { _ in RevocationHub(database: database, store: store, logger: .quiet) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for hub in hubs { group.addTask { try await hub.run() } }
                var streams: [AsyncStream<OutgoingEvent>.Iterator] = []
                for hub in hubs { streams.append(try await subscription(of: hub).makeAsyncIterator()) }
                try await database.transaction { try await store.announce(.account(account), in: $0) }
                for index in streams.indices {
                    while let event = await streams[index].next(isolation: nil) {
                        let text = String(decoding: event.bytes, as: UTF8.self)
                        if text == "event: revoked\ndata: {\"user_id\":\"\(account)\"}\n\n" { break }
                    }
                }
                group.cancelAll()
            }
        }
    }

    @Test(.timeLimit(.minutes(20)))
    func `heartbeats go on while others' writes wait`() async throws {
        // Two connections for queries, and two for writes.
        try await TestDatabase.use(configure: { $0.pipelinedConnections = 4 }) { database in
            let hub = RevocationHub(database: database, store: RevocationStore(), logger: .quiet)
            try await database.execute("CREATE TABLE counts (count integer)")
            try await database.execute("INSERT INTO counts VALUES (0)")
            try await eventually("all are connected") { database.statistics.pipelinedConnections == 4 }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await hub.run() }
                var stream = try await subscription(of: hub).makeAsyncIterator()
                let (isHeld, isEnough) = (WakeUp(), WakeUp())
                group.addTask {
                    try await database.transaction { tx in
                        try await tx.execute("UPDATE counts SET count = 1")
                        isHeld.signal()
                        await isEnough.wait()
                    }
                }
                await isHeld.wait()
                for _ in 0..<20 {
                    // It may have waited for too long on a slow machine.
                    group.addTask { _ = try? await database.execute("UPDATE counts SET count = count + 1") }
                }
                for _ in 0..<4 { #expect(await stream.next(isolation: nil)?.bytes == OutgoingEvent.heartbeat.bytes) }
                isEnough.signal()
                group.cancelAll()
            }
        }
    }

    @Test func `a replica that does not listen refuses listeners`() async throws {
        try await AuthWorld.use(clock) { world in
            let database = world.database
            let hub = RevocationHub(database: database, store: RevocationStore(), logger: .quiet)
            #expect(throws: Refusal.self) { try hub.subscribe() }
        }
    }

    @Test(arguments: [
        Revocation.credential(sha256: APIKeyFormat.sha256("x")), .account(.make(at: Timestamp(seconds: 0))),
    ])
    func `a revocation is read as it was written`(revocation: Revocation) {
        #expect(Revocation(json: revocation.json) == revocation)
    }

    @Test(arguments: ["", "{}", "{\"credential_sha256\": \"ab\"}", "{\"user_id\": 1}", "beat"])
    func `anything else is no revocation`(text: String) {
        #expect(Revocation(json: text) == nil)
    }

    /// A subscription, once the hub listens.
    private func subscription(of hub: RevocationHub) async throws -> AsyncStream<OutgoingEvent> {
        while true {
            do { return try hub.subscribe() } catch is Refusal { await Task.yield() }
        }
    }
}
