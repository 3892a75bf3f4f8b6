import Postgres
import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: one key, one answer.
@Suite struct IdempotencyTests {
    private let answers = StripeAnswerStore()
    private let stored = StripeAnswerStore.Stored(requestID: "req_1", status: 200, body: Array("{}".utf8))

    @Test func `the same request is answered as before, for a day`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            try await sandbox.work { (work) async throws in
                #expect(try await answers.claim("key", fingerprint: "a", work) == nil)
                try await answers.insert(stored, key: "key", fingerprint: "a", work)
            }
            #expect(try await sandbox.work { try await answers.claim("key", fingerprint: "a", $0) } == stored)
            #expect(try await sandbox.clock.advance(seconds: 86_401))
            #expect(try await sandbox.work { try await answers.claim("key", fingerprint: "a", $0) } == nil)
        }
    }

    @Test func `another request under the key is refused`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            try await sandbox.work { try await answers.insert(stored, key: "key", fingerprint: "a", $0) }
            await #expect {
                try await sandbox.work { try await answers.claim("key", fingerprint: "b", $0) }
            } throws: { error in
                (error as? StripeError)?.kind == .idempotency
            }
        }
    }

    @Test func `a request still under way holds its key`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            try await sandbox.work { (work) async throws in
                #expect(try await answers.claim("key", fingerprint: "a", work) == nil)
                // In a separate task, like another request, because transactions do not nest.
                let other = Task.detached {
                    try await sandbox.work { try await answers.claim("key", fingerprint: "a", $0) }
                }
                await #expect {
                    try await other.value
                } throws: { error in
                    (error as? StripeError)?.status == 409
                }
            }
        }
    }
}
