import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: even for an unknown path, a caller gets answers in the shape of the intended surface.
@Suite struct SurfaceTests {
    private static let operations = Catalogue.all + Things.all

    @Test(arguments: [
        ("/api/gigs/1/2/3/4", Surface.clawConnected), ("/api/nothing", .clawConnected), ("/", .clawConnected),
        ("", .clawConnected), ("/nothing", .clawConnected), ("/api/authors", .clawConnected),
        ("/api/admin/nothing", .clawConnected), ("/api/auth/nothing", .skillhouse), ("/api/auth", .skillhouse),
        ("/api/client/nothing", .skillhouse), ("/v1/nothing", .skillSync), ("/v1", .skillSync),
        ("/v1/oauth/nothing", .oauth), ("/v1/oauth", .oauth), ("/internal/nothing", .internal),
    ])
    func `a path without an endpoint is on the surface of those beside it`(path: String, surface: Surface) {
        #expect(Surface(ofUnknown: path, beside: Self.operations) == surface)
    }

    @Test func `the path of an endpoint is on the endpoint's surface, whatever the method`() {
        for operation in Self.operations {
            #expect(Surface(ofUnknown: operation.path, beside: Self.operations) == operation.surface)
        }
    }

    @Test func `on SkillSync strangers are told the figures of the smallest plan`() async throws {
        try await TestService.use { service in
            let end = "\((service.clock.now + .seconds(60)).seconds)"
            let shown: [[(name: String, value: String)]] = [[], [("Authorization", "Bearer nobody")]]
            for headers in shown {
                let answer = try await service.ask(
                    "POST", "/v1/things", bytes: Array("{}".utf8),
                    headers: headers + [("Content-Type", "application/json")])
                #expect(answer.status == 401)
                let told = answer.headers.filter { $0.name.hasPrefix("x-ratelimit") }.map { "\($0.name): \($0.value)" }
                #expect(
                    told.sorted() == [
                        "x-ratelimit-limit: 60", "x-ratelimit-remaining: 60", "x-ratelimit-reset: \(end)",
                        "x-ratelimit-retry-after: 60",
                    ])
            }
            let elsewhere = try await service.ask("GET", "/api/things")
            #expect(elsewhere.status == 401 && !elsewhere.headers.contains { $0.name.hasPrefix("x-ratelimit") })
        }
    }

    @Test func `what no endpoint answers counts as a request of whose key it carries, and tells what is left`()
        async throws
    {
        try await TestService.use { service in
            let key = service.auth.key([])
            for (left, method, path, status) in [
                ("59", "GET", "/v1/nothing", 404), ("58", "DELETE", "/v1/things", 405),
                ("57", "POST", "/v1/things/", 404),
                ("56", "HEAD", "/v1/nothing", 404), ("55", "PUT", "/api/nothing", 404),
                ("54", "DELETE", "/v1/oauth/things", 405),
                ("53", "OPTIONS", "/v1/things", 204),
            ] {
                let answer = try await service.ask(method, path, as: key)
                #expect(answer.status == status, "\(method) \(path)")
                #expect(answer.header("x-ratelimit-limit") == "60", "\(method) \(path)")
                #expect(answer.header("x-ratelimit-remaining") == left, "\(method) \(path)")
            }
            service.auth.leave(0)
            let refused = try await service.ask("GET", "/v1/nothing", as: key)
            #expect(refused.status == 429 && refused.header("retry-after") == "17")
            #expect(refused.header("x-ratelimit-remaining") == "0")
        }
    }

    @Test
    func `strangers get the same answer from a path that is not there, on SkillSync with the smallest plan's figures`()
        async throws
    {
        try await TestService.use { service in
            for headers in [[], [("Authorization", "Bearer nobody")], [("Authorization", "Basic YTpi")]] {
                for (path, status) in [("/v1/nothing", 404), ("/v1/things", 405)] {
                    let answer = try await service.ask("GET", path, headers: headers)
                    #expect(answer.status == status && answer.header("x-ratelimit-remaining") == "60")
                }
                let elsewhere = try await service.ask("GET", "/api/nothing", headers: headers)
                #expect(elsewhere.status == 404 && elsewhere.header("x-ratelimit-limit") == nil)
            }
            let session = try await service.ask("GET", "/v1/nothing", as: service.auth.session())
            #expect(session.status == 404 && session.header("x-ratelimit-limit") == nil)
        }
    }
}
