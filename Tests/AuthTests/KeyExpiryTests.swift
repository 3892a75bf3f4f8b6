import Logging
import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import AuthService
@testable import SharedModels

/// The promise under test: a week before a key expires its owner is warned, once, and never about a key that has
/// already ended.
@Suite struct KeyExpiryTests {
    private let clock = TestClock()

    private func use(
        _ body: (KeyExpiryWorkflow, KeyWorkflow, AccountID) async throws -> Void
    ) async throws {
        try await AuthWorld.use(clock) { try await body($0.features.keyExpiry, $0.keys, $0.account) }
    }

    /// The announced keys, and whom each was announced to, in order.
    private func told(_ database: Database) async throws -> [(key: String?, to: [AccountID])] {
        try await database.all(
            """
            SELECT data->>'api_key_id' AS key, recipients FROM outbox
             WHERE name = 'key.expiring' AND destination = 'notifications' ORDER BY position
            """
        ) { (try $0.decode("key"), try $0.decode("recipients")) }
    }

    @Test func `the owner is told a week before the end, and not again`() async throws {
        try await use { expiry, keys, account in
            let made = try await keys.create(APIKeyInput(name: "laptop"), for: account)
            clock.advance(by: .days(83) - .seconds(1))
            #expect(try await expiry.warn() == clock.now + .seconds(1))
            #expect(try await told(expiry.database).isEmpty)
            clock.advance(by: .seconds(1))
            for _ in 0..<3 { #expect(try await expiry.warn() == clock.now + KeyExpiryWorkflow.longestPause) }
            let told = try await told(expiry.database)
            #expect(told.map(\.key) == ["\(made.id)"] && told.map(\.to) == [[account]])
        }
    }

    @Test func `several replicas tell of a key once`() async throws {
        try await use { (expiry, keys, account) async throws in
            for _ in 0..<30 { _ = try await keys.create(APIKeyInput(), for: account) }
            clock.advance(by: .days(84))
            let looks = await attempts(4) { try await expiry.warn() }
            #expect(looks.failures.isEmpty)
            let told = try await told(expiry.database).compactMap(\.key)
            #expect(told.count == 30 && Set(told).count == 30)
        }
    }

    @Test func `many keys at once are all told of`() async throws {
        try await use { expiry, keys, account in
            for _ in 0..<100 { _ = try await keys.create(APIKeyInput(), for: account) }
            // One more than an account may have. A key of another account would do as well.
            let more = APIKey.make(
                for: account, prefix: "cc_live_", name: nil, hostedAgentID: nil, scopes: nil,
                endingAt: clock.now + APIKey.lifetime, at: clock.now)
            try await KeyStore().insert(more.key, in: expiry.database)
            clock.advance(by: .days(84))
            _ = try await expiry.warn()
            #expect(try await told(expiry.database).count == 101)
        }
    }

    @Test func `revoked, replaced and ended keys are not told of, their successors in their own time`()
        async throws
    {
        try await use { expiry, keys, account in
            let revoked = try await keys.create(APIKeyInput(), for: account)
            let replaced = try await keys.create(APIKeyInput(), for: account)
            _ = try await keys.create(APIKeyInput(), for: account)
            clock.advance(by: .days(80))
            try await keys.revoke(revoked.id, of: account)
            let successor = try await keys.rotate(replaced.id, of: account, overlap: .seconds(86_400))
            clock.advance(by: .days(10))
            _ = try await expiry.warn()
            #expect(try await told(expiry.database).isEmpty)
            clock.advance(by: .days(73))
            _ = try await expiry.warn()
            #expect(try await told(expiry.database).map(\.key) == ["\(successor.id)"])
        }
    }

    @Test func `the scheduler looks by itself, also for keys made later`() async throws {
        try await use { expiry, keys, account in
            let scheduler = Scheduler(database: expiry.database, clock: clock, logger: .quiet)
            expiry.register(on: scheduler)
            try await scheduler.run {
                let made = try await keys.create(APIKeyInput(), for: account)
                clock.advance(by: .days(83))
                try await eventually("it is told") { try await !told(expiry.database).isEmpty }
                #expect(try await told(expiry.database).map(\.key) == ["\(made.id)"])
            }
        }
    }
}
