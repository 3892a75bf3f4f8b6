import Foundation
import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: what somebody typed is not lost when their session has ended meanwhile.
@Suite struct HeldFormTests {
    private static let ours = [
        (name: "Origin", value: WebWorld.publicURL), (name: "Sec-Fetch-Site", value: "same-origin"),
    ]
    private static let typed = [("title", "Write <b>"), ("rate", "50"), ("description", "one\r\ntwo")]

    private func ended(_ world: WebWorld) {
        world.api.refuse(Endpoints.session.current, .unauthorized, "The session has ended.")
        world.api.refuse(Endpoints.gigs.create, .unauthorized, "The session has ended.")
    }

    /// The hidden fields of the last form of a page, as its browser sends them.
    private func fields(of shown: Shown) -> [(String, String)] {
        shown.text.components(separatedBy: "<input type=\"hidden\" name=\"").dropFirst().compactMap { part in
            guard let name = part.split(separator: "\"").first, let start = part.range(of: "value=\"") else {
                return nil
            }
            let value = part[start.upperBound...].prefix { $0 != "\"" }
            return (
                String(name),
                value.replacingOccurrences(of: "&lt;", with: "<").replacingOccurrences(of: "&gt;", with: ">")
            )
        }
    }

    @Test func `a form whose session has ended is held, and sent by the next session as it was`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            ended(world)
            let held = try await browser.post("/gigs/new", Self.typed + [("once", "key-1"), ("password", "hush")])
            #expect(held.status == 401 && held.text.contains("Nothing that you typed is lost."))
            #expect(held.text.contains("Write &lt;b&gt;") && !held.text.contains("hush"))
            let again = try await browser.post("/resume", fields(of: held), headers: Self.ours)
            #expect(again.status == 401 && again.text.contains("Write &lt;b&gt;"))

            world.api.answer(Endpoints.session.current, ["user_type": "client"])
            world.api.answer(Endpoints.gigs.create, ["title": "Write"])
            browser.cookies.change { $0["guildhall_session"] = "another-session" }
            let ready = try await browser.post("/resume", fields(of: again), headers: Self.ours)
            #expect(ready.status == 200 && ready.text.contains("action=\"/gigs/new\""))
            let sent = try await browser.post("/gigs/new", fields(of: ready), headers: Self.ours)
            #expect(sent.location?.hasPrefix("/gigs/") == true)
            let asked = try #require(world.api.requests(to: Endpoints.gigs.create).last)
            #expect(asked.headers["idempotency-key"] == "key-1")
            let body = try JSONValue.parse(asked.body)
            #expect(body["title"] == "Write <b>" && body["description"] == "one\ntwo")
        }
    }

    @Test func `a form from before the new session is shown to be sent, and not carried out`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            let old = try #require(try await browser.get("/gigs/new").field("token"))
            browser.cookies.change { $0["guildhall_session"] = "another-session" }
            let shown = try await browser.post("/gigs/new", Self.typed + [("token", old)], headers: Self.ours)
            #expect(shown.status == 200 && shown.text.contains("Send it now"))
            #expect(world.api.requests(to: Endpoints.gigs.create).isEmpty)
        }
    }

    @Test(arguments: ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
    func `a held form goes to a path of our own, or nowhere`(address: String) async throws {
        try await WebWorld.run { world in
            let shown = try await world.person().post(
                "/resume", Self.typed + [("resume-at", address)], headers: Self.ours)
            #expect(shown.status == 400 && !shown.text.contains("evil"))
        }
    }

    @Test func `a page of another site gets no form shown here`() async throws {
        try await WebWorld.run { world in
            let foreign = [
                (name: "Origin", value: "https://evil.example"), (name: "Sec-Fetch-Site", value: "cross-site"),
            ]
            let browser = world.person()
            let resumed = try await browser.post(
                "/resume", Self.typed + [("resume-at", "/gigs/new")], headers: foreign)
            #expect(resumed.status == 400 && !resumed.text.contains("Write"))
            let sent = try await browser.post("/gigs/new", Self.typed, headers: foreign)
            #expect(sent.status == 403 && !sent.text.contains("Write"))
        }
    }

    @Test func `a button with nothing typed leads to the sign-in`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            world.api.refuse(Endpoints.keys.revoke, .unauthorized, "The session has ended.")
            let shown = try await browser.post("/keys/\(EveryPageTests.id)/revoke", [("back", "/keys")])
            #expect(shown.location == "/sign-in?return_to=%2Fkeys")
        }
    }
}
