import Foundation
import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: every page that there is can be shown, to a client and to a freelancer, and keeps the rules of
/// all pages. A new page is looked at here without being named.
@Suite struct EveryPageTests {
    // As in the examples.
    static let id = "019cabcd-0005-7000-8000-000000000005"
    static let milestoneID = "019cabcd-0006-7000-8000-000000000006"

    static let paths: [String] = {
        var map = SiteMap()
        for group in Pages.all { group.register(on: &map) }
        return map.entries.filter { $0.method == .get }.map(\.path)
    }()

    static func filled(_ path: String) -> String {
        if path == "/agents/{id}" { return "/agents/\(agentID)" }
        return withIDs(path)
    }

    private static let agentID =
        Endpoints.hostedAgents.list.operation.outputExample?["agents"]?.array?.first?["id"]?.string ?? ""

    private static func withIDs(_ path: String) -> String {
        path.split(separator: "/").map {
            $0 == "{milestoneId}" ? "/\(milestoneID)" : $0.hasPrefix("{") ? "/\(id)" : "/\($0)"
        }.joined()
    }

    @Test(arguments: UserType.allCases)
    func `every page is shown, and keeps the rules of all pages`(type: UserType) async throws {
        try await WebWorld.run { world in
            let browser = world.person(type, isAdmin: true)
            world.api.answer(Endpoints.contracts.get, ["milestones": [Self.released]])
            for path in Self.paths {
                let shown = try await browser.get(path == "/" ? "/" : Self.filled(path))
                #expect(
                    shown.status == 200 || (shown.status == 303 && shown.location != nil), "\(path): \(shown.status)")
                guard shown.status == 200 else { continue }
                #expect(shown.text.hasPrefix("<!doctype html>") && shown.text.contains("</html>"), "\(path)")
                #expect(!shown.text.contains("{{") && !shown.text.contains("Optional("), "\(path)")
                let policy = try #require(shown.answer.header("content-security-policy"))
                #expect(policy.hasPrefix("default-src 'none'") && !policy.contains("unsafe"), "\(path)")
                #expect(!shown.text.contains("style=\"") && !shown.text.contains(" onclick"), "\(path)")
                #expect(shown.text.ranges(of: "<h1").count == 1, "\(path) has one heading")
                #expect(!shown.text.contains(PartsTests.isMissing), "\(path)")
                #expect(shown.answer.body.count < 60_000, "\(path)")
            }
        }
    }

    @Test func `every page but those for everybody leads a stranger to the sign-in`() async throws {
        let open: Set = [
            "/", "/sign-in", "/forgot-password", "/reset-password", "/register", "/register/code", "/payouts/onboarded",
            "/payouts/onboarding",
            "/client/contract/payment-success", "/client/jobs/home",
        ]
        try await WebWorld.run { world in
            for path in Self.paths where !open.contains(path) {
                let shown = try await world.stranger().get(Self.filled(path))
                #expect(shown.location?.hasPrefix("/sign-in?return_to=%2F") == true, "\(path)")
            }
            #expect(world.api.asked.value.isEmpty)
        }
    }

    @Test func `no form does anything when it comes from elsewhere, or without the token of this session`() async throws
    {
        var map = SiteMap()
        for group in Pages.all { group.register(on: &map) }
        let forms = map.entries.filter { $0.method == .post }.map(\.path)
        #expect(forms.count > 40)
        try await WebWorld.run { world in
            let browser = world.person()
            let own = try #require(try await browser.get("/sign-in").field("token"))
            let foreign = try #require(try await world.person(.freelancer).get("/sign-in").field("token"))
            for path in forms {
                for (token, origin) in [
                    (nil, WebWorld.publicURL), (foreign, WebWorld.publicURL), (own, "https://evil.example"),
                    (own, "null"),
                ] {
                    let shown = try await browser.post(
                        Self.filled(path), [("name", "x")] + (token.map { [("token", $0)] } ?? []),
                        headers: [("Origin", origin)])
                    // What was typed may be held, to be sent by who sees the page.
                    #expect(shown.status == 403 || shown.text.contains("Send it now"), "\(path) \(shown.status)")
                }
            }
            #expect(world.api.asked.value.allSatisfy { $0.method == "GET" })
        }
    }

    @Test func `every page escapes what people wrote`() async throws {
        let hostile = "\"><script>alert(1)</script>\u{301}'"
        try await WebWorld.run { world in
            let browser = world.person(.freelancer, isAdmin: true)
            world.api.spoil(with: hostile)
            for path in Self.paths {
                let shown = try await browser.get(path == "/" ? "/" : Self.filled(path))
                #expect(!shown.text.contains("<script>alert"), "\(path)")
                #expect(!shown.text.contains("\"><script"), "\(path)")
            }
        }
    }

    @Test func `a page for which the API is down says so`() async throws {
        try await WebWorld.run(isUp: false) { world in
            for path in ["/", "/deals", "/contracts/\(Self.id)", "/messages", "/settings"] {
                let shown = try await world.person().get(path)
                #expect(shown.status == 503 && shown.text.contains("cannot be reached just now"), "\(path)")
            }
        }
    }

    /// A milestone that is over.
    static let released: JSONValue =
        (Endpoints.contracts.get.operation.outputExample?["milestones"]?.array?.first ?? [:])
        .with(["status": "released", "released_at": "2026-03-02T09:00:00Z", "dispute_id": .null])
}
