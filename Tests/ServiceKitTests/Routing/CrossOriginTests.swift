import Foundation
import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: pages of the web client may read answers, and no other pages may.
@Suite struct CrossOriginTests {
    private let own = [(name: "Origin", value: TestService.clientURL)]

    private func list(_ header: String?) -> Set<String> {
        Set((header ?? "").lowercased().split(separator: ", ").map(String.init))
    }

    @Test
    func `The client's page is told before it asks what it may send`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask(
                "OPTIONS", "/api/things", headers: own + [("Access-Control-Request-Method", "POST")])
            #expect(answer.status == 204)
            #expect(answer.header("access-control-allow-origin") == TestService.clientURL)
            #expect(answer.header("access-control-allow-credentials") == "true")
            #expect(answer.header("access-control-max-age") == "600")
            #expect(answer.header("allow") == "DELETE, GET, HEAD, OPTIONS, POST")
            let methods = list(answer.header("access-control-allow-methods"))
            #expect(methods == Set(Method.allCases.map { $0.rawValue.lowercased() }))
            #expect(
                list(answer.header("access-control-allow-headers")).isSuperset(of: [
                    "content-type", "authorization", "idempotency-key", "if-match", "if-none-match", "x-api-key",
                ]))
        }
    }

    @Test(arguments: [
        "https://evil.example", "null", "http://app.example", "*",
    ])
    func `Another site's page is allowed nothing`(origin: String) async throws {
        try await TestService.use { service in
            for method in ["OPTIONS", "GET"] {
                let answer = try await service.ask(method, "/api/things", headers: [("Origin", origin)])
                #expect(answer.header("access-control-allow-origin") == nil)
                #expect(answer.header("access-control-allow-credentials") == nil)
                #expect(answer.header("vary") == "Origin")
            }
        }
    }

    @Test
    func `The client's page may read answers and refusals, and the headers that it needs`() async throws {
        try await TestService.use { service in
            for caller in [service.auth.session(), nil] {
                let answer = try await service.ask("GET", "/api/things", as: caller, headers: own)
                #expect(answer.header("access-control-allow-origin") == TestService.clientURL)
                #expect(answer.header("access-control-allow-credentials") == "true")
                let exposed = answer.header("access-control-expose-headers") ?? ""
                for name in [
                    "Allow", "ETag", "Idempotent-Replayed", "Location", "Retry-After", "X-Request-Id",
                    "X-RateLimit-Remaining",
                ] {
                    #expect(exposed.split(separator: ", ").contains(Substring(name)))
                }
                #expect(answer.header("vary") == "Origin")
            }
        }
    }

    @Test
    func `SkillSync's surface is for servers: no page may ask it`() async throws {
        try await TestService.use { service in
            for method in ["OPTIONS", "POST"] {
                let answer = try await service.ask(method, "/v1/things", headers: own)
                #expect(answer.header("access-control-allow-origin") == nil)
            }
        }
    }

    @Test(arguments: ["https://page.example", TestService.clientURL, "null"])
    func `Where an endpoint says so, every site's page may ask, without cookies`(origin: String) async throws {
        try await TestService.use { service in
            for (method, status) in [("OPTIONS", 204), ("POST", 401), ("GET", 405)] {
                let answer = try await service.ask(method, "/v1/oauth/things", headers: [("Origin", origin)])
                #expect(answer.status == status)
                #expect(answer.header("access-control-allow-origin") == "*")
                #expect(answer.header("access-control-allow-credentials") == nil)
                #expect(answer.header("access-control-expose-headers")?.contains("WWW-Authenticate") == true)
            }
            let near = try await service.ask("OPTIONS", "/v1/oauth/nothing", headers: [("Origin", origin)])
            #expect(near.status == 404 && near.header("access-control-allow-origin") == nil)
        }
    }

    @Test func `Only what OAuth's clients in browsers need is open to every site`() throws {
        let open = Catalogue.published.filter(\.anyOrigin).map(\.path).sorted()
        #expect(open == ["/.well-known/oauth-authorization-server", "/v1/oauth/revoke", "/v1/oauth/token"])
        let refusals = try Self.refusals()
        for path in open {
            let pattern = path.replacing(".", with: "\\.")
            #expect(refusals.contains("\"~^\(pattern)(?:[?]|$)\" \"*\";"), "\(path)")
        }
        #expect(refusals.components(separatedBy: "[?]|$)\" \"*\";").count == open.count + 1)
    }

    @Test
    func `Skillhouse's surface is for pages too, with the headers and methods that it is published with`() async throws
    {
        try await TestService.use { service in
            let answer = try await service.ask("OPTIONS", "/api/client/things", headers: own)
            #expect(answer.header("access-control-allow-origin") == TestService.clientURL)
            #expect(answer.header("access-control-allow-credentials") == "true")
            #expect(answer.header("access-control-allow-headers") == "Content-Type, Authorization")
            #expect(answer.header("access-control-allow-methods") == "GET, POST, PUT, PATCH, DELETE")
        }
    }

    @Test
    func `Where there is nothing, nothing is allowed`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("OPTIONS", "/api/nothing", headers: own)
            #expect(answer.status == 404)
            #expect(answer.header("access-control-allow-methods") == nil)
        }
    }

    @Test
    func `The gateway exposes the same headers in its own refusals`() throws {
        #expect(try Self.refusals().contains("default \"\(CrossOrigin.exposedHeaders)\";"))
    }

    private static func refusals() throws -> String {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        return try String(contentsOf: root.appending(path: "deploy/nginx/refusals.conf"), encoding: .utf8)
    }
}
