import OutboundHTTP
import Postgres
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: an unforeseen error is reported to us, and the caller learns only an id.
@Suite struct FaultTests {
    /// Makes a request fail with `error`, after its change.
    private func failing(
        with error: any Error, _ check: (TestService, Caller, Answer) async throws -> Void
    ) async throws {
        try await TestService.use { service in
            service.things.afterChange.change { $0 = { _ in throw error } }
            let session = service.auth.session()
            let answer = try await service.make("Chair", as: session)
            try await check(service, session, answer)
        }
    }

    @Test
    func `An unexpected error is 500 with the request id and no detail`() async throws {
        try await failing(with: Mishap()) { _, _, answer in
            #expect(answer.status == 500)
            #expect(answer.code == "INTERNAL_ERROR")
            #expect(answer["request_id"] == answer.requestID.map { .string($0) })
            #expect(!"\(answer)".contains("drawer"))
            #expect(!"\(answer)".contains("Mishap"))
        }
    }

    @Test
    func `It is logged once as an error, with its detail, the endpoint and the request's id`() async throws {
        try await failing(with: Mishap()) { service, _, answer in
            let all = try service.log.lines(of: try #require(answer.requestID))
            let lines = all.filter { $0["level"] == "error" }
            #expect(lines.count == 1)
            #expect(lines.first?["message"] == "request refused")
            #expect(lines.first?["endpoint"] == "things.create")
            #expect(lines.first?["code"] == "INTERNAL_ERROR")
            #expect(lines.first?["detail"] == "the drawer is stuck")
        }
    }

    @Test
    func `A fault of the database is 500, and shows no SQL`() async throws {
        try await TestService.use { service in
            service.things.afterChange.change { [database = service.database] in
                $0 = { _ in try await database.execute("SELECT no_such_column FROM things") }
            }
            let answer = try await service.make("Chair", as: service.auth.key())
            #expect(answer.code == "INTERNAL_ERROR")
            #expect(!answer.text.contains("no_such_column"))
            let lines = try service.log.lines(of: try #require(answer.requestID))
            #expect(lines.contains { $0["detail"]?.string?.contains("no_such_column") == true })
        }
    }

    @Test(
        arguments: [
            PostgresError.overloaded, PostgresError.deadlineExceeded, OutboundError.overloaded,
            PostgresError.connectionLost(reason: "gone"), OutboundError.shutDown, CancellationError(),
        ] as [any Error])
    func `What may succeed later is 503 with Retry-After, and nobody has to look`(error: any Error) async throws {
        try await failing(with: error) { service, _, answer in
            #expect(answer.status == 503)
            #expect(answer.code == "SERVICE_UNAVAILABLE")
            #expect(answer.header("retry-after") == "2")
            #expect(!answer.text.contains("gone"))
            let lines = try service.log.lines(of: try #require(answer.requestID))
            #expect(Set(lines.map { $0["level"]?.string }) == ["info"])
        }
    }

    @Test
    func `Every 503 says when to try again, in every service`() async throws {
        try await failing(with: Refusal(.serviceUnavailable, "Closed for lunch.")) { _, _, answer in
            #expect(answer.header("retry-after") == "2")
        }
        try await failing(with: Refusal.unavailable(retryAfter: .milliseconds(200))) { _, _, answer in
            #expect(answer.header("retry-after") == "1")
        }
    }

    @Test
    func `A refusal is no fault: it is not logged as one, and keeps its own words`() async throws {
        try await failing(with: Refusal.conflict("It is sold.")) { service, _, answer in
            #expect(answer["message"] == "It is sold.")
            let lines = try service.log.lines(of: try #require(answer.requestID))
            #expect(lines.map { $0["message"] } == ["request"])
        }
    }
}
