import OutboundHTTP
import Postgres
import SharedModels
import TestSupport
import Testing

@testable import ServiceKit

/// The promise under test: no single event and no dead process stops the others.
extension OutboxTests {
    private func refusal(_ status: Int) -> PeerRefusal {
        PeerRefusal(
            Endpoints.receiveEvents(.notifications).operation, OutboundResponse(status: status, headers: [], body: []))
    }

    @Test func `a batch is bounded in bytes, and an event larger than that is sent alone`() async throws {
        try await withOutbox { outbox in
            let long = String(repeating: "x", count: 3000)
            for sequence in 1...12 {
                try await outbox.append(
                    event(of: .make(at: clock.now), sequence, title: sequence == 5 ? long + long + long : long),
                    in: outbox.database)
            }
            let received = Received([:])
            let sizes = Shared<[Int]>([])
            try await relaying(
                outbox, to: received,
                refusingBatch: { batch in
                    sizes.change { $0.append(batch.reduce(0) { $0 + $1.json.bytes.count }) }
                    return false
                }, bytes: 8000
            ) {
                try await eventually("all arrive") { received.value[.notifications]?.count == 12 }
            }
            #expect(received.value[.notifications]?.map(\.sequence) == Array(1...12))
            #expect(sizes.value.count { $0 > 8000 } == 1)
            #expect(sizes.value.count == 7)
        }
    }

    @Test
    func `while an event is refused its own thing waits and all others go on, and once taken all arrive in order`()
        async throws
    {
        try await withOutbox { outbox in
            let (refused, other) = (GigID.make(at: clock.now), GigID.make(at: clock.now))
            for sequence in 1...10 {
                try await outbox.append(event(of: refused, sequence), in: outbox.database)
                try await outbox.append(event(of: other, sequence), in: outbox.database)
            }
            let isRefusing = Shared(true)
            let received = Received([:])
            func arrived(_ id: GigID) -> [Int64] {
                received.value[.notifications]?.filter { $0.aggregate.uuid == id.uuid }.map(\.sequence) ?? []
            }
            try await relaying(
                outbox, to: received, refusal: refusal(422),
                refusingBatch: { batch in
                    isRefusing.value && batch.contains { $0.aggregate.uuid == refused.uuid && $0.sequence == 3 }
                }, patience: .seconds(300)
            ) {
                try await eventually("the others arrive") { arrived(other).count == 10 }
                #expect(arrived(refused) == [1, 2])
                isRefusing.change { $0 = false }
                try await eventually("so does the rest") { arrived(refused).count == 10 }
                try await eventually("nothing is left") {
                    try await outbox.database.rows("SELECT FROM outbox_refusals").isEmpty
                }
            }
            #expect(arrived(refused) == Array(1...10) && arrived(other) == Array(1...10))
            #expect(try await deadLetters(outbox).isEmpty)
        }
    }

    @Test func `an event for a service that nobody knows is left alone for minutes, and then set aside`() async throws {
        try await withOutbox { outbox in
            try await outbox.append(event(of: .make(at: clock.now), 1), in: outbox.database)
            try await outbox.database.execute("UPDATE outbox SET destination = 'archive'")
            try await outbox.append(event(of: .make(at: clock.now), 2), in: outbox.database)
            let received = Received([:])
            try await relaying(outbox, to: received, patience: .seconds(300)) {
                try await eventually("the known one is told") { received.value[.notifications]?.count == 1 }
                #expect(try await deadLetters(outbox).isEmpty)
                clock.advance(by: .seconds(300))
                try await eventually("it is set aside") {
                    try await deadLetters(outbox) == ["gig.updated: no service archive takes events"]
                }
            }
            #expect(try await OutboxStore(database: outbox.database).destinations().isEmpty)
        }
    }

    @Test func `a lease is renewed for as long as a delivery takes, so that no other replica sends meanwhile`()
        async throws
    {
        try await withOutbox { outbox in
            try await outbox.append(event(of: .make(at: clock.now), 1), in: outbox.database)
            let isOver = Shared(false)
            let attempts = Shared(0)
            let received = Received([:])
            let wait: @Sendable ([EventEnvelope]) async -> Bool = { _ in
                attempts.change { $0 += 1 }
                // A relay that ends cancels its delivery.
                try? await eventually("the delivery is over") { isOver.value }
                return false
            }
            try await relaying(outbox, to: received, refusingBatch: wait, renewal: .milliseconds(20)) {
                try await relaying(
                    Outbox(database: outbox.database, clock: clock), to: received, refusingBatch: wait,
                    renewal: .milliseconds(20)
                ) {
                    // Each renewal puts its end off, and the other replica looks all the time.
                    var ends: [Timestamp] = []
                    try await eventually("it was renewed often") {
                        let end = try await outbox.database.first("SELECT lease_until FROM outbox_leases") {
                            try $0.decode("lease_until", as: Timestamp.self)
                        }
                        if let end, ends.last != end { ends.append(end) }
                        return ends.count > 6
                    }
                    #expect(ends == ends.sorted())
                    isOver.change { $0 = true }
                    try await eventually("it arrives") { received.value[.notifications]?.count == 1 }
                }
            }
            #expect(attempts.value == 1)
        }
    }
}
