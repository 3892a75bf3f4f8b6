import Postgres
import TestSupport
import Testing

@testable import NotificationsService
@testable import SharedModels

/// The promise under test: people are written to in the language that they chose, on every channel and in the inbox.
@Suite struct ReadingTests {
    private let owner = AccountID.make(at: Timestamp(seconds: 0))
    private let other = AccountID.make(at: Timestamp(seconds: 0))

    @Test func `a choice holds for channels, codes and the inbox, and for nobody else`() async throws {
        try await Receiver.use { receiver in
            try await World.use(
                environment: ["CHANNEL_CONFIRMATION": "on"], sandboxURL: receiver.url
            ) { world in
                try await world.choose(.german, by: owner)
                for (account, path) in [(owner, "/slack/german"), (other, "/slack/english")] {
                    let config = ChannelConfig(webhookURL: receiver.url + path)
                    let channel = try await world.add(
                        ChannelInput(channelType: .slack, config: config), by: account)
                    try await eventually("\(path) has its code") { receiver.all.contains { $0.path == path } }
                    _ = try await world.channels.confirm(
                        channel.id, by: world.codes.code(for: channel.id, round: 1), of: account, at: world.clock.now)
                    try await world.happen(to: account)
                }
                try await eventually("both are told") { receiver.all.count == 4 }
                func texts(_ path: String) throws -> [String] {
                    try receiver.all.filter { $0.path == path }.compactMap {
                        try JSONValue.parse($0.body)["text"]?.string
                    }
                }
                let german = try texts("/slack/german")
                #expect(german[0].contains("ist dein Code. Gib ihn ein"))
                #expect(german[1] == "Dein Auftrag „Paint a fence“ wurde geändert. Der Stand ist jetzt: aktiv.")
                let english = try texts("/slack/english")
                #expect(english[0].contains("is your code. Enter it"))
                #expect(english[1] == "Your gig “Paint a fence” was updated. Its status is now active.")
                #expect(try await world.feed.notices(for: owner, after: nil, limit: 5).texts[0].text == german[1])
                #expect(try await world.feed.notices(for: other, after: nil, limit: 5).texts[0].text == english[1])
            }
        }
    }

    @Test func `the other side is called by its name, and by its role while talent cannot be asked`() async throws {
        let (client, worker) = (AccountID.make(at: .start), AccountID.make(at: .start))
        let data: JSONValue = [
            "client_user_id": .string("\(client)"), "worker_user_id": .string("\(worker)"), "title": "Week",
        ]
        let ada = Person(userID: client, userType: .client, name: "Grace", email: nil, picture: "")
        for (people, name) in [([ada], "Grace"), ([], "The client")] {
            try await World.use(people: people) { world in
                try await world.happen(.milestoneFunded, to: worker, data: data)
                let texts = try await world.feed.notices(for: worker, after: nil, limit: 5).texts
                #expect(texts[0].text.hasPrefix("\(name) funded the milestone “Week”."))
            }
        }
        struct Down: Error {}
        let lookup = NameLookup(logger: .quiet, blocked: { _ in [] }, { _ in throw Down() })
        #expect(await lookup.find([client]).isEmpty)
        let blind = NameLookup(logger: .quiet, blocked: { _ in throw Down() }, { _ in [ada] })
        #expect(await blind.find([client]).isEmpty, "nobody is named who may be blocked")
    }

    @Test func `a choice goes with its account`() async throws {
        try await World.use { world in
            try await world.choose(.german, by: owner)
            try await world.choose(.english, by: owner)
            try await world.choose(.german, by: owner)
            #expect(try await ReadingStore().language(of: owner, in: world.database) == .german)
            try await world.database.transaction { tx in try await ReadingStore().delete(owner, in: tx) }
            #expect(try await ReadingStore().language(of: owner, in: world.database) == .english)
        }
    }
}
