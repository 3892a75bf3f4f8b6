import Logging
import ServiceLifecycle
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: what a key asked for is noted, also when it was refused, and never more than fits.
@Suite struct KeyRequestLogTests {
    @Test func `requests of keys are noted by template, those of sessions and of nobody are not`() async throws {
        try await TestService.use { service in
            let reader = service.auth.key([.gigsRead])
            _ = try await service.ask(
                "GET", "/api/things?limit=1", as: reader, headers: [("X-Request-ID", "first-one")])
            _ = try await service.make("Chair", as: reader)
            _ = try await service.ask("GET", "/api/things", as: service.auth.session())
            _ = try await service.ask("GET", "/api/things", headers: [("X-API-Key", "nobody")])
            let notes = service.keyRequests.take()
            #expect(notes.map(\.method) == ["GET", "POST"] && notes.map(\.status) == [200, 403])
            #expect(notes.allSatisfy { $0.path == "/api/things" && $0.durationUs > 0 })
            #expect(notes.first?.requestID == "first-one" && Set(notes.map(\.apiKeyID)).count == 1)
            #expect(service.keyRequests.take().isEmpty)
        }
    }

    @Test func `a busy key leaves room for the others`() async throws {
        try await TestService.use { service in
            service.auth.leave(1000)
            let (busy, calm) = (service.auth.key(), service.auth.key())
            for _ in 0..<(KeyRequestLog.mostPerKey + 5) { _ = try await service.ask("GET", "/api/things", as: busy) }
            _ = try await service.ask("GET", "/api/things", as: calm)
            #expect(service.keyRequests.take().count == KeyRequestLog.mostPerKey + 1)
        }
    }

    @Test func `what was noted last is told at the shutdown`() async throws {
        try await TestService.use { service in
            let (told, hasBegun) = (Shared<[KeyRequestNote]>([]), Gate())
            let telling = KeyRequestTelling(log: service.keyRequests, logger: .quiet) { notes in
                try Task.checkCancellation()
                told.change { $0 += notes }
            }
            let group = Microservice.group([Begun(service: telling, gate: hasBegun)], endingWith: [], logger: .quiet)
            let running = Task { try await group.run() }
            try await hasBegun.waitForArrival()
            _ = try await service.ask("GET", "/api/things", as: service.auth.key())
            await group.triggerGracefulShutdown()
            try await running.value
            #expect(told.value.count == 1)
        }
    }

    @Test func `what is told is told once, and what cannot be told is let go`() async throws {
        struct Away: Error {}
        try await TestService.use { service in
            let told = Shared<[[KeyRequestNote]]>([])
            let (away, there) = (
                KeyRequestTelling(log: service.keyRequests, logger: .quiet) { _ in throw Away() },
                KeyRequestTelling(log: service.keyRequests, logger: .quiet) { notes in
                    told.change { $0.append(notes) }
                }
            )
            let key = service.auth.key()
            _ = try await service.ask("GET", "/api/things", as: key)
            await there.tellOnce()
            await there.tellOnce()
            _ = try await service.ask("GET", "/api/things", as: key)
            await away.tellOnce()
            await there.tellOnce()
            #expect(told.value.map(\.count) == [1])
        }
    }
}

/// Says when a service has begun.
private struct Begun: Service {
    let service: any Service
    let gate: Gate

    func run() async throws {
        gate.open()
        await gate.pass()
        try await service.run()
    }
}
