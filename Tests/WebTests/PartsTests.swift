import SharedModels
import TestSupport
import Testing

@testable import WebService

/// The promise under test: a page comes without what is not its own matter, and says what is missing.
@Suite struct PartsTests {
    static let isMissing = "Not here just now: "
    private static let id = EveryPageTests.id

    @Test(arguments: UserType.allCases, ServiceName.withCallers.filter { $0 != .auth })
    func `a start page comes while any one service is away`(type: UserType, away: ServiceName) async throws {
        try await WebWorld.run { world in
            world.api.answer(
                Endpoints.session.current, ["user_type": .string(type.rawValue), "role": "admin"])
            world.api.takeAway(away)
            let browser = Browser(world: world, cookies: Shared(["guildhall_session": "of-an-admin"]))
            let names: [ServiceName: [String]] = [
                .contracts: ["what waits in your deals", "your deals", "disputes"], .payments: ["cases about money"],
                .jobs: type == .client ? ["your gigs", "what waits in your gigs"] : ["your applications"],
                .notifications: ["the news"],
            ]
            let home = try await browser.get("/")
            #expect(home.status == 200 && home.text.contains(Self.isMissing) == (names[away] != nil))
            for name in names[away] ?? [] { #expect(home.text.contains(name), "\(name)") }
            #expect(names[away] == nil || !home.text.contains("Nothing waits for you just now."))
            let overview = try await browser.get("/admin")
            #expect(overview.status == 200)
            #expect(overview.text.contains(Self.isMissing) == [.contracts, .payments].contains(away))
            #expect(overview.text.contains("Earned in fees") == (away != .payments))
            #expect(overview.text.contains("Disputes to decide") == (away != .contracts))
        }
    }

    @Test(arguments: [
        ("/contracts/\(id)", ServiceName.talent), ("/negotiations/\(id)", .talent), ("/gigs/\(id)", .talent),
        ("/people/\(id)", .contracts), ("/settings", .talent), ("/admin/disputes/\(id)", .talent),
        ("/messages/\(id)", .talent), ("/contracts/\(id)/payouts/\(EveryPageTests.milestoneID)", .talent),
        ("/gigs/\(id)/applicants", .contracts),
    ])
    func `a page that asks several services comes without one, and says what is missing`(
        path: String, away: ServiceName
    ) async throws {
        try await WebWorld.run { world in
            let browser = world.person()
            world.api.answer(Endpoints.contracts.get, ["milestones": [EveryPageTests.released]])
            world.api.answer(Endpoints.negotiations.get, ["contract_id": .null, "audit": []])
            let whole = try await browser.get(path)
            #expect(whole.status == 200 && !whole.text.contains(Self.isMissing))
            if path.hasSuffix("/applicants") { try engage(world) }
            world.api.takeAway(away)
            let shown = try await browser.get(path)
            #expect(shown.status == 200 && shown.text.contains(Self.isMissing))
        }
    }

    /// There is a deal with an applicant.
    private func engage(_ world: WebWorld) throws {
        let application = try #require(
            Endpoints.applications.received.operation.outputExample?["applications"]?.array?.first)
        world.api.answer(
            Endpoints.applications.received,
            ["applications": [application.with(["next_actions": []])], "next_cursor": .null])
    }

    @Test func `while the books do not answer, nobody is told that no money has moved`() async throws {
        try await WebWorld.run { world in
            world.api.answer(Endpoints.contracts.ledger, ["entries": []])
            let browser = world.person()
            #expect(try await browser.get("/contracts/\(Self.id)").text.contains("No money has moved yet."))
            world.api.refuse(Endpoints.contracts.ledger, .serviceUnavailable, "Payments does not answer.")
            let shown = try await browser.get("/contracts/\(Self.id)")
            #expect(shown.status == 200 && shown.text.contains("\(Self.isMissing)where the money went"))
            #expect(!shown.text.contains("No money has moved yet."))
        }
    }

    @Test func `a session that ends in a part of a page leads to the sign-in`() async throws {
        try await WebWorld.run { (world) async throws in
            world.api.refuse(Endpoints.feed.inbox, .unauthorized, "The session has ended.")
            #expect(try await world.person().get("/").location == "/sign-in")
        }
    }
}
