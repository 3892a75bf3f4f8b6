import Logging
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import MessagesService

/// The service without its server, on a separate database, with two people who share a deal.
struct World: Sendable {
    let database: Database
    let clock: TestClock
    let scheduler: Scheduler
    let events: EventReceiver
    let peers: FakePeers
    let features: Features
    let ada = AccountID.make(at: .start)
    let ben = AccountID.make(at: .start)

    static let links = PictureLinks(
        publicURL: "https://api.example", secret: RotatingSecret(Secret(String(repeating: "s", count: 40))))

    var messages: MessageWorkflow { features.messages }
    var conversations: ConversationWorkflow { features.conversations }
    var openings: OpeningWorkflow { features.openings }

    static func use(_ body: (World) async throws -> Void) async throws {
        try await TestKit.use(of: .messages) { kit in try await body(World(kit)) }
    }

    /// A busy machine is no dead process.
    static let lease = Duration.minutes(5)

    private init(_ kit: TestKit) {
        (database, clock, scheduler, events) = (kit.database, kit.clock, kit.scheduler, kit.events)
        peers = FakePeers()
        features = Features(
            database: kit.database, clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler, peers: peers,
            links: World.links, lease: World.lease, logger: .quiet)
        features.news.register(on: kit.events)
        features.departures.register(on: scheduler)
        for (account, name) in [(ada, "Ada"), (ben, "Ben")] { introduce(account, name) }
        befriend(ada, ben)
    }

    /// Lets an account exist.
    func introduce(_ account: AccountID, _ name: String, company: String? = nil) {
        peers.change {
            $0.people[account] = Person(
                userID: account, userType: .client, name: name, email: nil, picture: "", company: company)
        }
    }

    /// Gives two accounts a live deal.
    func befriend(_ one: AccountID, _ other: AccountID) {
        guard let pair = Pair(one, other) else { return }
        peers.change { $0.deals[pair] = SharedDeals(isLive: true, hasContract: true) }
    }

    /// A new account that `account` shares a deal with.
    func friend(of account: AccountID, _ name: String, company: String? = nil) -> AccountID {
        let new = AccountID.make(at: clock.now)
        introduce(new, name, company: company)
        befriend(account, new)
        return new
    }

    @discardableResult
    func send(_ text: String, from sender: AccountID, to recipient: AccountID) async throws -> Message {
        try await messages.send(MessageDraft(body: text), to: recipient, by: sender, at: clock.now)
    }

    /// The texts of a conversation's page, newest first.
    func texts(
        in id: ConversationID, before: MessageID? = nil, limit: Int = 50, by reader: AccountID
    ) async throws -> [String] {
        try await conversations.page(of: id, before: before, limit: limit, by: reader, at: clock.now)
            .page.items.map(\.text)
    }

    func list(
        of account: AccountID, unreadOnly: Bool = false, search: String? = nil, number: Int = 1, limit: Int = 20
    ) async throws -> (items: [ConversationItem], total: Int) {
        try await conversations.list(
            of: account, unreadOnly: unreadOnly, search: search, number: number, limit: limit)
    }

    /// The events for people that wait to be sent: names with their recipients, in order.
    func told() async throws -> [(name: String, recipients: [AccountID])] {
        try await database.all(
            "SELECT name, recipients FROM outbox WHERE destination = 'notifications' ORDER BY position"
        ) { (try $0.decode("name"), try $0.decode("recipients")) }
    }

    /// Auth tells that an account was deleted.
    func delete(_ account: AccountID) async throws {
        try await events.take(.told(.accountDeleted, of: account, at: clock.now))
    }
}
