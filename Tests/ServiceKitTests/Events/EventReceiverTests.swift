import Logging
import OutboundHTTP
import Postgres
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: each event takes effect once and in order, or becomes a dead letter with its reason. An
/// event that fails for the moment is not lost, and one that always fails holds up nobody.
@Suite struct EventReceiverTests {
    struct Broken: Error, CustomStringConvertible { let description = "it is broken" }

    let clock = TestClock()

    /// A receiver of `account.deleted` and `escrow.funded` on a separate database.
    struct World: Sendable {
        let database: Database
        let receiver: EventReceiver
        let letters: DeadLetters
        let clock: TestClock
        /// The announced accounts and milestones, in the order in which they were taken.
        let taken = Shared<[String]>([])
        /// The errors of the next handlings.
        let failures = Shared<[any Error]>([])

        func failIfPlanned() throws {
            let failure = failures.change { $0.isEmpty ? nil : $0.removeFirst() }
            if let failure { throw failure }
        }

        /// The names of dead letters with their reasons.
        func dead() async throws -> [String] {
            try await database.all(
                "SELECT coalesce(name, 'nameless') || ': ' || reason AS line FROM dead_letters ORDER BY line"
            ) { try $0.decode("line") }
        }
    }

    func withWorld(_ body: (World) async throws -> Void) async throws {
        try await TestDatabase.use(migrations: Migrator(SharedMigrations.all)) { database in
            let world = World(
                database: database, receiver: EventReceiver(database: database, clock: clock, logger: .quiet),
                letters: DeadLetters(database: database, clock: clock), clock: clock)
            try await database.execute("CREATE TABLE effects (id text NOT NULL)")
            world.receiver.on(AccountDeleted.self) { event, tx in
                try await tx.execute("INSERT INTO effects VALUES (\("\(event.userID)"))")
                try world.failIfPlanned()
                world.taken.change { $0.append("\(event.userID)") }
            }
            world.receiver.on(EscrowFunded.self) { event, tx in
                try world.failIfPlanned()
                world.taken.change { $0.append("\(event.milestoneID)") }
            }
            try await body(world)
        }
    }

    func envelope(
        _ name: String = AccountDeleted.label, _ data: JSONValue? = nil, id: EventID? = nil, about account: AccountID
    ) -> JSONValue {
        EventEnvelope(
            id: id ?? .make(at: clock.now), name: name, aggregate: EventAggregate(account.uuid), sequence: 1,
            recipients: [], data: data ?? ["user_id": .string("\(account)")], at: clock.now, requestID: nil
        ).json
    }

    func accounts(_ count: Int) -> [AccountID] { (0..<count).map { _ in .make(at: clock.now) } }

    @Test func `malformed events of every kind in the middle of a batch are set aside, and the rest is taken`()
        async throws
    {
        try await withWorld { world in
            let (first, last) = (AccountID.make(at: clock.now), AccountID.make(at: clock.now))
            var bad: [JSONValue] = [.null, 7, "event", [], [:], ["id": "not an id"]]
            for member in ["id", "name", "aggregate", "sequence", "recipients", "data", "at"] {
                let whole = envelope(about: first).object ?? []
                bad.append(.object(whole.filter { $0.name != member }))
                bad.append(.object(whole.map { $0.name == member ? JSONMember(member, .bool(true)) : $0 }))
            }
            let data: [JSONValue] = [[:], ["user_id": 7], ["user_id": "nobody"], ["user_id": nil]]
            bad += data.map { envelope(AccountDeleted.label, $0, about: first) }
            bad.append(envelope("of.tomorrow", about: first))
            bad.append(envelope("a name with \0 in it", about: first))
            // Known events, but meant for other services.
            bad.append(envelope(AccountCreated.label, about: first))
            bad.append(envelope(GigCreated.label, about: first))
            let batch = [envelope(about: first)] + bad + [envelope(about: last)]
            try await world.receiver.take(batch)
            #expect(world.taken.value == ["\(first)", "\(last)"])
            let dead = try await world.dead()
            #expect(dead.count == bad.count)
            #expect(dead.contains("of.tomorrow: no event of this name is known here"))
            #expect(dead.contains { $0.hasPrefix("nameless: the envelope cannot be read: id") })
            let kept: [String] = try await world.database.all("SELECT letter FROM dead_letters") {
                try $0.decode("letter")
            }
            #expect(Set(kept) == Set(bad.map { String(decoding: $0.bytes, as: UTF8.self) }))

            // Sent again, because its sender did not hear of the success: nothing happens twice.
            try await world.receiver.take(batch)
            #expect(world.taken.value.count == 2)
            #expect(try await world.dead().count == bad.count)
        }
    }

    @Test(
        arguments: [
            PostgresError.connectionLost(reason: "gone"), PostgresError.overloaded, OutboundError.timedOut,
            Refusal.unavailable(), CancellationError(),
        ] as [any Error])
    func `what may work later fails the batch, and its repeat goes on where it ended`(failure: any Error) async throws {
        try await withWorld { world in
            let accounts = accounts(3)
            let batch = accounts.map { envelope(about: $0) }
            world.receiver.on(PayeeOnboarded.self) { _, _ in world.failures.change { $0 = [failure] } }
            let trap = envelope(PayeeOnboarded.label, about: accounts[0])
            await #expect(throws: (any Error).self) {
                try await world.receiver.take([batch[0], trap, batch[1], batch[2]])
            }
            #expect(world.taken.value == ["\(accounts[0])"])
            try await world.receiver.take([batch[0], trap, batch[1], batch[2]])
            #expect(world.taken.value == accounts.map { "\($0)" })
            #expect(try await world.dead().isEmpty)
            #expect(try await world.database.rows("SELECT id FROM effects").count == 3)
        }
    }

    @Test(
        arguments: [
            Broken(), Refusal.notFound("account"), PostgresError.noRow,
        ] as [any Error])
    func `what fails for good leaves no effect but a dead letter, and the next is taken`(failure: any Error)
        async throws
    {
        try await withWorld { world in
            let accounts = accounts(2)
            world.failures.change { $0 = [failure] }
            try await world.receiver.take(accounts.map { envelope(about: $0) })
            #expect(world.taken.value == ["\(accounts[1])"])
            #expect(try await world.dead() == ["account.deleted: \(failure)"])
            #expect(try await world.database.rows("SELECT id FROM effects").count == 1)
            clock.advance(by: .seconds(30))
            #expect(try await world.letters.backlog() == DeadLetters.Backlog(count: 1, age: .seconds(30)))
        }
    }

    @Test func `what is prepared outside of the transaction counts like the rest`() async throws {
        try await withWorld { world in
            let asked = Shared(0)
            world.receiver.on(
                DisputeLost.self,
                before: { event in
                    #expect(!Transaction.isOpen)
                    asked.change { $0 += 1 }
                    try world.failIfPlanned()
                },
                { event, _ in world.taken.change { $0.append("\(event.userID)") } })
            let account = AccountID.make(at: clock.now)
            let event = envelope(DisputeLost.label, about: account)
            world.failures.change { $0 = [OutboundError.timedOut] }
            await #expect(throws: OutboundError.timedOut) { try await world.receiver.take([event]) }
            try await world.receiver.take([event])
            #expect(world.taken.value == ["\(account)"])
            world.failures.change { $0 = [Broken()] }
            try await world.receiver.take([envelope(DisputeLost.label, about: account)])
            #expect(try await world.dead() == ["dispute.lost: it is broken"])

            // Taken before, and sent again because its sender did not hear of it: there is nothing to set aside.
            world.failures.change { $0 = [Broken()] }
            try await world.receiver.take([event])
            #expect(world.failures.value.isEmpty)
            #expect(try await world.dead() == ["dispute.lost: it is broken"])
            #expect(world.taken.value == ["\(account)"])
        }
    }

    @Test func `every event of users' is recorded as it came, together; one that breaks is set aside alone`()
        async throws
    {
        try await withWorld { world in
            let recorded = Shared<[String]>([])
            let woken = Shared(0)
            let account = AccountID.make(at: clock.now)
            world.receiver.onEvery { envelopes, tx in
                for envelope in envelopes {
                    try await tx.execute("INSERT INTO effects VALUES (\(envelope.name))")
                }
                if envelopes.contains(where: { $0.data["title"] == "broken" }) { throw Broken() }
                recorded.change { all in
                    all += envelopes.map { String(decoding: $0.data.bytes, as: UTF8.self) }
                }
                tx.afterCommit { woken.change { $0 += 1 } }
            }
            func gig(_ title: String) -> JSONValue {
                envelope(GigCreated.label, ["z": 1, "title": .string(title)], about: account)
            }
            try await world.receiver.take([gig("one"), gig("two"), envelope(about: account), gig("three")])
            #expect(recorded.value == ["one", "two", "three"].map { #"{"z":1,"title":"\#($0)"}"# })
            #expect(woken.value == 2)
            #expect(world.taken.value == ["\(account)"])
            try await world.receiver.take([
                gig("four"), gig("broken"), gig("five"), envelope("of.tomorrow", about: account),
            ])
            #expect(try await world.dead().count == 2)
            #expect(
                try await world.database.one("SELECT count(*) AS n FROM effects") { try $0.decode("n", as: Int64.self) }
                    == 6)
        }
    }

    @Test func `a dead letter that is marked is taken once more, and stays with its reason while it fails`()
        async throws
    {
        try await withWorld { world in
            let account = AccountID.make(at: clock.now)
            world.failures.change { $0 = [Broken(), Broken(), OutboundError.timedOut] }
            try await world.receiver.take([envelope(about: account)])
            func mark() async throws { try await world.database.execute("UPDATE dead_letters SET again = true") }
            try await world.letters.sendAgain(world.receiver)
            #expect(world.failures.value.count == 2)
            try await mark()
            try await world.letters.sendAgain(world.receiver)
            #expect(try await world.database.rows("SELECT id FROM dead_letters WHERE NOT again").count == 1)
            try await mark()
            await #expect(throws: OutboundError.timedOut) { try await world.letters.sendAgain(world.receiver) }
            #expect(try await world.database.rows("SELECT id FROM dead_letters WHERE again").count == 1)
            try await world.letters.sendAgain(world.receiver)
            #expect(world.taken.value == ["\(account)"])
            #expect(try await world.dead().isEmpty)
        }
    }

    @Test func `a letter that was edited into nonsense says so, and does not hold up the others`() async throws {
        try await withWorld { world in
            let account = AccountID.make(at: clock.now)
            world.failures.change { $0 = [Broken()] }
            try await world.receiver.take([envelope(about: account)])
            try await world.database.execute(
                """
                INSERT INTO dead_letters (id, origin, name, letter, reason, died_at)
                VALUES (gen_random_uuid(), 'outbox', 'edited', 'no JSON', 'old', now()),
                       (gen_random_uuid(), 'scheduled', 'edited', '{}', 'old', now()),
                       (gen_random_uuid(), 'received', 'edited', 'no JSON', 'old', '-infinity')
                """)
            try await world.database.execute("UPDATE dead_letters SET again = true")
            try await world.letters.sendAgain(world.receiver)
            #expect(world.taken.value == ["\(account)"])
            let left = try await world.dead()
            #expect(left.count == 3)
            #expect(!left.contains("edited: old"))
            #expect(try await world.database.rows("SELECT id FROM dead_letters WHERE again").isEmpty)
        }
    }

    @Test func `of replicas that take a marked dead letter at once one has the effect`() async throws {
        try await withWorld { world in
            world.failures.change { $0 = [Broken()] }
            let event = envelope(about: .make(at: clock.now))
            try await world.receiver.take([event])
            try await world.database.execute("UPDATE dead_letters SET again = true")
            async let one: Void = world.letters.sendAgain(world.receiver)
            async let other: Void = world.letters.sendAgain(world.receiver)
            _ = try await (one, other)
            #expect(try await world.database.rows("SELECT id FROM effects").count == 1)
            try await world.receiver.takeAgain(event) { _ in false }
            #expect(try await world.database.rows("SELECT id FROM effects").count == 1)
            #expect(try await world.dead().isEmpty)
        }
    }

    @Test func `a service starts only with a handler for each event that it is told of, and for no other`() async throws
    {
        try await withWorld { world in
            #expect(throws: EventMismatch.self) { try world.receiver.register(on: Routes(), for: .contracts) }
            let receiver = EventReceiver(database: world.database, clock: clock, logger: .quiet)
            receiver.on(AccountDeleted.self) { _, _ in }
            #expect(throws: EventMismatch.self) { try receiver.register(on: Routes(), for: .notifications) }
            receiver.onEvery { _, _ in }
            // It stands for the events that users see. The others need a handler each.
            #expect(throws: EventMismatch.self) { try receiver.register(on: Routes(), for: .notifications) }
            receiver.on(AdminAppointed.self) { _, _ in }
            receiver.on(AccountBlocked.self) { _, _ in }
            receiver.on(AccountUnblocked.self) { _, _ in }
            try receiver.register(on: Routes(), for: .notifications)
            receiver.on(AccountUpdated.self) { _, _ in }
            let mismatch = #expect(throws: EventMismatch.self) {
                try receiver.register(on: Routes(), for: .notifications)
            }
            #expect(mismatch?.superfluous == ["account.updated"])
            try EventReceiver(database: world.database, clock: clock, logger: .quiet).register(on: Routes(), for: .auth)
        }
    }
}
