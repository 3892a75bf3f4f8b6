import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: what waits for somebody is found whatever its age, and nobody is sent to what waits for others.
@Suite struct WaitingTests {
    private static let id = EveryPageTests.id
    private static let client = "019cabcd-000a-7000-8000-00000000000a"
    private static let worker = "019cabcd-000b-7000-8000-00000000000b"

    private static func negotiation(_ changes: [String: JSONValue] = [:]) -> JSONValue {
        (Endpoints.negotiations.list.operation.outputExample?["negotiations"]?.array?.first ?? [:]).with([
            "your_role": "client", "contract_id": .null, "state": "in_progress", "round_number": 1,
            "client_user_id": .string(client), "worker_user_id": .string(worker), "waits_for": ["client"],
            "next_actions": [action("round", ["client", "worker"]), action("agree", ["client", "worker"])],
        ]).with(changes)
    }

    private static func contract(_ changes: [String: JSONValue]) -> JSONValue {
        (Endpoints.contracts.list.operation.outputExample?["contracts"]?.array?.first ?? [:]).with([
            "your_role": "client", "waits_for": ["client"],
        ]).with(changes)
    }

    private static func action(_ name: String, _ by: [String]) -> JSONValue {
        [
            "action": .string(name), "method": "POST", "href": "/api/x", "by": .array(by.map { .string($0) }),
            "deadline": .null, "body": .null,
        ]
    }

    @Test func `a start page asks for what waits, not for what is new, and leads to the rest`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            let cursor = Endpoints.contracts.list.operation.outputExample?["next_cursor"] ?? .null
            world.api.answer(Endpoints.contracts.list, ["contracts": [], "next_cursor": cursor])
            world.api.answer(Endpoints.negotiations.list, ["negotiations": [], "next_cursor": .null])
            _ = try await browser.get("/")
            for (endpoint, count) in [
                (world.api.requests(to: Endpoints.contracts.list), 1),
                (world.api.requests(to: Endpoints.negotiations.list), 2),
                (world.api.requests(to: Endpoints.gigs.list), 1),
            ] {
                #expect(
                    endpoint.count { $0.query.contains("waiting_for=me") && $0.query.contains("limit=20") } == count)
            }
            world.api.answer(Endpoints.contracts.list, ["contracts": [], "next_cursor": "next"])
            #expect(try await browser.get("/").tasks.contains("href=\"/deals?show=waiting\""))
            world.api.answer(Endpoints.contracts.list, ["contracts": [], "next_cursor": .null])
            world.api.answer(Endpoints.gigs.list, ["gigs": [], "next_cursor": .null])
            #expect(try await browser.get("/").tasks.contains("Nothing waits for you just now."))
        }
    }

    @Test func `a list of deals has the contract of each, also of one that is older than fifty others`() async throws {
        try await WebWorld.run { world in
            let old = "019cabcd-00ff-7000-8000-0000000000ff"
            world.api.answer(
                Endpoints.negotiations.list,
                [
                    "negotiations": [Self.negotiation(["contract_id": .string(old), "state": "approved"])],
                    "next_cursor": .null,
                ])
            world.api.answer(Endpoints.contracts.list, ["contracts": [], "next_cursor": .null])
            world.api.answer(
                Endpoints.contracts.get,
                [
                    "id": .string(old), "status": "active", "your_role": "client", "waits_for": ["client"],
                    "next_actions": [Self.action("fund", ["client"])], "milestones": [],
                ])
            let shown = try await world.person().get("/deals")
            #expect(world.api.requests(to: Endpoints.contracts.get).map(\.path) == ["/api/contracts/\(old)"])
            #expect(shown.text.contains("Put the money in") && shown.text.contains("Under way"))
        }
    }

    @Test func `what waits is shown page by page, until both lists have ended`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            world.api.answer(
                Endpoints.contracts.list,
                ["contracts": [Self.contract(["gig_title": "Signed"])], "next_cursor": "c2"])
            world.api.answer(
                Endpoints.negotiations.list,
                [
                    "negotiations": [
                        Self.negotiation(["gig_title": "Talked about"]),
                        Self.negotiation(["gig_title": "Its contract waits", "contract_id": .string(Self.id)]),
                    ], "next_cursor": .null,
                ])
            let first = try await browser.get("/deals?show=waiting")
            #expect(first.text.contains("Signed") && first.text.contains("Talked about"))
            #expect(!first.text.contains("Its contract waits"))
            #expect(first.text.contains("href=\"/deals?show=waiting&amp;cursor=c2\""))
            let asked = world.api.requests(to: Endpoints.negotiations.list).count
            world.api.answer(Endpoints.contracts.list, ["contracts": [], "next_cursor": .null])
            let second = try await browser.get("/deals?show=waiting&cursor=c2")
            #expect(world.api.requests(to: Endpoints.negotiations.list).count == asked, "that list has ended")
            #expect(world.api.requests(to: Endpoints.contracts.list).last?.query.contains("cursor=c2") == true)
            #expect(!second.text.contains("Show more"))
        }
    }

    @Test func `negotiations that have a contract make no page empty, and no link to one`() async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            let signed = Self.negotiation(["gig_title": "Its contract waits", "contract_id": .string(Self.id)])
            let open = Self.negotiation(["gig_title": "Talked about"])
            world.api.answer(Endpoints.contracts.list, ["contracts": [], "next_cursor": .null])
            /// The API's list, page by page. A cursor is the number of its page.
            func answer(_ pages: [JSONValue]...) {
                world.api.answer(Endpoints.negotiations.list) { asked in
                    let page = pages.indices.last { asked.query.contains("cursor=\($0)") } ?? 0
                    let next: JSONValue = page + 1 < pages.count ? .string("\(page + 1)") : .null
                    let list: JSONValue = ["negotiations": .array(pages[page]), "next_cursor": next]
                    return .json(200, String(decoding: list.bytes, as: UTF8.self))
                }
            }
            // The only one to show comes late.
            answer([signed], [signed, signed], [open], [signed])
            let late = try await browser.get("/deals?show=waiting")
            #expect(late.text.contains("Talked about") && !late.text.contains("Its contract waits"))
            #expect(!late.text.contains("Show more"), "what follows has contracts")
            // There is another, and what comes between has contracts.
            answer([open], [signed], [signed, open])
            let first = try await browser.get("/deals?show=waiting")
            #expect(first.text.contains("href=\"/deals?show=waiting&amp;talks=2\""))
            let second = try await browser.get("/deals?show=waiting&talks=2")
            #expect(second.text.contains("Talked about") && !second.text.contains("Show more"))
            // All have contracts that wait for the other side by now.
            answer([signed], [signed])
            #expect(try await browser.get("/deals?show=waiting").text.contains("No deal waits for you just now."))
        }
    }

    @Test(arguments: [("worker", false), ("client", true)])
    func `whose turn it is, the API says, and that side is asked to agree`(side: String, isTurn: Bool) async throws {
        try await WebWorld.run { world in
            // The log tells nothing: it is the API's matter to know what a round, an approval or a revision means.
            world.api.answer(
                Endpoints.negotiations.get,
                Dictionary(
                    (Self.negotiation(["audit": [], "waits_for": [.string(side)]]).object ?? []).map {
                        ($0.name, $0.value)
                    }
                ) { first, _ in first })
            let shown = try await world.person().get("/negotiations/\(Self.id)")
            #expect(shown.text.contains("Your turn: Agree to the terms, or propose others") == isTurn)
            #expect(shown.text.contains("Waits for the freelancer") == !isTurn)
            #expect(shown.text.contains("/agree\"") == isTurn)
            #expect(shown.text.contains("/propose\""))
        }
    }

    @Test(arguments: [("client", "Waits for the freelancer"), ("worker", "Your turn: Approve the contract")])
    func `who has approved a contract waits for the other side`(role: String, words: String) async throws {
        try await WebWorld.run { world in
            world.api.answer(
                Endpoints.contracts.get,
                [
                    "status": "pending_owner_approval", "your_role": .string(role), "milestones": [],
                    "client_approved_at": "2026-03-02T09:00:00Z", "worker_approved_at": .null,
                    "waits_for": ["worker"],
                    "next_actions": [Self.action("approve", ["worker"])],
                ])
            world.api.answer(
                Endpoints.negotiations.get,
                [
                    "state": "pending_owner_approval", "your_role": .string(role), "audit": [],
                    "waits_for": ["worker"],
                    "next_actions": [Self.action("approve", ["worker"])],
                ])
            let shown = try await world.person().get("/contracts/\(Self.id)")
            #expect(shown.text.contains(words))
            #expect(shown.text.contains("/contracts/\(Self.id)/approve\"") == (role == "worker"))
        }
    }
}
