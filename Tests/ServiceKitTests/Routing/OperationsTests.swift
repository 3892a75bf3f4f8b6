import Postgres
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: operators learn whether a service lives and what it lacks, without signing in.
@Suite struct OperationsTests {
    @Test
    func `A service that runs is alive and ready`() async throws {
        try await TestService.use { service in
            #expect(try await service.ask("GET", "/health/live").text == #"{"ok":true}"#)
            let ready = try await service.ask("GET", "/health/ready")
            #expect(ready.status == 200 && ready.header("retry-after") == nil)
            #expect(ready.text == #"{"ready":true,"failing":[],"time":"\#(service.clock.now)"}"#)
        }
    }

    @Test
    func `While revocations cannot be heard a service is alive, but not ready`() async throws {
        try await TestService.use { service in
            service.resolver.trust(false)
            let ready = try await service.ask("GET", "/health/ready")
            #expect(ready.status == 503 && ready.header("retry-after") == "2")
            #expect(ready.text == #"{"ready":false,"failing":["auth"],"time":"\#(service.clock.now)"}"#)
            #expect(try await service.ask("GET", "/health/live").status == 200)
        }
    }

    @Test
    func `A service that needs something else is ready only while it has it`() async throws {
        try await TestService.use { service in
            let isMet = Shared(false)
            service.kit.require("stripe") { isMet.value }
            let failing = try await service.ask("GET", "/health/ready")
            #expect(failing.status == 503 && failing.text.contains(#""failing":["stripe"]"#))
            isMet.change { $0 = true }
            #expect(try await service.ask("GET", "/health/ready").status == 200)
        }
    }

    @Test
    func `Without its database a service is alive, but not ready`() async throws {
        try await TestService.useAlone { service in
            await service.database.close()
            let ready = try await service.ask("GET", "/health/ready")
            #expect(ready.status == 503 && ready.header("retry-after") == "2")
            #expect(ready.text == #"{"ready":false,"failing":["postgresql"],"time":"\#(service.clock.now)"}"#)
            #expect(try await service.ask("GET", "/health/live").status == 200)
        }
    }

    @Test
    func `Without its database a service answers 503 to those who can try again`() async throws {
        try await TestService.useAlone { service in
            let session = service.auth.session()
            await service.database.close()
            let answer = try await service.make("Chair", as: session)
            #expect(answer.status == 503)
            #expect(answer.code == "SERVICE_UNAVAILABLE")
            #expect(answer.header("retry-after") == "2")
        }
    }

    @Test
    func `Readiness does not wait for a database that takes connections and never answers`() async throws {
        let silence = try SilentPort()
        var configuration = Database.Configuration(url: "postgresql://nobody@127.0.0.1:\(silence.port)/nothing")
        (configuration.deadline, configuration.queuePatience) = (.seconds(600), .seconds(600))
        let database = Database(configuration, logger: .quiet)
        let readiness = Readiness(database: database, feed: nil)
        let time = await ContinuousClock().measure {
            #expect(await readiness.failing() == ["postgresql"])
        }
        #expect(time < configuration.deadline)
        silence.end()
        await database.close()
    }

    @Test
    func `What operators ask every few seconds is neither logged nor counted`() async throws {
        try await TestService.use { service in
            let id = try #require(try await service.ask("GET", "/health/live").requestID)
            #expect(try service.log.lines(of: id).isEmpty)
            #expect(await !service.metrics.text().contains("health"))
        }
    }
}
