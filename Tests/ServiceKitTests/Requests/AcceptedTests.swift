import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: what was only accepted is not the last word.
@Suite struct AcceptedTests {
    private func key(_ text: String = "1") -> [(name: String, value: String)] { [("Idempotency-Key", text)] }

    /// Painting happens elsewhere: its effect is not in the database.
    private func paintPath(_ service: TestService) -> String {
        "/api/things/\(ThingID.make(at: service.clock.now))/paint"
    }

    @Test
    func `A 202 is not kept, and the repeat tells the present state`() async throws {
        try await TestService.use { service in
            let (caller, target) = (service.auth.key(), paintPath(service))
            func paint() async throws -> Answer {
                try await service.ask("POST", target, as: caller, ["color": "gold"], headers: key())
            }
            #expect(try await paint().status == 202)
            let done = try await paint()
            #expect(done.status == 200 && done.header("idempotent-replayed") == nil)
            let repeated = try await paint()
            #expect(repeated.status == 200 && repeated.header("idempotent-replayed") == "true")
            #expect(service.things.paints.value == 2)
        }
    }
}
