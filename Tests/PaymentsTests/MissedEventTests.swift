import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: what Stripe told us and never arrived is noticed all the same.
@Suite struct MissedEventTests {
    @Test func `a payment whose event never comes is looked at after minutes, and later after hours`() async throws {
        try await PaymentsWorld.with { world in
            let deal = Deal()
            _ = try await world.escrows.fund(deal.milestone, deal.input)
            let begun = world.clock.now
            func next() async throws -> Timestamp? {
                try await world.scheduled("\(deal.milestone)")[LookAtPayment.kind]
            }
            #expect(try await next() == begun + .minutes(2))
            world.schedule(peers: FakePeers()).register(on: world.scheduler)
            world.clock.advance(by: .minutes(2))
            try await world.scheduler.run(until: "it was looked at") { try await next() == begun + .minutes(4) }
            world.clock.advance(by: .days(2))
            try await world.scheduler.run(until: "it was looked at") {
                try await next() == world.clock.now + .hours(6)
            }
            world.stripe.confirm("pi_1")
            world.clock.advance(by: .hours(6))
            try await world.scheduler.run(until: "it is held") { try await world.escrow(deal).state == .held }
            #expect(try await next() == nil)
            #expect(try await world.announced(of: deal.milestone.uuid) == ["escrow.funded"])
        }
    }

    @Test func `an onboarding whose event never comes is noticed`() async throws {
        try await PaymentsWorld.with { world in
            let worker = AccountID.make(at: world.clock.now)
            _ = try await world.payees.onboardingLink(for: worker)
            #expect(try await world.scheduled("\(worker)") == [LookAtPayee.kind: world.clock.now + .minutes(2)])
            #expect(try await world.payees.lookAt(worker))
            world.stripe.finishOnboarding("acct_1")
            world.features.payeeSchedule.register(on: world.scheduler)
            world.clock.advance(by: .minutes(2))
            try await world.scheduler.run(until: "it is announced") {
                try await world.announced(of: worker.uuid) == ["payee.onboarded"]
            }
            #expect(try await world.payees.lookAt(worker) == false)
        }
    }

    @Test func `a reading goes as far back as the last one, however many events came since`() async throws {
        try await PaymentsWorld.with { world in
            try await world.features.eventReader.read()
            world.clock.advance(by: .hours(2))
            for number in 1...2_050 {
                world.stripe.list(
                    .init(
                        id: "evt_\(number)", type: "charge.updated", object: "ch_1",
                        created: (world.clock.now - .hours(1)).seconds))
            }
            try await world.features.eventReader.read()
            let count: Int = try await world.database.one("SELECT count(*) AS count FROM stripe_events") {
                try $0.decode("count")
            }
            #expect(count == 2_050)
        }
    }

    @Test func `events are read from where the last reading ended, and count once`() async throws {
        try await PaymentsWorld.with { world in
            let deal = Deal()
            _ = try await world.escrows.fund(deal.milestone, deal.input)
            func list(_ id: String, ago: Duration) {
                world.stripe.list(
                    .init(
                        id: id, type: "payment_intent.amount_capturable_updated", object: "pi_1",
                        created: (world.clock.now - ago).seconds))
            }
            func stored() async throws -> [String] {
                try await world.database.all("SELECT id FROM stripe_events ORDER BY id") { try $0.decode("id") }
            }
            list("evt_1", ago: .days(3))
            list("evt_2", ago: .minutes(10))
            try await world.features.eventReader.read()
            // The first reading does not go back for ever.
            #expect(try await stored() == ["evt_2"])
            world.clock.advance(by: .days(2))
            // Days without a reading leave no gap.
            list("evt_3", ago: .days(1))
            list("evt_4", ago: .zero)
            for _ in 0..<2 { try await world.features.eventReader.read() }
            #expect(try await stored() == ["evt_2", "evt_3", "evt_4"])
            world.stripe.confirm("pi_1")
            try await world.events.handle("evt_4")
            #expect(try await world.escrow(deal).state == .held)
        }
    }

    @Test func `an event of the other mode on the list is left out, and those behind it are read`() async throws {
        try await PaymentsWorld.with { world in
            for (id, isLive) in [("evt_1", false), ("evt_2", true), ("evt_3", false)] {
                world.stripe.list(
                    .init(
                        id: id, type: "payment_intent.succeeded", object: "pi_1", created: world.clock.now.seconds,
                        isLive: isLive))
            }
            for _ in 0..<2 { try await world.features.eventReader.read() }
            let stored = try await world.database.all("SELECT id FROM stripe_events ORDER BY id") {
                try $0.decode("id", as: String.self)
            }
            #expect(stored == ["evt_1", "evt_3"])
        }
    }

    @Test func `an event of the other mode is refused, and nothing is stored`() async throws {
        try await PaymentsWorld.with { world in
            let text =
                #"{"id":"evt_live","type":"payment_intent.succeeded","livemode":true,"data":{"object":{"id":"pi_1"}}}"#
            let body = Array(text.utf8)
            let header = StripeSignature.header(body, PaymentsWorld.secret, at: world.clock.now)
            await #expect(throws: WebhookError.otherMode(isLive: true)) {
                try await world.webhook.receive(body, signature: header, at: world.clock.now)
            }
            let count: Int = try await world.database.one("SELECT count(*) AS stored FROM stripe_events") {
                try $0.decode("stored")
            }
            #expect(count == 0)
        }
    }
}
