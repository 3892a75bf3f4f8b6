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
}
