import Foundation
import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: a secret is in the one page that shows it, and what is asked of the API is what was chosen.
@Suite struct BuilderTests {
    private static let id = EveryPageTests.id

    @Test func `a key is shown once, and not where a browser keeps it`() async throws {
        try await WebWorld.run { world in
            world.api.answer(Endpoints.keys.create, ["key": "cc_live_secret"])
            let browser = world.person()
            let shown = try await browser.post("/keys/new", [("name", "Night job")])
            #expect(shown.status == 200 && shown.text.contains("cc_live_secret"))
            #expect(shown.answer.header("cache-control") == "no-store")
            #expect(!browser.cookies.value.values.contains { $0.contains("secret") })
            let list = try await browser.get("/keys")
            #expect(!list.text.contains("cc_live_secret"))
        }
    }

    @Test func `a key with scopes has those that were ticked, and no others`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            _ = try await browser.post(
                "/keys/new", [("name", "Reader"), ("scopes", "gigs:read"), ("scopes", "deals:read")])
            #expect(world.api.requests(to: Endpoints.keys.create).isEmpty)
            let asked = try #require(world.api.requests(to: Endpoints.scopedKeys.create).last)
            #expect(try JSONValue.parse(asked.body) == ["name": "Reader", "scopes": ["gigs:read", "deals:read"]])
        }
    }

    @Test func `a key is replaced in its place, and the old one works until its owner says so or for a day`()
        async throws
    {
        try await WebWorld.run { world in
            world.api.answer(Endpoints.keys.rotateNamed, ["key": "cc_live_secret"])
            let browser = world.person()
            #expect(try await browser.get("/keys").text.contains("The old one works for a day"))
            let shown = try await browser.post("/keys/\(Self.id)/replace")
            #expect(shown.status == 200 && shown.text.contains("cc_live_secret"))
            #expect(shown.text.contains("action=\"/keys/\(Self.id)/revoke\""))
            let asked = try #require(world.api.asked.value.last { $0.method == "POST" })
            #expect(asked.path == "/api/keys/\(Self.id)/rotate")
            #expect(try JSONValue.parse(asked.body) == ["overlap_seconds": 86_400])
            world.api.refuse(Endpoints.keys.rotateNamed, .conflict, "This key was rotated already; use its successor.")
            let refused = try await browser.post("/keys/\(Self.id)/replace")
            #expect(refused.status == 409 && !refused.text.contains("cc_live_secret"))
        }
    }

    @Test func `what was ticked stays ticked when the form is refused`() async throws {
        try await WebWorld.run { world in
            world.api.refuse(
                Endpoints.notifications.createWebhook, .validationFailed, "no",
                [InputIssue(path: "url", message: "is private")])
            let shown = try await world.person().post(
                "/webhooks/new", [("url", "http://10.0.0.1"), ("events", "gig.created"), ("retry", "durable")])
            #expect(shown.status == 422 && shown.text.contains("Is private."))
            #expect(shown.text.contains("value=\"gig.created\" checked"))
            #expect(!shown.text.contains("value=\"gig.deleted\" checked"))
            #expect(shown.text.contains("value=\"durable\" selected"))
        }
    }

    @Test func `what a receiver answered is shown as text`() async throws {
        try await WebWorld.run { world in
            world.api.spoil(with: "<img src=x onerror=alert(1)>")
            let shown = try await world.person().get("/webhooks/\(Self.id)")
            #expect(shown.status == 200 && !shown.text.contains("<img"))
        }
    }

    @Test(arguments: [
        ("client", "block", true), ("freelancer", "unblock", true), ("client", "delete", false),
        ("admin", "block", false),
    ])
    func `an admin's button does what it says, and no other address does anything`(
        role: String, action: String, isKnown: Bool
    ) async throws {
        try await WebWorld.run { world in
            let shown = try await world.person().post("/admin/people/\(role)/\(Self.id)/\(action)")
            #expect(shown.status == (isKnown ? 303 : 404))
            let changes = world.api.asked.value.filter { $0.method == "PUT" }
            #expect(changes.count == (isKnown ? 1 : 0))
            #expect(changes.allSatisfy { $0.path.hasPrefix("/api/admin/users/\(action)-\(role)/") })
        }
    }

    @Test func `names are shown a page at a time, and searched for by the API`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            world.api.answer(Endpoints.skills.list, ["total": 120, "currentPage": 2, "totalPages": 3])
            let shown = try await browser.get("/admin/names?kind=skills&search=re&page=2")
            #expect(shown.text.contains("/admin/names?kind=skills&amp;search=re&amp;page=3"))
            #expect(shown.text.contains("name=\"back\" value=\"/admin/names?kind=skills&amp;search=re&amp;page=2\""))
            #expect(world.api.requests(to: Endpoints.skills.list).last?.query == "limit=50&page=2&search=re")
            #expect(world.api.requests(to: Endpoints.categories.list).isEmpty)
            let added = try await browser.post("/admin/names/skills", [("name", "C & C")])
            #expect(added.location == "/admin/names?kind=skills&search=C%20%26%20C")
        }
    }

    @Test func `a decision is sent as it was typed, and a wrong amount is shown at its field`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            let decision = [("outcome", "split"), ("worker", "200.50"), ("fee", "yes"), ("note", "half")]
            let shown = try await browser.post("/admin/disputes/\(Self.id)", decision)
            #expect(shown.status == 303)
            let asked = try #require(world.api.requests(to: Endpoints.disputes.resolve).last)
            #expect(
                try JSONValue.parse(asked.body)
                    == ["outcome": "split", "worker_cents": 20_050, "charge_fee": true, "note": "half"])
            world.api.answer(Endpoints.disputes.get, ["resolution": .null])
            let wrong = try await browser.post(
                "/admin/disputes/\(Self.id)", [("outcome", "split"), ("worker", "half")])
            #expect(wrong.status == 422 && wrong.text.contains("id=\"problem-worker\""))
        }
    }
}
