import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: what auth tells of accounts is taken, and an event that does not say whose it is changes nothing.
@Suite struct AccountNewsTests {
    private func event(_ name: String, data: JSONValue, in world: PaymentsWorld) -> EventEnvelope {
        let now = world.clock.now
        return EventEnvelope(
            id: .make(at: now), name: name, aggregate: .make(at: now), sequence: 1, recipients: [], data: data, at: now,
            requestID: nil)
    }

    private func news(in world: PaymentsWorld) -> AccountNews {
        AccountNews(
            credits: CreditsWorkflow(database: world.database, clock: world.clock, peers: FakePeers()),
            payers: world.payers)
    }

    @Test func `a new account gets its credits, and a deleted one's cards are to be forgotten`() async throws {
        try await PaymentsWorld.with { world in
            let account = AccountID.make(at: world.clock.now)
            for name in ["account.created", "account.deleted", "account.created", "account.updated", "of.tomorrow"] {
                try await news(in: world).hear(event(name, data: ["user_id": .string("\(account)")], in: world))
            }
            #expect(try await world.balance(.credits(account)) == 10)
            let scheduled = try await world.scheduled("\(account)")
            #expect(scheduled.keys.sorted() == [ForgetPayer.kind])
        }
    }

    @Test func `somebody who comes back gets no credits again`() async throws {
        try await PaymentsWorld.with { world in
            let account = AccountID.make(at: world.clock.now)
            let data: JSONValue = ["user_id": .string("\(account)"), "is_returning": true]
            for _ in 0..<2 { try await news(in: world).hear(event("account.created", data: data, in: world)) }
            #expect(try await world.balance(.credits(account)) == 0)
            let issued = try await world.balance(.creditsIssued)
            #expect(issued == 0)
        }
    }

    @Test(
        arguments: ["account.created", "account.deleted"],
        [JSONValue.object([]), ["user_id": "nobody"], ["user_id": 7]])
    func `an event without a user is refused`(name: String, data: JSONValue) async throws {
        try await PaymentsWorld.with { world in
            await #expect(throws: Refusal.self) {
                try await news(in: world).hear(event(name, data: data, in: world))
            }
            let issued = try await world.balance(.creditsIssued)
            #expect(issued == 0)
        }
    }
}
