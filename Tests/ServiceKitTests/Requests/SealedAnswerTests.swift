import Postgres
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: a stored answer, which can show a secret, opens under the secrets of its time alone.
@Suite struct SealedAnswerTests {
    @Test
    func `An answer sealed under another secret is neither shown nor done again`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            _ = try await service.make("Chair", as: caller, key: "1")
            let rotated = Idempotency(
                database: service.database, clock: service.clock, secret: RotatingSecret(Secret("another secret")))
            let stored: [UInt8] = try await service.database.one(
                "SELECT fingerprint FROM idempotency_keys WHERE caller = \(caller.account)"
            ) { try $0.decode("fingerprint") }
            let key = Idempotency.Key(
                caller: caller.account, text: "1", fingerprint: stored, claim: .make(at: service.clock.now))
            let refusal = await #expect(throws: Refusal.self) { try await rotated.claim(key) }
            #expect(refusal?.code == .conflict)
        }
    }

    @Test
    func `An answer that was moved to another key, or is bound to none, is not shown`() async throws {
        try await TestService.use { service in
            let caller = service.auth.key()
            let made = try await service.make("Chair", as: caller, key: "1")
            _ = try await service.make("Chair", as: caller, key: "2")
            try await service.database.execute(
                """
                UPDATE idempotency_keys SET body = (SELECT body FROM idempotency_keys
                                                     WHERE caller = \(caller.account) AND key = '1')
                 WHERE caller = \(caller.account) AND key = '2'
                """)
            #expect(try await service.make("Chair", as: caller, key: "2").status == 409)
            #expect(try await service.make("Chair", as: caller, key: "1").bytes == made.bytes)
            let unbound = try Seal(.idempotencyAnswers, of: RotatingSecret(Secret(TestService.secret))).close(
                made.bytes, for: "")
            try await service.database.execute(
                "UPDATE idempotency_keys SET body = \(unbound) WHERE caller = \(caller.account) AND key = '1'")
            #expect(try await service.make("Chair", as: caller, key: "1").status == 409)
        }
    }
}
