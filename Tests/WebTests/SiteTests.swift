import Foundation
import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: whatever is asked, the visitor gets a page that says what is so, and nobody else's script,
/// form or redirect gets in.
@Suite struct SiteTests {
    @Test func `without a session a page leads to the sign-in, and from there back`() async throws {
        try await WebWorld.run { world in
            let shown = try await world.stranger().get("/gigs?q=swift%20parser")
            #expect(shown.status == 303)
            #expect(shown.location == "/sign-in?return_to=%2Fgigs%3Fq%3Dswift%2520parser")
            let page = try await world.stranger().get(shown.location ?? "")
            #expect(page.text.contains("/api/session/github?return_to=%2Fgigs%3Fq%3Dswift%2520parser"))
        }
    }

    @Test(arguments: [
        "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/%0d%0aSet-Cookie:a=b",
        "\\\\evil.example", " //evil.example", "gigs",
    ])
    func `a sign-in leads back to paths of our own alone`(target: String) async throws {
        try await WebWorld.run { world in
            let browser = world.stranger()
            let shown = try await browser.post(
                "/sign-in", [("email", "a@b.example"), ("password", "secret"), ("return_to", target)])
            #expect(shown.status == 303)
            let location = try #require(shown.location)
            #expect(location.hasPrefix("/") && !location.hasPrefix("//") && !location.contains("\\"))
            #expect(!location.contains("\r") && answerHasNoCookie("a", browser))
        }
    }

    private func answerHasNoCookie(_ name: String, _ browser: Browser) -> Bool { browser.cookies.value[name] == nil }

    @Test func `a password signs in with the API's own session, whose cookie the browser gets as it is`() async throws {
        try await WebWorld.run { world in
            let cookie = "guildhall_session=abc; Path=/; Max-Age=60; HttpOnly; SameSite=Lax"
            world.api.answer(Endpoints.session.signIn) { _ in .init(status: 302, headers: ["set-cookie": cookie]) }
            let browser = world.stranger()
            let shown = try await browser.post("/sign-in", [("email", "a@b.example"), ("password", "p w")])
            #expect(shown.answer.headers.contains { $0.name.lowercased() == "set-cookie" && $0.value == cookie })
            #expect(world.api.requests(to: Endpoints.session.signIn).last?.text == "email=a%40b.example&password=p+w")
            _ = try await browser.get("/gigs")
            let asked = try #require(world.api.requests(to: Endpoints.gigs.list).last)
            #expect(asked.headers["cookie"] == "guildhall_session=abc")
        }
    }

    @Test(arguments: [(Role.client, false), (.freelancer, false), (.admin, true)])
    func `the administration is offered to admins alone`(role: Role, isOffered: Bool) async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            world.api.answer(Endpoints.session.current, ["role": .string(role.rawValue)])
            let shown = try await browser.get("/gigs")
            #expect(shown.text.contains("href=\"/admin\"") == isOffered)
        }
    }

    @Test func `a wrong password shows the form again with what was typed, but not the password`() async throws {
        try await WebWorld.run { world in
            world.api.refuse(Endpoints.session.signIn, .badRequest, "The password is wrong.")
            let shown = try await world.stranger().post(
                "/sign-in", [("email", "a@b.example"), ("password", "open sesame")])
            #expect(shown.status == 422)
            #expect(shown.text.contains("The password is wrong."))
            #expect(shown.text.contains("value=\"a@b.example\""))
            #expect(!shown.text.contains("open sesame"))
        }
    }

    @Test func `a complaint of the API is shown at its field`() async throws {
        try await WebWorld.run { world in
            let issue = InputIssue(path: "email", message: "must be an address")
            world.api.refuse(Endpoints.session.signIn, .validationFailed, "no", [issue])
            let shown = try await world.stranger().post("/sign-in", [("email", "x"), ("password", "y")])
            #expect(shown.text.contains("<p class=\"complaint\" id=\"problem-email\">Must be an address.</p>"))
            #expect(shown.text.contains("aria-describedby=\"problem-email\""))
        }
    }

    @Test(arguments: [
        ([("token", "")], [("Origin", WebWorld.publicURL)]),
        ([("token", "00")], [("Origin", WebWorld.publicURL)]),
        ([("token", "OWN")], [("Origin", "https://evil.example")]),
        ([("token", "OWN")], [("Origin", "null")]),
        ([("token", "OWN")], [("Sec-Fetch-Site", "cross-site")]),
        ([("token", "OWN")], [("Sec-Fetch-Site", "same-site")]),
        ([("token", "ANOTHER")], [("Origin", WebWorld.publicURL)]),
        ([], [("Origin", WebWorld.publicURL)]),
    ])
    func `a form from elsewhere, or without the session's token, does nothing`(
        fields: [(String, String)], headers: [(String, String)]
    ) async throws {
        try await WebWorld.run { world in
            let (browser, other) = (world.person(), world.person(.freelancer))
            let own = try #require(try await browser.get("/gigs").field("token"))
            let another = try #require(try await other.get("/gigs").field("token"))
            #expect(own != another)
            let sent = fields.map { ($0.0, $0.1 == "OWN" ? own : $0.1 == "ANOTHER" ? another : $0.1) }
            let shown = try await browser.post("/sign-out", sent, headers: headers.map { ($0.0, $0.1) })
            #expect(shown.status == 403)
            #expect(world.api.requests(to: Endpoints.session.end).isEmpty)
        }
    }

    @Test(arguments: [
        "<script>alert(1)</script>", "\" onmouseover=\"alert(1)", "'><img src=x>",
        "\"\u{301} onmouseover=alert(1) x=\"",
        "<\u{301}b>", "&lt;", "{{layout.token}}", "</title><script>",
    ])
    func `a hostile name is shown as text, wherever it is shown`(name: String) async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            let person: [String: JSONValue] = ["display_name": .string(name), "user_type": "client"]
            world.api.answer(Endpoints.session.current, person)
            world.api.answer(
                Endpoints.profiles.get,
                ["display_name": .string(name), "bio": .string(name), "skills": .array([.string(name)])])
            world.api.answer(
                Endpoints.gigs.get, ["title": .string(name), "description": .string(name), "scope": .string(name)])
            let escaped = Markup.escape(name)
            let id = "019cabcd-0001-7000-8000-000000000001"
            for path in ["/people/\(id)", "/gigs/\(id)", "/gigs?q=\(name.percentEncoded)"] {
                let shown = try await browser.get(path)
                #expect(shown.status == 200, "\(path)")
                #expect(shown.text.contains(escaped), "\(path)")
                #expect(escaped == name || !shown.answer.body.contains(name.utf8), "\(path)")
            }
        }
    }

    @Test(arguments: ["javascript:alert(1)", "data:text/html,x", "https://good.example/me"])
    func `a link of a profile leads to the web alone`(url: String) async throws {
        try await WebWorld.run { world in
            world.api.answer(Endpoints.profiles.get, ["portfolio_website_url": .string(url)])
            let shown = try await world.person().get("/people/019cabcd-0001-7000-8000-000000000001")
            #expect(shown.text.contains("href=\"\(url)\"") == url.hasPrefix("https:"))
        }
    }

    @Test func `an API that is down shows a page that says so`() async throws {
        try await WebWorld.run(isUp: false) { world in
            let shown = try await world.person().get("/gigs")
            #expect(shown.status == 503)
            #expect(shown.text.contains("cannot be reached just now"))
            #expect(shown.answer.header("retry-after") == "2")
            #expect(shown.answer.header("content-type") == "text/html; charset=utf-8")
        }
    }

    @Test(arguments: [(503, 503), (502, 503), (429, 429)])
    func `a page says when to try again if the API does`(refused: Int, shown status: Int) async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            world.api.answer(Endpoints.gigs.list) { _ in
                .init(status: refused, headers: ["Retry-After": "17"], text: #"{"message":"Later."}"#)
            }
            let shown = try await browser.get("/gigs")
            #expect(shown.status == status)
            #expect(shown.answer.header("retry-after") == "17")
        }
    }

    @Test func `a session that has ended leads to the sign-in, and its cookie is taken away`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            world.api.refuse(Endpoints.gigs.list, .unauthorized, "The session has ended.")
            world.api.refuse(Endpoints.session.current, .unauthorized, "The session has ended.")
            let shown = try await browser.get("/gigs")
            #expect(shown.location == "/sign-in?return_to=%2Fgigs")
            #expect(browser.cookies.value["guildhall_session"] == nil)
            #expect(try await browser.get("/sign-in").text.contains("Your session has ended."))
        }
    }

    @Test func `no page has scripts in its text or loads from elsewhere, and none is too heavy`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            let id = "019cabcd-0001-7000-8000-000000000001"
            for path in ["/", "/gigs", "/gigs/\(id)", "/people/\(id)", "/sign-in", "/nothing"] {
                let shown = try await browser.get(path)
                let policy = try #require(shown.answer.header("content-security-policy"))
                #expect(policy.hasPrefix("default-src 'none'") && !policy.contains("unsafe"), "\(path)")
                #expect(!shown.text.contains("style=\"") && !shown.text.contains("onclick"), "\(path)")
                #expect(shown.answer.body.count < 60_000, "\(path)")
                #expect(shown.answer.header("x-content-type-options") == "nosniff")
            }
        }
    }

    @Test func `an asset's address names its content, and browsers may keep it`() async throws {
        try await WebWorld.run { world in
            let page = try await world.stranger().get("/sign-in")
            let start = try #require(page.text.range(of: "/assets/style.css?v="))
            let address = page.text[start.lowerBound...].prefix { $0 != "\"" }
            let kept = try await world.stranger().get(String(address))
            #expect(kept.answer.header("cache-control")?.contains("immutable") == true)
            #expect(kept.answer.header("content-type") == "text/css; charset=utf-8")
            #expect(try await world.stranger().get("/assets/nothing.css").status == 404)
            #expect(try await world.stranger().get("/assets/..%2Ftemplates%2Flayout.mustache").status == 404)
        }
    }
}
