import Postgres
import ServiceKit
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: Skillhouse shows a notice to the side that its contract names (section 7), and to no other.
@Suite struct NoticeTests {
    private let client = AccountID.make(at: Timestamp(seconds: 0))
    private let freelancer = AccountID.make(at: Timestamp(seconds: 0))

    private func happen(_ world: World, _ name: EventName, _ data: JSONValue) async throws {
        try await world.receiver.take(.told(name.rawValue, to: [client, freelancer], data, at: world.clock.now))
        world.clock.advance(by: .seconds(1))
    }

    private func contract(_ change: String?, flow: String = "escrow_checkout") -> JSONValue {
        [
            "gig_title": "A parser", "flow": .string(flow), "client_user_id": .string("\(client)"),
            "worker_user_id": .string("\(freelancer)"),
            "checkout": change.map { ["change": .string($0), "status": "Pending"] as JSONValue } ?? .null,
        ]
    }

    /// Types with roles, the newest first.
    private func shown(_ world: World, to account: AccountID) async throws -> [String] {
        try await world.notices.latest(of: account).map { "\($0.type.rawValue) \($0.role.rawValue)" }
    }

    /// Whom messages was told of.
    private func told(_ world: World) async throws -> [String] {
        try await world.database.all(
            "SELECT data::text AS data FROM outbox WHERE name = 'notice.added' AND destination = 'messages' ORDER BY position"
        ) { row in
            let data = try JSONValue.parse(Array(try row.decode("data", as: String.self).utf8))
            return data["user_id"]?.string ?? ""
        }
    }

    @Test func `each of the four goes to the side that the contract names`() async throws {
        try await World.use { world in
            try await happen(
                world, .applicationCreated,
                ["gig_title": "A parser", "flow": "escrow_checkout", "worker_user_id": .string("\(freelancer)")])
            try await happen(world, .contractCreated, contract("created"))
            try await happen(world, .contractUpdated, contract("approved"))
            try await happen(world, .contractUpdated, contract("paid"))
            #expect(try await shown(world, to: client) == ["approved client", "applied client"])
            #expect(try await shown(world, to: freelancer) == ["contract freelancer", "contract freelancer"])
            let first = try #require(try await world.notices.latest(of: client).last)
            #expect(first.message.contains("A parser") && !first.message.contains("\n") && !first.isRead)
            #expect(
                try await told(world) == ["\(client)", "\(freelancer)", "\(client)", "\(freelancer)"])
        }
    }

    private static let data: JSONValue = ["gig_title": "A parser", "title": "A parser", "flow": "escrow_checkout"]

    /// What happens on a job, who has it in the inbox, and how it begins there.
    private static let told: [(name: EventName, more: JSONValue, client: String?, worker: String?)] = [
        (.gigCreated, [:], nil, nil),
        (.gigUpdated, [:], nil, nil),
        (.gigDeleted, [:], nil, nil),
        (.applicationCreated, [:], "Ada applied to “A parser”", nil),
        (.applicationUpdated, ["status": "shortlisted"], nil, "Your application to “A parser” was shortlisted"),
        (.applicationUpdated, ["status": "rejected"], nil, "Your application to “A parser” was rejected"),
        (.applicationUpdated, ["withdrawn": true], "An application to “A parser” was withdrawn", nil),
        (.contractCreated, [:], nil, "There is a contract for “A parser”"),
        (.contractUpdated, ["checkout": ["change": "approved"]], "Ada approved the contract for “A parser”", nil),
        (.contractUpdated, ["checkout": ["change": "paid"]], nil, "Grace paid the contract for “A parser”"),
        (.contractUpdated, ["checkout": ["change": "progressed"]], "The contract for “A parser” was updated", nil),
        (
            .contractUpdated, ["checkout": ["change": "release_requested"]], nil,
            "Grace asked for the release of the money for “A parser”"
        ),
        (
            .contractUpdated, ["checkout": ["change": "canceled", "canceled_by": "Client"]], nil,
            "The contract for “A parser” was canceled"
        ),
        (
            .contractUpdated, ["checkout": ["change": "canceled", "canceled_by": "Freelancer"]],
            "The contract for “A parser” was canceled", nil
        ),
        (
            .contractUpdated, ["checkout": ["change": "released"]],
            "The contract for “A parser” was closed, and its money released",
            "The contract for “A parser” was closed, and its money released"
        ),
    ]

    @Test func `the inbox tells of a job the side that waits for it, and the feed tells both`() async throws {
        let people = [
            Person(userID: client, userType: .client, name: "Grace", email: nil, picture: ""),
            Person(userID: freelancer, userType: .freelancer, name: "Ada", email: nil, picture: ""),
        ]
        try await World.use(people: people) { world in
            for (name, more, client, worker) in Self.told {
                let parties: JSONValue = [
                    "client_user_id": .string("\(self.client)"), "worker_user_id": .string("\(freelancer)"),
                ]
                let data = JSONValue.object(
                    [Self.data, more, parties].flatMap { $0.object ?? [] })
                let before = (try await inbox(world, of: self.client), try await inbox(world, of: freelancer))
                try await happen(world, name, data)
                let what: Comment = "\(name.rawValue) \(more)"
                for (account, before, expected) in [
                    (self.client, before.0, client), (freelancer, before.1, worker),
                ] {
                    let now = try await inbox(world, of: account)
                    #expect(now.count == before.count + (expected == nil ? 0 : 1), what)
                    if let expected { #expect(now.first == expected, what) }
                }
            }
            for account in [client, freelancer] {
                let told = try await inbox(world, of: account).count
                #expect(try await world.feed.notices(for: account, after: nil, limit: 1).unread == told)
                #expect(
                    try await world.feed.events(for: account, after: nil, limit: 100).items.count == Self.told.count)
                #expect(try await world.feed.markRead(nil, of: account, at: world.clock.now) == told)
            }
        }
    }

    @Test func `on the flow of milestones both sides have everything in the inbox`() async throws {
        try await World.use { world in
            try await happen(world, .contractCreated, contract(nil, flow: "milestone_capture"))
            #expect(try await inbox(world, of: client).count == 1)
            #expect(try await inbox(world, of: freelancer).count == 1)
        }
    }

    /// Titles, the newest first.
    private func inbox(_ world: World, of account: AccountID) async throws -> [String] {
        try await world.feed.notices(for: account, after: nil, limit: 100).texts.map(\.subject)
    }

    @Test func `what else happens, and what happens on ClawConnected, is no notice of Skillhouse`() async throws {
        try await World.use { world in
            try await happen(
                world, .applicationCreated,
                ["gig_title": "A fence", "flow": "milestone_capture", "worker_user_id": .string("\(freelancer)")])
            try await happen(world, .contractCreated, contract(nil, flow: "milestone_capture"))
            for change in ["progressed", "canceled", "release_requested", "released", "unheard of"] {
                try await happen(world, .contractUpdated, contract(change))
            }
            try await happen(world, .gigUpdated, contract("approved"))
            #expect(try await shown(world, to: client).isEmpty)
            #expect(try await shown(world, to: freelancer).isEmpty)
            #expect(try await told(world).isEmpty)
        }
    }

    @Test func `the latest five are shown, and an event that comes again is one notice`() async throws {
        try await World.use { world in
            for _ in 0..<7 { try await happen(world, .contractUpdated, contract("approved")) }
            #expect(try await shown(world, to: client).count == 5)
            let event = EventEnvelope.told(
                EventName.contractCreated.rawValue, to: [client, freelancer], contract("created"), at: world.clock.now)
            for _ in 0..<3 { try await world.receiver.take(event) }
            #expect(try await shown(world, to: freelancer).count == 1)
            #expect(try await told(world).count == 8)
        }
    }

    @Test func `a note of one's own is added once, and read by its owner alone`() async throws {
        try await World.use { world in
            let (id, draft) = (
                EventID.make(at: .start), NoticeDraft(message: "call Ben", role: .client, type: .contract)
            )
            let added = try await world.notices.add(draft, id, of: client, at: world.clock.now)
            #expect(added.message == "call Ben" && added.role == .client && added.type == .contract)
            #expect(try await world.notices.add(draft, id, of: client, at: world.clock.now) == added)
            #expect(try await world.notices.latest(of: client) == [added])
            #expect(try await told(world) == ["\(client)"])
            await #expect(throws: Refusal.notFound("notice")) {
                try await world.notices.markRead(id, of: freelancer, at: world.clock.now)
            }
            try await world.notices.markRead(id, of: client, at: world.clock.now)
            try await world.notices.markRead(id, of: client, at: world.clock.now)
            #expect(try await world.notices.latest(of: client).map(\.isRead) == [true])
            // Not in the feed of programs, where nobody could have subscribed to it.
            #expect(try await world.feed.events(for: client, after: nil, limit: 10).items.isEmpty)
            await #expect(throws: Refusal.notFound("notice")) {
                _ = try await world.notices.add(draft, id, of: freelancer, at: world.clock.now)
            }
        }
    }
}
