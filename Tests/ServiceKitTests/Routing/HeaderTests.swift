import SharedModels
import Testing

/// The promise under test: every answer, from every part of the service, names its request and reveals nothing.
@Suite struct HeaderTests {
    /// One of each kind: successes, refusals of every stage, the router's, a raw route's, operators'.
    private func answers(of service: TestService) async throws -> [String: Answer] {
        let session = service.auth.session()
        let fault = [(name: "X-Wish", value: "fault")]
        return [
            "success": try await service.ask("GET", "/api/things", as: session),
            "no content": try await service.ask("DELETE", "/api/things", as: session),
            "no credential": try await service.ask("GET", "/api/things"),
            "bad query": try await service.ask("GET", "/api/things?limit=0", as: session),
            "bad body": try await service.ask("POST", "/api/things", as: session, [:]),
            "no path": try await service.ask("GET", "/api/nothing"),
            "no method": try await service.ask("PUT", "/api/things"),
            "preflight": try await service.ask("OPTIONS", "/api/things"),
            "head": try await service.ask("HEAD", "/api/things", as: session),
            "page": try await service.ask("GET", "/docs"),
            "raw": try await service.ask("POST", "/provider/t/things"),
            "raw fault": try await service.ask("POST", "/provider/t/things", headers: fault),
            "live": try await service.ask("GET", "/health/live"),
            "ready": try await service.ask("GET", "/health/ready"),
            "metrics": try await service.ask("GET", "/metrics"),
            "SkillSync": try await service.ask("POST", "/v1/things"),
        ]
    }

    @Test
    func `Every answer has a request id, is not to be sniffed, and names no server`() async throws {
        try await TestService.use { service in
            for (kind, answer) in try await answers(of: service) {
                #expect(answer.values(of: "x-request-id").count == 1, "\(kind)")
                #expect(answer.values(of: "x-content-type-options") == ["nosniff"], "\(kind)")
                #expect(answer.header("server") == nil, "\(kind)")
                #expect(answer.header("x-powered-by") == nil, "\(kind)")
                #expect(answer.header("date") != nil, "\(kind)")
            }
        }
    }

    @Test
    func `Nothing is kept on the way, unless the endpoint says so`() async throws {
        try await TestService.use { service in
            for (kind, answer) in try await answers(of: service) {
                let expected = kind == "page" ? "public, max-age=300" : "no-store"
                #expect(answer.values(of: "cache-control") == [expected], "\(kind)")
            }
        }
    }

    @Test
    func `What has a body says what it is; what has none says nothing of it`() async throws {
        try await TestService.use { service in
            for (kind, answer) in try await answers(of: service) where kind != "head" {
                #expect((answer.header("content-type") == nil) == answer.bytes.isEmpty, "\(kind)")
                #expect((answer.header("content-length") == nil) == (answer.status == 204), "\(kind)")
            }
        }
    }
}
