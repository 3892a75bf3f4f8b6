import Postgres
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

// Events that come together share a transaction.
extension EventReceiverTests {
    @Test func `events that come together share a transaction, and one that breaks is undone alone`() async throws {
        try await withWorld { world in
            let accounts = accounts(5)
            let transactions = Shared<[String]>([])
            world.receiver.on(PayeeOnboarded.self) { event, tx in
                try await tx.execute("INSERT INTO effects VALUES (\("\(event.userID)"))")
                let id: String = try await tx.one("SELECT pg_current_xact_id()::text AS id") { try $0.decode("id") }
                transactions.change { $0.append(id) }
                if event.userID == accounts[2] { throw Broken() }
            }
            let batch = accounts.map { envelope(PayeeOnboarded.label, about: $0) }
            for _ in 0..<2 {
                try await world.receiver.take(batch)
                let ids = transactions.value
                #expect(ids.count == 5 && Set(ids[..<3]).count == 1 && Set(ids[3...]).count == 1)
                #expect(try await world.dead() == ["payee.onboarded: it is broken"])
                let kept: [String] = try await world.database.all("SELECT id FROM effects") { try $0.decode("id") }
                #expect(Set(kept) == Set(accounts.map { "\($0)" }).subtracting(["\(accounts[2])"]))
            }
        }
    }

    @Test func `of events that share a transaction one that conflicts with what others did meanwhile works at once`()
        async throws
    {
        try await withWorld { world in
            let accounts = accounts(3)
            let tries = Shared(0)
            try await world.database.execute("CREATE UNIQUE INDEX ON effects (id)")
            world.receiver.on(PayeeOnboarded.self) { event, tx in
                let isFirst = tries.change { tries in
                    tries += event.userID == accounts[1] ? 1 : 0
                    return tries == 1
                }
                let row = isFirst ? accounts[0] : event.userID
                try await tx.execute("INSERT INTO effects VALUES (\("\(row)"))")
            }
            try await world.receiver.take(accounts.map { envelope(PayeeOnboarded.label, about: $0) })
            #expect(tries.value == 2)
            #expect(try await world.dead().isEmpty)
            #expect(try await world.database.rows("SELECT id FROM effects").count == 3)
        }
    }

    @Test func `a failure that shows at the commit only is found among the events that share it`() async throws {
        try await withWorld { world in
            let accounts = accounts(3)
            try await world.database.execute("ALTER TABLE effects ADD UNIQUE (id) DEFERRABLE INITIALLY DEFERRED")
            let batch = [accounts[0], accounts[1], accounts[0], accounts[2]].map { envelope(about: $0) }
            try await world.receiver.take(batch)
            #expect(try await world.dead().count == 1)
            #expect(try await world.database.rows("SELECT id FROM effects").count == 3)
            try await world.receiver.take(batch)
            #expect(try await world.dead().count == 1)
            #expect(try await world.database.rows("SELECT id FROM effects").count == 3)
        }
    }
}
