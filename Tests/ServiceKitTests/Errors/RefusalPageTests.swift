import Crypto
import Foundation
import ServiceKit
import SharedModels
import TestSupport
import Testing

/// The promise under test: a person in a browser never lands on JSON, and a program always gets JSON.
@Suite struct RefusalPageTests {
    private static let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    private func visit(_ service: TestService, accepting accept: String?, query: String = "") async throws -> Answer {
        try await service.ask("GET", "/api/visit\(query)", headers: accept.map { [("Accept", $0)] } ?? [])
    }

    @Test(arguments: [browser, "text/html", "TEXT/HTML ;q=1, application/json", "*/*, text/html"])
    func `a browser is shown a page that says what happened, and leads back`(accept: String) async throws {
        try await TestService.use { service in
            service.things.afterChange.change { $0 = { _ in throw Refusal.notFound("thing <b>&'\"") } }
            let page = try await visit(service, accepting: accept)
            #expect(page.status == 404)
            #expect(page.header("content-type") == "text/html; charset=utf-8")
            #expect(page.text.contains("There is no such thing &lt;b&gt;&amp;&#39;&quot;."))
            #expect(page.text.contains("href=\"\(TestService.clientURL)\""))
            #expect(page.text.contains("href=\"/api/session/sign-in\""))
            #expect(page.text.contains(try #require(page.requestID)))
        }
    }

    @Test func `the page runs nothing, loads nothing, and gives its address to nobody`() async throws {
        try await TestService.use { service in
            let page = try await visit(service, accepting: Self.browser, query: "?whole=perhaps")
            #expect(page.status == 400)
            let policy = try #require(page.header("content-security-policy"))
            #expect(policy.hasPrefix("default-src 'none'; ") && policy.contains("frame-ancestors 'none'"))
            let style = try #require(page.text.split(separator: "<style>").last?.split(separator: "</style>").first)
            let digest = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
            #expect(policy.contains("style-src 'sha256-\(digest)'"))
            #expect(!page.text.contains("<script"))
            #expect(page.header("referrer-policy") == "no-referrer")
            #expect(page.values(of: "cache-control") == ["no-store"])
        }
    }

    @Test(arguments: [
        nil, "*/*", "application/json", "application/json, text/html", "application/*", "text/htm\u{301}l",
    ])
    func `a program that does not ask for a page first gets JSON`(accept: String?) async throws {
        try await TestService.use { service in
            let answer = try await visit(service, accepting: accept, query: "?whole=perhaps")
            #expect(answer.status == 400 && answer.code == "BAD_REQUEST")
            #expect(answer.header("content-type") == "application/json; charset=utf-8")
        }
    }

    @Test func `an endpoint that sends nobody on answers a browser in JSON too`() async throws {
        try await TestService.use { service in
            let answer = try await service.ask("GET", "/api/things", headers: [("Accept", Self.browser)])
            #expect(answer.status == 401 && answer.code == "UNAUTHORIZED")
            #expect(try await visit(service, accepting: Self.browser).header("location") == "/api/things/newest")
        }
    }
}
