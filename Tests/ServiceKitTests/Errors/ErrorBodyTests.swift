import ServiceKit
import SharedModels
import TestSupport
import Testing

/// The promise under test: an error has its surface's shape, member by member.
@Suite struct ErrorBodyTests {
    private let named = [(name: "X-Request-Id", value: "4711")]

    @Test(arguments: [
        "/api/things", "/api/client/things",
    ])
    func `ClawConnected and Skillhouse get one shape that satisfies both`(path: String) async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let answer = try await service.ask("POST", path, as: key, ["name": ""], headers: named)
            #expect(answer.status == 400)
            #expect(answer.header("content-type") == "application/json; charset=utf-8")
            #expect(
                answer.text == """
                    {"message":"name must not be blank.","status":400,"error":{"code":"VALIDATION_FAILED",\
                    "message":"name must not be blank.",\
                    "issues":[{"path":"name","message":"must not be blank"}]},"request_id":"4711"}
                    """)
        }
    }

    @Test
    func `A refused move says what is allowed instead`() async throws {
        try await TestService.use { service in
            service.things.afterChange.change {
                $0 = { _ in throw Refusal.conflict("It is sold.", allowed: ["paint", "keep"]) }
            }
            let key = service.auth.key()
            let answer = try await service.ask("POST", "/api/things", as: key, ["name": "a"], headers: named)
            #expect(answer.status == 409)
            #expect(
                answer.text == """
                    {"message":"It is sold.","status":409,"error":{"code":"CONFLICT","message":"It is sold.",\
                    "issues":[],"allowed":["paint","keep"]},"request_id":"4711"}
                    """)
        }
    }

    @Test
    func `SkillSync gets its envelope, with its own codes`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let answer = try await service.ask("POST", "/v1/things", as: key, ["name": ""], headers: named)
            #expect(answer.header("content-type") == "application/json; charset=utf-8")
            #expect(
                answer.text == """
                    {"success":false,"error":{"code":"VALIDATION_ERROR","message":"name must not be blank.",\
                    "details":{"field":"name","issue":"must_not_be_blank","provided":"",\
                    "expected":"a string of 1 to 40 characters, not blank"},\
                    "suggestion":"Send name as a string of 1 to 40 characters, not blank."},\
                    "meta":{"timestamp":"2026-01-01T00:00:00Z","request_id":"4711",\
                    "documentation":"https://docs.skillsync.ai/errors#validation_error"}}
                    """)
        }
    }

    @Test
    func `A success on SkillSync is in its envelope, and elsewhere as it is`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let answer = try await service.ask("POST", "/v1/things", as: key, ["name": "Chair"], headers: named)
            #expect(answer.status == 201)
            #expect(answer["success"] == true && answer["data"]?["name"] == "Chair")
            #expect(
                answer["meta"] == [
                    "timestamp": "2026-01-01T00:00:00Z", "version": "v1.0", "request_id": "4711",
                ])
            let plain = try await service.ask("POST", "/api/things", as: key, ["name": "Chair"], headers: named)
            #expect(plain["name"] == "Chair" && plain["success"] == nil)
        }
    }

    @Test
    func `Who names no request on SkillSync gets an id in its form`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("POST", "/v1/things", as: service.auth.key(), ["name": "Chair"])
            let id = try #require(answer["meta"]?["request_id"]?.string)
            #expect(id.wholeMatch(of: /req_[0-9a-f]{32}/) != nil && answer.header("x-request-id") == id)
        }
    }

    @Test
    func `On SkillSync wrong members of a body are 422, a wrong query 400, and both validation errors`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let body = try await service.ask("POST", "/v1/things", as: key, ["size": 1])
            #expect(body.status == 422)
            #expect(body.code == "VALIDATION_ERROR")
            let query = try await service.ask("POST", "/v1/things?limit=0", as: key, ["name": "a"])
            #expect(query.status == 400)
            #expect(query.code == "VALIDATION_ERROR")
            #expect(query["error"]?["details"]?["field"] == "limit")
        }
    }

    @Test(arguments: [
        ("401", "INVALID_API_KEY"), ("403", "INSUFFICIENT_PERMISSIONS"), ("404", "RESOURCE_NOT_FOUND"),
        ("405", "METHOD_NOT_ALLOWED"), ("400", "BAD_REQUEST"), ("415", "UNSUPPORTED_MEDIA_TYPE"),
        ("409", "CONFLICT"), ("429", "RATE_LIMIT_EXCEEDED"), ("503", "SERVICE_UNAVAILABLE"),
        ("500", "INTERNAL_ERROR"),
    ])
    func `SkillSync's codes for what every surface refuses`(status: String, code: String) async throws {
        try await TestService.use { service in
            let answer = try await refusal(status, by: service)
            #expect("\(answer.status)" == status)
            #expect(answer.code == code)
            #expect(answer["success"] == false)
            #expect(answer["error"]?["suggestion"]?.string?.isEmpty == false)
            #expect(answer["meta"]?["request_id"] == answer.requestID.map { .string($0) })
            let page = "https://docs.skillsync.ai/errors#\(code.lowercased())"
            #expect(answer["meta"]?["documentation"] == .string(page))
        }
    }

    /// A request to SkillSync's surface that is refused with `status`.
    private func refusal(_ status: String, by service: TestService) async throws -> Answer {
        let key = service.auth.key()
        switch status {
        case "401": return try await service.ask("POST", "/v1/things")
        case "403":
            let reader = service.auth.key([.gigsRead])
            return try await service.ask("POST", "/v1/things", as: reader, ["name": "a"])
        case "404": return try await service.ask("GET", "/v1/nothing")
        case "405": return try await service.ask("GET", "/v1/things")
        case "400": return try await service.ask("POST", "/v1/things", as: key, [])
        case "415": return try await service.ask("POST", "/v1/things", as: key, bytes: [1], headers: [])
        case "429":
            service.auth.leave(0)
            return try await service.ask("POST", "/v1/things", as: key, ["name": "a"])
        case "503":
            service.auth.goAway()
            return try await service.ask("POST", "/v1/things", as: key, ["name": "a"])
        default:
            let error: any Error = status == "409" ? Refusal.conflict("No.") : Mishap()
            service.things.afterChange.change { $0 = { _ in throw error } }
            return try await service.ask("POST", "/v1/things", as: key, ["name": "a"])
        }
    }

    @Test
    func `OAuth gets the standard's members, in the characters that it allows, and ours besides`() async throws {
        try await TestService.use { service in
            let key = service.auth.key()
            let wrong = try await service.ask("POST", "/v1/oauth/things", as: key, ["name": ""], headers: named)
            #expect(wrong.status == 400)
            #expect(
                wrong.text == """
                    {"error":"invalid_client_metadata","error_description":"name must not be blank.",\
                    "error_code":"VALIDATION_FAILED","issues":[{"path":"name","message":"must not be blank"}],\
                    "request_id":"4711"}
                    """)
            service.things.afterChange.change { $0 = { _ in throw Refusal.conflict("“Ä\\\"\n") } }
            let odd = try await service.ask("POST", "/v1/oauth/things", as: key, ["name": "a"])
            #expect(odd.status == 409 && odd["error_description"] == "'??'?")
            service.things.afterChange.change { $0 = { _ in } }
            let made = try await service.ask("POST", "/v1/oauth/things", as: key, ["name": "Chair"])
            #expect(made["name"] == "Chair" && made["success"] == nil)
            let nobody = try await service.ask("POST", "/v1/oauth/things", ["name": "a"])
            #expect(nobody.status == 401 && nobody["error"] == "invalid_token")
            #expect(nobody.header("www-authenticate") == "Bearer realm=\"guildhall\"")
        }
    }

    @Test
    func `Services are told in the common shape`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("POST", "/internal/things/1/count", headers: named)
            #expect(
                answer.text == """
                    {"message":"A service token is required.","status":401,"error":{"code":"UNAUTHORIZED",\
                    "message":"A service token is required.","issues":[]},"request_id":"4711"}
                    """)
        }
    }
}
