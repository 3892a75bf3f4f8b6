import Logging
import OutboundHTTP
import Postgres
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: every committed event reaches every destination, in order per aggregate.
@Suite struct OutboxTests {
    struct Unavailable: Error {}
    /// The events that each destination received, in order.
    typealias Received = Shared<[ServiceName: [EventEnvelope]]>

    let clock = TestClock()

    @Test func `what rolls back is never told`() async throws {
        try await withOutbox { outbox in
            _ = try? await outbox.database.transaction { tx in
                try await outbox.append(event(of: GigID.make(at: clock.now), 1), in: tx)
                throw Unavailable()
            }
            let waiting = try await OutboxStore(database: outbox.database).destinations()
            #expect(waiting.isEmpty)
        }
    }

    @Test func `an event arrives as it was written, with the id of the request that caused it`() async throws {
        try await withOutbox { outbox in
            let written = event(of: GigID.make(at: clock.now), 7, ContractUpdated.self)
            try await RequestTrace.$current.withValue(RequestTrace(requestID: "req-1")) {
                try await outbox.append(written, in: outbox.database)
            }
            let received = Received([:])
            try await relaying(outbox, to: received) {
                try await eventually("all are told") { received.value.count == written.destinations.count }
            }
            for destination in written.destinations {
                let envelope = try #require(received.value[destination]?.first)
                #expect(envelope.id == written.id)
                #expect(envelope.name == "contract.updated")
                #expect(envelope.sequence == 7)
                #expect(envelope.recipients == written.recipients)
                #expect(try envelope.data == JSONValue.parse(written.json))
                #expect(envelope.at == written.at)
                #expect(envelope.requestID == "req-1")
            }
        }
    }

    @Test func `each event is told when it is committed, without a look from time to time`() async throws {
        try await withOutbox { outbox in
            let received = Received([:])
            try await relaying(outbox, to: received, poll: .seconds(3600)) {
                for number in 1...60 {
                    try await outbox.database.transaction { tx in
                        try await outbox.append(event(of: GigID.make(at: clock.now), number), in: tx)
                    }
                    // Some are committed just when the relay ends its work on the one before.
                    guard number % 3 == 0 else { continue }
                    try await eventually("\(number) are told") { received.value[.notifications]?.count == number }
                }
            }
        }
    }

    @Test func `a lease is kept for the next event, and given back when none comes and at the end`() async throws {
        try await withOutbox { outbox in
            func holders() async throws -> Int { try await outbox.database.rows("SELECT FROM outbox_leases").count }
            let received = Received([:])
            try await relaying(outbox, to: received, lingering: .minutes(10)) {
                for number in 1...2 {
                    try await outbox.append(event(of: GigID.make(at: clock.now), number), in: outbox.database)
                    try await eventually("it is told") { received.value[.notifications]?.count == number }
                    #expect(try await holders() == 1)
                }
                try await eventually("both are deleted") {
                    try await outbox.database.rows("SELECT FROM outbox").isEmpty
                }
            }
            #expect(try await holders() == 0)
            try await relaying(outbox, to: received, lingering: .milliseconds(100)) {
                try await outbox.append(event(of: GigID.make(at: clock.now), 3), in: outbox.database)
                try await eventually("the last is told") { received.value[.notifications]?.count == 3 }
                try await eventually("it is given back") { try await holders() == 0 }
            }
        }
    }

    @Test func `one statement changes and announces`() async throws {
        try await withOutbox { outbox in
            let owner = AccountID.make(at: clock.now)
            let event = event(of: GigID.make(at: clock.now), 0)
            let insertion = outbox.insertion(
                of: event, from: "changed", addingRecipient: "changed.owner", sequence: "changed.version")
            try await outbox.database.execute(
                "WITH changed AS (SELECT \(owner) AS owner, 3::bigint AS version) \(fragment: insertion)")
            let entry = try #require(
                try await OutboxStore(database: outbox.database).first(10, for: .notifications).entries.first)
            #expect(try entry.event.get().sequence == 3)
            #expect(try entry.event.get().recipients == [owner] + event.recipients)
        }
    }

    @Test func `concurrent writers of an aggregate are told in the order of their changes, by two relays`() async throws
    {
        try await withOutbox { outbox in
            let database = outbox.database
            try await database.execute("CREATE TABLE things (id uuid PRIMARY KEY, version bigint NOT NULL)")
            let things = (0..<5).map { _ in GigID.make(at: clock.now) }
            for id in things { try await database.execute("INSERT INTO things VALUES (\(id), 0)") }
            let received = Received([:])
            let replica = Outbox(database: database, clock: clock)
            try await relaying(outbox, to: received) {
                try await relaying(replica, to: received) {
                    try await withThrowingTaskGroup { group in
                        for writer in 0..<100 {
                            group.addTask {
                                try await change(
                                    things[writer % 5], through: writer.isMultiple(of: 2) ? outbox : replica)
                            }
                        }
                        try await group.waitForAll()
                    }
                    try await eventually("all are told") { received.value[.jobs]?.count ?? 0 >= 100 }
                    try await eventually("all are told") { received.value[.notifications]?.count ?? 0 >= 100 }
                    try await eventually("nothing is left") {
                        try await OutboxStore(database: database).destinations().isEmpty
                    }
                }
            }
            for destination in [ServiceName.jobs, .notifications] {
                for id in things {
                    let told = received.value[destination]?.filter { $0.aggregate.uuid == id.uuid } ?? []
                    #expect(told.map(\.sequence) == Array(1...20))
                }
            }
        }
    }

    @Test func `a destination that fails holds up nobody else, and gets everything in order later`() async throws {
        try await withOutbox { outbox in
            let (gig, other) = (GigID.make(at: clock.now), GigID.make(at: clock.now))
            for sequence in 1...30 {
                try await outbox.append(
                    event(of: sequence.isMultiple(of: 3) ? other : gig, sequence, NegotiationUpdated.self),
                    in: outbox.database)
            }
            let received = Received([:])
            let isDown = Shared(true)
            try await relaying(outbox, to: received, refusing: { $0 == .jobs && isDown.value }) {
                try await eventually("the other is told") { received.value[.notifications]?.count == 30 }
                #expect(received.value[.jobs] == nil)
                isDown.change { $0 = false }
                try await eventually("the late one is told") { received.value[.jobs]?.count == 30 }
            }
            #expect(received.value[.jobs]?.map(\.sequence) == Array(1...30))
        }
    }

    @Test func `a relay that dies between delivery and deletion leaves nothing out, and repeats the same ids`()
        async throws
    {
        try await withOutbox { outbox in
            let gig = GigID.make(at: clock.now)
            for sequence in 1...3 { try await outbox.append(event(of: gig, sequence), in: outbox.database) }
            // The dead relay had claimed and delivered, and nothing more.
            let store = OutboxStore(database: outbox.database)
            let dead = ClaimID.make(at: clock.now)
            #expect(try await store.claim(.notifications, for: dead, lease: .seconds(600)))
            let delivered = try await store.first(100, for: .notifications).entries.map { try $0.event.get().id }
            #expect(try await !store.claim(.notifications, for: .make(at: clock.now), lease: .seconds(1)))

            try await outbox.database.execute("UPDATE outbox_leases SET lease_until = clock_timestamp()")
            let received = Received([:])
            try await relaying(outbox, to: received) {
                try await eventually("the next one takes over") { received.value[.notifications]?.count == 3 }
            }
            #expect(received.value[.notifications]?.map(\.id) == delivered)
        }
    }

    @Test func `a row that cannot be read is set aside, and those behind it arrive`() async throws {
        try await withOutbox { outbox in
            let gig = GigID.make(at: clock.now)
            for sequence in 1...20 { try await outbox.append(event(of: gig, sequence), in: outbox.database) }
            let deep = String(repeating: "[", count: 1000) + String(repeating: "]", count: 1000)
            try await outbox.database.execute(
                "UPDATE outbox SET data = \(deep)::json WHERE sequence = ANY(\([Int64(3), 4, 11]))")
            let received = Received([:])
            try await relaying(outbox, to: received) {
                try await eventually("the rest arrives") { received.value[.notifications]?.count == 17 }
            }
            let expected = (1...20).filter { ![3, 4, 11].contains($0) }.map(Int64.init)
            #expect(received.value[.notifications]?.map(\.sequence) == expected)
            let dead = try await deadLetters(outbox)
            #expect(dead.count == 3 && dead.allSatisfy { $0.hasPrefix("gig.updated: the row cannot be read") })

            // Sent again, it fails again. Once repaired, it arrives.
            let letters = DeadLetters(database: outbox.database, clock: clock)
            let receiver = EventReceiver(database: outbox.database, clock: clock, logger: .quiet)
            try await outbox.database.execute(
                """
                UPDATE dead_letters SET again = true, letter = replace(letter, \(deep), \(#"{"title":"mended"}"#))
                 WHERE letter::json->>'sequence' = '4'
                """)
            try await letters.sendAgain(receiver)
            try await relaying(outbox, to: received) {
                try await eventually("it arrives") { received.value[.notifications]?.last?.sequence == 4 }
            }
            #expect(received.value[.notifications]?.last?.data == ["title": "mended"])
            #expect(try await deadLetters(outbox).count == 2)
        }
    }

    @Test(arguments: [400, 413, 422])
    func `an event that its destination refuses is found and set aside, and the others arrive in order`(status: Int)
        async throws
    {
        try await withOutbox { outbox in
            let gig = GigID.make(at: clock.now)
            for sequence in 1...20 { try await outbox.append(event(of: gig, sequence), in: outbox.database) }
            let refused = Shared<[Int64]>([5, 6, 20])
            let received = Received([:])
            let refusal = PeerRefusal(
                Endpoints.receiveEvents(.notifications).operation,
                OutboundResponse(status: status, headers: [], body: []))
            try await relaying(
                outbox, to: received, refusal: refusal,
                refusingBatch: { $0.contains { refused.value.contains($0.sequence) } }
            ) {
                try await eventually("the rest arrives") {
                    try await OutboxStore(database: outbox.database).destinations().isEmpty
                }
            }
            let expected = (1...20).filter { ![5, 6, 20].contains($0) }.map(Int64.init)
            #expect(received.value[.notifications]?.map(\.sequence) == expected)
            #expect(try await deadLetters(outbox).count == 3)
        }
    }

    @Test func `the backlog is counted, and how old it is`() async throws {
        try await withOutbox { outbox in
            #expect(try await outbox.backlog() == OutboxBacklog(count: 0, age: .zero))
            for sequence in 1...2 {
                try await outbox.append(event(of: GigID.make(at: clock.now), sequence), in: outbox.database)
                clock.advance(by: .seconds(5))
            }
            #expect(try await outbox.backlog() == OutboxBacklog(count: 2, age: .seconds(10)))
        }
    }

    @Test func `a receiver takes an event once`() async throws {
        try await withOutbox { outbox in
            let inbox = Inbox(database: outbox.database, clock: clock)
            let id = EventID.make(at: clock.now)
            let effects = Shared(0)
            for _ in 0..<2 {
                try await outbox.database.transaction { tx in
                    try await inbox.once(id, at: clock.now, in: tx) { effects.change { $0 += 1 } }
                }
            }
            #expect(effects.value == 1)
            clock.advance(by: Inbox.retention + .seconds(1))
            try await inbox.prune()
            #expect(try await outbox.database.rows("SELECT event_id FROM inbox").isEmpty)
        }
    }
}

/// An event that one service is told of.
enum ToldOnce: Event {
    typealias Content = GigView
    static let label = GigUpdated.label
    static let destinations = [ServiceName.notifications]
    static let audience = Audience.owner
}

extension OutboxTests {
    func withOutbox(_ body: (Outbox) async throws -> Void) async throws {
        try await TestDatabase.use(migrations: Migrator(SharedMigrations.all)) { database in
            try await body(Outbox(database: database, clock: clock))
        }
    }

    func event<E: Event>(
        of gig: GigID, _ sequence: Int, _ event: E.Type = ToldOnce.self, title: String = "Æther \u{1F980}"
    ) -> Announcement {
        let data: JSONValue = ["title": .string(title), "rate_cents": 1234, "at": nil]
        return Announcement(
            event, of: gig, sequence: Int64(sequence), to: [.make(at: clock.now)], Encoded<E.Content>(data),
            at: clock.now)
    }

    func deadLetters(_ outbox: Outbox) async throws -> [String] {
        try await outbox.database.all(
            "SELECT name || ': ' || reason AS line FROM dead_letters WHERE origin = 'outbox' ORDER BY letter"
        ) { try $0.decode("line") }
    }

    /// Changes a thing and announces it, as a workflow does.
    func change(_ id: GigID, through outbox: Outbox) async throws {
        try await outbox.database.transaction { tx in
            let version: Int64 = try await tx.one(
                "UPDATE things SET version = version + 1 WHERE id = \(id) RETURNING version"
            ) { try $0.decode("version") }
            try await outbox.append(event(of: id, Int(version), NegotiationUpdated.self), in: tx)
        }
    }

    /// Runs a relay while `body` runs.
    func relaying(
        _ outbox: Outbox, to received: Received,
        refusing isRefused: @escaping @Sendable (ServiceName) -> Bool = { _ in false },
        refusal: any Error = Unavailable(),
        refusingBatch isBatchRefused: @escaping @Sendable ([EventEnvelope]) async -> Bool = { _ in false },
        bytes: Int = .max, patience: Duration = .milliseconds(100), renewal: Duration = .seconds(1),
        lingering: Duration = .seconds(1), poll: Duration = .milliseconds(50),
        while body: () async throws -> Void
    ) async throws {
        var limits = OutboxRelay.Limits()
        limits.batch = 7
        limits.bytes = bytes
        limits.patience = patience
        limits.refusalPause = .milliseconds(20)
        limits.lease = .minutes(10)
        limits.renewal = renewal
        limits.lingering = lingering
        limits.poll = poll
        limits.idlePoll = poll
        limits.firstPause = .milliseconds(10)
        limits.longestPause = .milliseconds(50)
        let relay = OutboxRelay(outbox: outbox, limits: limits, logger: .quiet) { destination, batch in
            if isRefused(destination) { throw Unavailable() }
            let events = try batch.events.map { try EventEnvelope($0) }
            if await isBatchRefused(events) { throw refusal }
            received.change { $0[destination, default: []] += events }
        }
        let running = Task { try await relay.run() }
        defer { running.cancel() }
        try await body()
        running.cancel()
        try await running.value
    }
}
