import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: auth's events about accounts are taken, and an event without an account only adds a dead
/// letter.
@Suite struct PaymentsNewsTests {
    private func tell(_ news: [(name: String, data: JSONValue)], in world: PaymentsWorld) async throws {
        let receiver = EventReceiver(database: world.database, clock: world.clock, logger: .quiet)
        PaymentsNews(
            credits: CreditsWorkflow(database: world.database, clock: world.clock, peers: FakePeers()),
            payers: world.payers
        ).register(on: receiver)
        let now = world.clock.now
        try await receiver.take(
            news.map { name, data in
                EventEnvelope.told(name, data, at: now).json
            })
    }

    @Test func `a new account gets its credits, and a deleted one's cards are to be forgotten`() async throws {
        try await PaymentsWorld.with { world in
            let account = AccountID.make(at: world.clock.now)
            let data: JSONValue = ["user_id": .string("\(account)")]
            try await tell(
                ["account.created", "account.deleted", "account.created"].map { (name: $0, data: data) }, in: world)
            #expect(try await world.balance(.credits(account)) == 10)
            let scheduled = try await world.scheduled("\(account)")
            #expect(scheduled.keys.sorted() == [ForgetPayer.kind])
        }
    }

    @Test func `somebody who comes back gets no credits again`() async throws {
        try await PaymentsWorld.with { world in
            let account = AccountID.make(at: world.clock.now)
            let data: JSONValue = ["user_id": .string("\(account)"), "is_returning": true]
            try await tell([("account.created", data), ("account.created", data)], in: world)
            #expect(try await world.balance(.credits(account)) == 0)
            #expect(try await world.balance(.creditsIssued) == 0)
        }
    }

    @Test(
        arguments: ["account.created", "account.deleted"],
        [JSONValue.object([]), ["user_id": "nobody"], ["user_id": 7]])
    func `an event without a user is set aside, and the next one taken`(name: String, data: JSONValue) async throws {
        try await PaymentsWorld.with { world in
            let account = AccountID.make(at: world.clock.now)
            try await tell(
                [(name, data), ("account.created", ["user_id": .string("\(account)")])], in: world)
            #expect(try await world.balance(.creditsIssued) == -10)
            #expect(try await world.balance(.credits(account)) == 10)
            let dead = try await world.database.all("SELECT name FROM dead_letters") {
                try $0.decode("name", as: String.self)
            }
            #expect(dead == [name])
        }
    }
}
