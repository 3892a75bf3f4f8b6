import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: money is held, released and paid once, in the right parts, and only along the diagram.
@Suite struct EscrowWorkflowTests {
    @Test func `a deal's money goes from the client to the worker`() async throws {
        try await PaymentsWorld.with { world in
            let deal = Deal()
            let funded = try await world.escrows.fund(deal.milestone, deal.input)
            #expect(funded.state == .authorizing)
            #expect(try await world.escrows.clientSecret(of: funded) == "pi_1_secret")
            let lapse = world.clock.now + .days(5)
            world.stripe.confirm("pi_1", captureBefore: lapse)
            try await world.escrows.observe(paymentIntent: "pi_1")
            let held = try await world.escrow(deal)
            #expect(held.state == .held && held.captureBefore == lapse && held.clientSecret == nil)
            #expect(try await world.scheduled("\(deal.milestone)") == ["escrow.capture": lapse - .hours(24)])

            let released = try await world.escrows.release(deal.milestone)
            #expect(released.state == .released)
            #expect(released.release?.fee == .usd(cents: 500) && released.earning == .usd(cents: 9_501))
            let due = world.clock.now + .days(3)
            #expect(released.release?.payoutAt == due)
            #expect(try await world.scheduled("\(deal.milestone)") == ["escrow.payout": due])
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 9_501)

            await #expect(throws: PayeeError.notOnboarded(deal.worker)) {
                try await world.escrows.payOut(deal.milestone)
            }
            try await world.onboard(deal.worker)
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.escrow(deal).state == .paid)
            #expect(
                world.stripe.transfers == [
                    .init(id: "tr_1", amount: 9_501, destination: "acct_1", milestone: "\(deal.milestone)")
                ])
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 0)
            #expect(try await world.balance(.provider(.usd)) == -500)
            #expect(try await world.announced(of: deal.milestone.uuid) == ["escrow.funded"])
            let ledger = try await world.escrows.ledger(of: deal.milestone)
            #expect(ledger.escrow.transferID == "tr_1" && ledger.entries.count == 7)
        }
    }

    @Test func `the secret of a payment is sealed, told again when it is lost, and forgotten once the payment is held`()
        async throws
    {
        try await PaymentsWorld.with { world in
            let deal = Deal()
            _ = try await world.escrows.fund(deal.milestone, deal.input)
            let rows: [String] = try await world.database.all("SELECT e::text AS line FROM escrows e") {
                try $0.decode("line")
            }
            #expect(rows.count == 1 && !rows[0].contains("pi_1_secret"))
            #expect(!rows[0].contains(Hexadecimal.encode("pi_1_secret".utf8)))
            for statement: SQL in [
                "UPDATE escrows SET client_secret = client_secret || '\\x00'",
                "UPDATE escrows SET client_secret = NULL",
            ] {
                try await world.database.execute(statement)
                let escrow = try await world.escrow(deal)
                #expect(try await world.escrows.clientSecret(of: escrow) == "pi_1_secret")
            }
            world.stripe.confirm("pi_1")
            try await world.escrows.observe(paymentIntent: "pi_1")
            let held = try await world.escrow(deal)
            #expect(held.clientSecret == nil)
            #expect(try await world.escrows.clientSecret(of: held) == nil)
        }
    }

    @Test func `everything may be asked again, and answers the same`() async throws {
        try await PaymentsWorld.with { world in
            let deal = Deal()
            let first = try await world.escrows.fund(deal.milestone, deal.input)
            #expect(try await world.escrows.fund(deal.milestone, deal.input) == first)
            world.stripe.confirm("pi_1")
            // Without an event: the repeat looks the payment up.
            #expect(try await world.escrows.fund(deal.milestone, deal.input).state == .held)
            let released = try await world.escrows.release(deal.milestone)
            world.clock.advance(by: .days(1))
            #expect(try await world.escrows.release(deal.milestone) == released)
            try await world.onboard(deal.worker)
            try await world.escrows.payOut(deal.milestone)
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.escrows.release(deal.milestone).release == released.release)
            #expect(
                world.stripe.intents.count == 1 && world.stripe.captures == 1
                    && world.stripe.transfers.count == 1)
        }
    }

    @Test func `a hold that would lapse is captured, and its release takes no second capture`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            try await world.escrows.captureBeforeLapse(deal.milestone)
            #expect(try await world.escrow(deal).state == .escrowed)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 10_001)
            try await world.escrows.captureBeforeLapse(deal.milestone)
            #expect(try await world.escrows.release(deal.milestone).state == .released)
            #expect(world.stripe.captures == 1)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
        }
    }

    @Test func `a hold is captured a day before it lapses, but not while its contract is not active`() async throws {
        try await PaymentsWorld.with { world in
            let (deal, peers) = (try await world.held(), FakePeers())
            world.schedule(peers: peers).register(on: world.scheduler)
            let due = try #require(try await world.scheduled("\(deal.milestone)")[CaptureHold.kind])
            world.clock.advance(by: due - world.clock.now + .seconds(1))
            try await world.scheduler.run(until: "it is looked at again later") {
                try await world.scheduled("\(deal.milestone)")[CaptureHold.kind].map { $0 > world.clock.now } ?? false
            }
            #expect(try await world.escrow(deal).state == .held && world.stripe.captures == 0)
            peers.need(true)
            world.clock.advance(by: EscrowSchedule.lookAgainAfter)
            try await world.scheduler.run(until: "it is captured") {
                try await world.escrow(deal).state == .escrowed
            }
        }
    }

    @Test func `captured money goes back to the client, who may pay again`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            try await world.escrows.captureBeforeLapse(deal.milestone)
            #expect(try await world.escrows.cancel(deal.milestone).state == .unfunded)
            #expect(try await world.escrows.cancel(deal.milestone).state == .unfunded)
            #expect(world.stripe.refunds == ["pi_1": 10_001])
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.balance(.provider(.usd)) == 0)
            #expect(try await world.announced(of: deal.milestone.uuid) == ["escrow.funded", "escrow.lapsed"])
            _ = try await world.held(deal)
            try await world.escrows.captureBeforeLapse(deal.milestone)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 10_001)
            #expect(try await world.escrows.release(deal.milestone).state == .released)
            await #expect(throws: EscrowError.illegalMove(.init(.released, .cancel))) {
                _ = try await world.escrows.cancel(deal.milestone)
            }
            #expect(world.stripe.refunds == ["pi_1": 10_001])
        }
    }

    @Test func `another amount takes another payment, and the old one is cancelled`() async throws {
        try await PaymentsWorld.with { world in
            let deal = Deal()
            _ = try await world.escrows.fund(deal.milestone, deal.input)
            let changed = try await world.escrows.fund(deal.milestone, deal.with(amount: 500))
            #expect(changed.paymentIntentID == "pi_2" && changed.amount == .usd(cents: 500))
            #expect(world.stripe.intents.map(\.status) == ["canceled", "requires_payment_method"])
            // The old payment's event says nothing about the new one.
            try await world.escrows.observe(paymentIntent: "pi_1")
            #expect(try await world.escrow(deal).state == .authorizing)
            _ = try await world.escrows.cancel(deal.milestone)
            #expect(try await world.escrows.cancel(deal.milestone).state == .unfunded)
            #expect(try await world.announced(of: deal.milestone.uuid).isEmpty)
        }
    }

    @Test func `a hold that lapsed is announced, not released, and can be funded again`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            world.stripe.lapse("pi_1")
            await #expect(throws: EscrowError.illegalMove(.init(.unfunded, .release))) {
                _ = try await world.escrows.release(deal.milestone)
            }
            #expect(try await world.announced(of: deal.milestone.uuid) == ["escrow.funded", "escrow.lapsed"])
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.scheduled("\(deal.milestone)").isEmpty)
            let again = try await world.escrows.fund(deal.milestone, deal.input)
            world.stripe.confirm("pi_2")
            try await world.escrows.observe(paymentIntent: "pi_2")
            #expect(again.paymentIntentID == "pi_2")
            #expect(try await world.escrows.release(deal.milestone).state == .released)
            #expect(world.stripe.captures == 1)
        }
    }

    @Test func `what is not held is not released`() async throws {
        try await PaymentsWorld.with { world in
            let deal = Deal()
            await #expect(throws: EscrowError.notFound(deal.milestone)) {
                _ = try await world.escrows.release(deal.milestone)
            }
            _ = try await world.escrows.fund(deal.milestone, deal.input)
            await #expect(throws: EscrowError.illegalMove(.init(.authorizing, .release))) {
                _ = try await world.escrows.release(deal.milestone)
            }
            #expect(world.stripe.captures == 0)
        }
    }

    @Test func `a refusal of the provider leaves everything as it was`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            world.stripe.plant(.refuse, on: "/capture")
            await #expect(throws: ProviderError.refused(reason: "card_declined: no")) {
                _ = try await world.escrows.release(deal.milestone)
            }
            let escrow = try await world.escrow(deal)
            #expect(escrow.state == .held && escrow.moving == nil)
            #expect(try await world.escrows.release(deal.milestone).state == .released)
            #expect(world.stripe.captures == 1)
        }
    }
}
