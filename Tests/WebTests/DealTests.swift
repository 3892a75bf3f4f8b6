import Foundation
import OutboundHTTP
import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: a deal is on one page, which offers what the API allows and nothing else.
@Suite struct DealTests {
    private static let id = EveryPageTests.id
    private static let deal = "/contracts/\(id)"

    private static func action(_ name: String, by role: String = "client") -> JSONValue {
        [
            "action": .string(name), "method": "POST", "href": "/api/x", "by": [.string(role)], "deadline": .null,
            "body": .null,
        ]
    }

    private static func round(_ account: String, _ terms: JSONValue) -> JSONValue {
        [
            "at": "2026-03-02T09:00:00Z", "actor_user_id": .string(account), "kind": "round", "from": "pending",
            "to": "in_progress", "payload": terms,
        ]
    }

    @Test func `what a round changed is marked, with what it was before`() async throws {
        try await WebWorld.run { world in
            let rounds: JSONValue = [
                Self.round("019cabcd-000a-7000-8000-00000000000a", ["rate_cents": 5_000, "hours_per_week": 10]),
                Self.round("019cabcd-000b-7000-8000-00000000000b", ["rate_cents": 5_500]),
            ]
            world.api.answer(Endpoints.negotiations.get, ["audit": rounds, "round_number": 2, "your_role": "client"])
            let shown = try await world.person().get(Self.deal)
            #expect(shown.text.contains("<del>$50 an hour</del> <mark>$55 an hour</mark>"))
            #expect(shown.text.ranges(of: "<mark>").count == 1)
        }
    }

    @Test(arguments: [("approve", "/approve"), ("connect", "/connect"), ("review", "/review"), ("end", "/end")])
    func `a deal offers what the API allows, to the side that may`(action: String, address: String) async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            for (actions, isOffered) in [
                ([], false), ([Self.action(action, by: "worker")], false), ([Self.action(action)], true),
            ] as [([JSONValue], Bool)] {
                world.api.answer(
                    Endpoints.contracts.get,
                    ["next_actions": .array(actions), "milestones": [], "your_role": "client", "status": "active"])
                // A negotiation does not know who has approved the contract.
                world.api.answer(
                    Endpoints.negotiations.get,
                    ["next_actions": [Self.action(action)], "your_role": "client", "audit": []])
                let shown = try await browser.get(Self.deal)
                #expect(shown.text.contains("\(Self.deal)\(address)\"") == isOffered, "\(actions)")
            }
        }
    }

    @Test func `a start page asks for a release of what is delivered, and before that for the answer to a dispute`()
        async throws
    {
        try await WebWorld.run { world in
            let milestone = try #require(
                Endpoints.contracts.get.operation.outputExample?["milestones"]?.array?.first)
            let contract = try #require(
                Endpoints.contracts.list.operation.outputExample?["contracts"]?.array?.first)
            let release = Self.action("release").with([
                "href": .string("/api/contracts/\(Self.id)/milestones/\(milestone["id"]?.string ?? "")/release")
            ])
            let answer = Self.action("respond")
            for (actions, isDisputed) in [([release], false), ([release, answer], true)] {
                let disputed = milestone.with([
                    "status": "delivered", "next_actions": isDisputed ? [answer] : [],
                    "dispute_id": isDisputed ? .string(Self.id) : .null,
                ])
                world.api.answer(
                    Endpoints.contracts.list,
                    [
                        "contracts": [
                            contract.with([
                                "milestones": [disputed], "status": "active", "your_role": "client",
                                "waits_for": ["client"],
                                "next_actions": .array(actions),
                            ])
                        ], "next_cursor": .null,
                    ])
                let tasks = try await world.person().get("/").tasks
                #expect(tasks.contains("<b>Look at the delivery and release the money</b>") == !isDisputed)
                #expect(tasks.ranges(of: "<b>Answer the dispute</b>").count == (isDisputed ? 1 : 0))
                #expect(tasks.contains("href=\"/disputes/\(Self.id)\"") == isDisputed)
            }
        }
    }

    @Test func `a form that is sent twice carries the same key, and what was typed`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            let page = try await browser.get("/gigs/new")
            let once = try #require(page.field("once"))
            for _ in 1...2 {
                let sent = try await browser.post(
                    "/gigs/new",
                    [
                        ("once", once), ("title", "Write a parser"), ("rate", "49.90"), ("description", "one\r\ntwo"),
                        ("publish", "yes"),
                    ])
                #expect(sent.location?.hasPrefix("/gigs/") == true)
            }
            let asked = world.api.requests(to: Endpoints.gigs.create)
            #expect(asked.map { $0.headers["idempotency-key"] } == [once, once])
            #expect(
                try JSONValue.parse(asked[0].body) == [
                    "title": "Write a parser", "description": "one\ntwo", "scope": nil, "rate_cents": 4_990,
                    "status": "active",
                ])
        }
    }

    @Test func `what the API says of a member is shown at its field, and what was typed stays`() async throws {
        try await WebWorld.run { world in
            world.api.refuse(
                Endpoints.gigs.create, .validationFailed, "no",
                [
                    InputIssue(path: "rate_cents", message: "must be at most 9"),
                    InputIssue(path: "title", message: "is empty"),
                ])
            let shown = try await world.person().post("/gigs/new", [("title", "<b>"), ("rate", "70")])
            #expect(shown.status == 422)
            #expect(shown.text.contains("id=\"problem-rate\">Must be at most 9.</p>"))
            #expect(shown.text.contains("id=\"problem-title\">Is empty.</p>"))
            #expect(shown.text.contains("value=\"&lt;b&gt;\"") && shown.text.contains("value=\"70\""))
        }
    }

    @Test func `what is not an amount is refused at its field, and nothing is asked`() async throws {
        try await WebWorld.run { world in
            let shown = try await world.person().post("/gigs/new", [("title", "x"), ("rate", "fifty")])
            #expect(shown.text.contains("Must be an amount like 50 or 49.90."))
            #expect(world.api.requests(to: Endpoints.gigs.create).isEmpty)
        }
    }

    @Test func `a button that is refused leads back to its page, which says why`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            world.api.refuse(Endpoints.contracts.approve, .conflict, "It was approved <already>.")
            let sent = try await browser.post("\(Self.deal)/approve", [("back", Self.deal)])
            #expect(sent.location == Self.deal)
            #expect(try await browser.get(Self.deal).text.contains("It was approved &lt;already&gt;."))
            #expect(!(try await browser.get(Self.deal).text.contains("approved &lt;already")))
            let elsewhere = try await browser.post("\(Self.deal)/approve", [("back", "//evil.example")])
            #expect(elsewhere.location == "/")
        }
    }

    @Test func `what waits comes first, the most urgent thing of each deal`() async throws {
        try await WebWorld.run { world in
            world.api.answer(
                Endpoints.contracts.list,
                ["contracts": [Self.contract.with(["next_actions": [Self.action("fund"), Self.action("review")]])]])
            world.api.answer(Endpoints.disputes.list, ["disputes": []])
            let shown = try await world.person().get("/")
            #expect(shown.text.contains("<b>Put the money in</b>"))
            #expect(!shown.text.contains("<b>Say how it went</b>"))
        }
    }

    @Test func `a card's secret goes into a page only at the sandbox, where a click stands for the card`() async throws
    {
        try await WebWorld.run { world in
            world.api.answer(
                Endpoints.contracts.fund, ["client_secret": "pi_1_secret_2", "payment_intent_id": "pi_1"])
            let shown = try await world.person().post("\(Self.deal)/milestones/\(EveryPageTests.milestoneID)/fund")
            #expect(shown.status == 200 && !shown.text.contains("test card"))
            // The example has a key: Stripe's script asks for the card, and nothing else from elsewhere may be loaded.
            #expect(shown.text.contains("data-key=\"pk_test_example\" data-secret=\"pi_1_secret_2\""))
            #expect(shown.text.contains("<script src=\"https://js.stripe.com/v3/\" defer>"))
            let policy = try #require(shown.answer.header("content-security-policy"))
            #expect(policy.contains("script-src 'self' https://js.stripe.com;") && !policy.contains("unsafe"))
            let click = try await world.person().post(
                "\(Self.deal)/milestones/\(EveryPageTests.milestoneID)/test-card", [("intent", "pi_1")])
            #expect(click.status == 404)
        }
    }

    @Test func `an account is deleted only by who says that it is meant`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            let unsure = try await browser.post("/settings/delete", [("reason", "none")])
            #expect(unsure.status == 422 && world.api.requests(to: Endpoints.account.delete).isEmpty)
            let sure = try await browser.post("/settings/delete", [("sure", "yes")])
            #expect(sure.location == "/")
            #expect(browser.cookies.value["guildhall_session"] == nil)
        }
    }

    private static let contract: JSONValue =
        (Endpoints.contracts.list.operation.outputExample?["contracts"]?.array?.first ?? [:]).with([
            "your_role": "client"
        ])
}
