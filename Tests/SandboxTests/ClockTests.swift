import ServiceKit
import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: the clock only goes forward, tells those who wait for it, and survives a restart.
@Suite struct ClockTests {
    @Test func `an advance outlives the process`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            #expect(try await sandbox.clock.advance(seconds: 3600))
            let again = SandboxClock(database: sandbox.database)
            try await again.load()
            #expect(again.offsetSeconds == 3600)
            #expect(again.now - SystemClock().now > .seconds(3500))
        }
    }

    @Test func `who waits is told`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            let waiting = Task { await sandbox.clock.waitForChange(from: 0, atMost: .seconds(60)) }
            #expect(try await sandbox.clock.advance(seconds: 5))
            await waiting.value
            await sandbox.clock.waitForChange(from: 0, atMost: .seconds(60))
        }
    }

    @Test func `it does not go beyond its limit`() async throws {
        try await SandboxFixture.use { (sandbox) async throws in
            #expect(try await sandbox.clock.advance(seconds: SandboxClock.furthestOffset))
            #expect(try await sandbox.clock.advance(seconds: 1) == false)
            #expect(try await sandbox.clock.advance(seconds: 0))
        }
    }
}
