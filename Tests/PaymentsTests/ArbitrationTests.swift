import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: the losing party pays the arbitration fee once, from the card of the latest payment, and
/// owes it as long as no card pays it.
@Suite struct ArbitrationTests {
    private static let fee = Money.usd(cents: 15_000)

    /// A client with a stored card, who has lost a dispute.
    private func owing(
        in world: PaymentsWorld, card: String? = "pm_1"
    ) async throws -> (client: AccountID, dispute: DisputeID) {
        let deal = Deal()
        if let card { _ = try await world.held(deal, with: card) }
        let dispute = DisputeID.make(at: world.clock.now)
        try await world.arbitration.charge(dispute, to: deal.input.clientUserID, Self.fee)
        return (deal.input.clientUserID, dispute)
    }

    /// A client whose card was charged, and Stripe's answer was lost.
    private func chargedUnanswered(in world: PaymentsWorld) async throws -> (client: AccountID, dispute: DisputeID) {
        let (client, dispute) = try await owing(in: world)
        world.stripe.plant(.errorAfterSuccess, on: "/payment_intents", times: 4)
        await #expect(throws: ProviderError.self) { try await world.arbitration.collect(dispute) }
        world.stripe.heal()
        return (client, dispute)
    }

    private func state(_ dispute: DisputeID, in world: PaymentsWorld) async throws -> ArbitrationFeeState {
        try await world.arbitration.fee(of: dispute).state
    }

    @Test func `a fee is booked once and collected once, from the card of the latest payment`() async throws {
        try await PaymentsWorld.with { world in
            let (client, dispute) = try await owing(in: world)
            #expect(try await world.balance(.owed(client, .usd)) == -15_000)
            _ = try await world.held(Deal(of: client), with: "pm_2")
            try await world.arbitration.charge(dispute, to: client, Self.fee)
            #expect(try await world.balance(.revenue(.usd)) == 0)
            for _ in 0..<2 { try await world.arbitration.collect(dispute) }
            let charge = try #require(world.stripe.charges.first)
            #expect(world.stripe.charges.count == 1 && charge.amount == 15_000 && charge.card == "pm_2")
            #expect(charge.action == "dispute:\(dispute):charge:1")
            let fee = try await world.arbitration.fee(of: dispute)
            #expect(fee.state == .collected && fee.paymentIntentID == charge.id && fee.attempts == 1)
            #expect(try await world.balance(.owed(client, .usd)) == 0)
            #expect(try await world.balance(.revenue(.usd)) == 15_000)
            #expect(try await world.balance(.provider(.usd)) == -15_000)
        }
    }

    @Test func `a client's payments are all of one customer`() async throws {
        try await PaymentsWorld.with { world in
            let first = Deal()
            _ = try await world.held(first)
            _ = try await world.held(Deal(of: first.input.clientUserID))
            _ = try await world.held(Deal())
            #expect(world.stripe.intents.map(\.customer) == ["cus_1", "cus_1", "cus_2"])
        }
    }

    @Test func `without a card the fee stays owed, and is due as soon as there is one`() async throws {
        try await PaymentsWorld.with { world in
            let (client, dispute) = try await owing(in: world, card: nil)
            try await world.arbitration.collect(dispute)
            #expect(try await state(dispute, in: world) == .owed && world.stripe.calls.isEmpty)
            try await world.scheduler.cancel(CollectFee(dispute), in: world.database)
            _ = try await world.held(Deal(of: client))
            #expect(try await world.scheduled("\(dispute)") == [CollectFee.kind: world.clock.now])
            try await world.arbitration.collect(dispute)
            #expect(try await state(dispute, in: world) == .collected)
        }
    }

    @Test func `a card that says no is asked again after one, three and seven days, under keys of their own`()
        async throws
    {
        try await PaymentsWorld.with { world in
            let (client, dispute) = try await owing(in: world)
            world.stripe.plant(.refuse, on: "/payment_intents", times: 4)
            for (number, days) in [1, 3, 7].enumerated() {
                try await world.arbitration.collect(dispute)
                let next = world.clock.now + .days(days)
                #expect(try await world.scheduled("\(dispute)") == [CollectFee.kind: next])
                let fee = try await world.arbitration.fee(of: dispute)
                #expect(fee.state == .owed && fee.attempts == number + 1 && fee.refusal == "card_declined: no")
                world.clock.advance(by: .days(days))
            }
            for _ in 0..<2 { try await world.arbitration.collect(dispute) }
            let charges = world.stripe.paymentKeys.filter { $0.hasPrefix("dispute:") }
            #expect(charges == (1...4).map { "dispute:\(dispute):charge:\($0)" })
            #expect(try await world.balance(.owed(client, .usd)) == -15_000)
        }
    }

    @Test func `another card is asked as often as the first`() async throws {
        try await PaymentsWorld.with { world in
            let (client, dispute) = try await owing(in: world)
            world.stripe.plant(.refuse, on: "/payment_intents", times: 4)
            for _ in 0..<4 { try await world.arbitration.collect(dispute) }
            #expect(try await world.arbitration.fee(of: dispute).refusals == 4)
            _ = try await world.held(Deal(of: client), with: "pm_2")
            #expect(try await world.scheduled("\(dispute)") == [CollectFee.kind: world.clock.now])
            world.stripe.plant(.refuse, on: "/payment_intents")
            try await world.arbitration.collect(dispute)
            #expect(try await world.arbitration.fee(of: dispute).refusals == 1)
            let next = world.clock.now + .days(1)
            #expect(try await world.scheduled("\(dispute)") == [CollectFee.kind: next])
        }
    }

    @Test func `a card that comes while another is asked is asked next`() async throws {
        try await PaymentsWorld.with { world in
            let (client, dispute) = try await owing(in: world)
            world.stripe.plant(.error, on: "/payment_intents", times: 4)
            await #expect(throws: ProviderError.self) { try await world.arbitration.collect(dispute) }
            world.stripe.heal()
            _ = try await world.held(Deal(of: client), with: "pm_2")
            world.stripe.plant(.refuse, on: "/payment_intents")
            try await world.arbitration.collect(dispute)
            #expect(try await world.scheduled("\(dispute)") == [CollectFee.kind: world.clock.now])
            try await world.arbitration.collect(dispute)
            #expect(world.stripe.charges.map(\.card) == ["pm_2"])
        }
    }

    @Test(arguments: [true, false])
    func `a bank that takes its time is waited for, also longer than keys last`(isPaid: Bool) async throws {
        try await PaymentsWorld.with { world in
            let (client, dispute) = try await owing(in: world)
            world.stripe.plant(.processing, on: "/payment_intents")
            for hours in [0, 30] {
                world.clock.advance(by: .hours(hours))
                if hours > 0 { world.stripe.forgetKeys() }
                await #expect(throws: ProviderError.self) { try await world.arbitration.collect(dispute) }
                #expect(try await state(dispute, in: world) == .charging)
            }
            let payment = try #require(world.stripe.charges.first)
            world.stripe.decide(payment.id, isPaid: isPaid)
            try await world.arbitration.collect(dispute)
            #expect(try await state(dispute, in: world) == (isPaid ? .collected : .owed))
            #expect(try await world.balance(.owed(client, .usd)) == (isPaid ? 0 : -15_000))
            #expect(world.stripe.charges.count == 1)
        }
    }

    @Test func `a provider that refuses to look says nothing of the charge`() async throws {
        try await PaymentsWorld.with { world in
            let (_, dispute) = try await chargedUnanswered(in: world)
            world.stripe.forgetKeys()
            world.clock.advance(by: .hours(30))
            world.stripe.plant(.refuse, on: "/payment_intents", reading: true)
            await #expect(throws: ProviderError.self) { try await world.arbitration.collect(dispute) }
            #expect(try await state(dispute, in: world) == .charging)
            try await world.arbitration.collect(dispute)
            #expect(try await state(dispute, in: world) == .collected && world.stripe.charges.count == 1)
        }
    }

    @Test func `a charge that never reached the provider is made when its key is forgotten`() async throws {
        try await PaymentsWorld.with { world in
            let (_, dispute) = try await owing(in: world)
            world.stripe.plant(.error, on: "/payment_intents", times: 4)
            await #expect(throws: ProviderError.self) { try await world.arbitration.collect(dispute) }
            world.stripe.heal()
            world.clock.advance(by: .hours(30))
            try await world.arbitration.collect(dispute)
            #expect(try await state(dispute, in: world) == .collected && world.stripe.charges.count == 1)
        }
    }

    @Test func `a key that stands for another request leaves the attempt as it is`() async throws {
        try await PaymentsWorld.with { world in
            let (_, dispute) = try await chargedUnanswered(in: world)
            // Like a release that sends a different form.
            try await world.database.execute("UPDATE arbitration_fees SET amount_minor = 15001")
            await #expect(throws: ProviderError.self) { try await world.arbitration.collect(dispute) }
            #expect(try await state(dispute, in: world) == .charging && world.stripe.charges.count == 1)
        }
    }

    @Test func `the scheduler collects by itself, again after a refusal, and forgets who left`() async throws {
        try await PaymentsWorld.with { world in
            ArbitrationSchedule(workflow: world.arbitration, clock: world.clock).register(on: world.scheduler)
            PayerSchedule(workflow: world.payers, clock: world.clock).register(on: world.scheduler)
            world.stripe.plant(.refuse, on: "/payment_intents")
            let deal = Deal()
            await #expect(throws: ProviderError.self) { _ = try await world.held(deal) }
            _ = try await world.held(deal)
            world.stripe.plant(.refuse, on: "/payment_intents")
            let dispute = DisputeID.make(at: world.clock.now)
            try await world.arbitration.charge(dispute, to: deal.input.clientUserID, Self.fee)
            try await world.scheduler.run(until: "it was refused") {
                try await world.arbitration.fee(of: dispute).refusals == 1
            }
            world.clock.advance(by: .days(1))
            try await world.scheduler.run(until: "it is collected") {
                try await state(dispute, in: world) == .collected
            }
            try await world.database.transaction { try await world.payers.leave(deal.input.clientUserID, in: $0) }
            try await world.scheduler.run(until: "the cards are forgotten") { world.stripe.customers.isEmpty }
        }
    }

    @Test func `a charge whose answer is lost is made once`() async throws {
        try await PaymentsWorld.with { world in
            let (client, dispute) = try await chargedUnanswered(in: world)
            #expect(try await state(dispute, in: world) == .charging)
            // A different card would be a different request under the same key.
            _ = try await world.held(Deal(of: client), with: "pm_2")
            try await world.arbitration.collect(dispute)
            #expect(try await state(dispute, in: world) == .collected)
            #expect(world.stripe.charges.map(\.card) == ["pm_1"])
        }
    }

    @Test func `a charge that the provider has forgotten the key of is found again`() async throws {
        try await PaymentsWorld.with { world in
            let (_, dispute) = try await chargedUnanswered(in: world)
            world.stripe.forgetKeys()
            world.clock.advance(by: .hours(30))
            try await world.arbitration.collect(dispute)
            #expect(try await state(dispute, in: world) == .collected && world.stripe.charges.count == 1)
        }
    }

    @Test func `many who collect at once charge once`() async throws {
        try await PaymentsWorld.with { world in
            let (client, dispute) = try await owing(in: world)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<6 { group.addTask { try await world.arbitration.collect(dispute) } }
                try await group.waitForAll()
            }
            #expect(world.stripe.charges.count == 1)
            #expect(try await world.balance(.owed(client, .usd)) == 0)
        }
    }

    @Test func `the cards of a deleted account are forgotten, here and at the provider`() async throws {
        try await PaymentsWorld.with { world in
            let (client, dispute) = try await owing(in: world)
            world.stripe.plant(.error, on: "/customers", times: 4)
            await #expect(throws: ProviderError.self) { _ = try await world.payers.forget(client) }
            world.stripe.heal()
            world.stripe.plant(.refuse, on: "/customers")
            await #expect(throws: ProviderError.self) { _ = try await world.payers.forget(client) }
            for _ in 0..<2 { #expect(try await world.payers.forget(client)) }
            #expect(world.stripe.customers.isEmpty)
            try await world.arbitration.collect(dispute)
            #expect(try await state(dispute, in: world) == .owed && world.stripe.charges.isEmpty)
        }
    }

    @Test func `cards are not forgotten while a payment is begun or a fee is being charged`() async throws {
        try await PaymentsWorld.with { world in
            let (client, dispute) = try await owing(in: world)
            world.stripe.plant(.errorAfterSuccess, on: "/payment_intents", times: 4)
            await #expect(throws: ProviderError.self) { try await world.arbitration.collect(dispute) }
            #expect(try await !world.payers.forget(client))
            world.stripe.heal()
            try await world.arbitration.collect(dispute)
            let deal = Deal(of: client)
            _ = try await world.escrows.fund(deal.milestone, deal.input)
            #expect(try await !world.payers.forget(client) && world.stripe.customers == ["cus_1"])
            _ = try await world.escrows.cancel(deal.milestone)
            #expect(try await world.payers.forget(client))
        }
    }

    @Test func `a customer that somebody deleted at the provider is made again`() async throws {
        try await PaymentsWorld.with { world in
            let (client, _) = try await owing(in: world)
            world.stripe.deleteCustomer("cus_1")
            let deal = Deal(of: client)
            await #expect(throws: ProviderError.self) { _ = try await world.escrows.fund(deal.milestone, deal.input) }
            _ = try await world.held(deal)
            #expect(world.stripe.customers == ["cus_2"] && world.stripe.intents.last?.customer == "cus_2")
        }
    }

    @Test func `a client whom the provider refuses as a customer cannot fund`() async throws {
        try await PaymentsWorld.with { world in
            let deal = Deal()
            world.stripe.plant(.refuse, on: "/customers")
            await #expect(throws: ProviderError.self) {
                _ = try await world.escrows.fund(deal.milestone, deal.input)
            }
            #expect(world.stripe.intents.isEmpty)
            let escrow = try await world.escrow(deal)
            #expect(escrow.state == .unfunded && escrow.moving == nil)
            #expect(try await world.held(deal).milestone == deal.milestone)
        }
    }

    @Test func `a dispute without a fee has none to show`() async throws {
        try await PaymentsWorld.with { world in
            let dispute = DisputeID.make(at: world.clock.now)
            await #expect(throws: ArbitrationError.feeNotFound(dispute)) {
                _ = try await world.arbitration.fee(of: dispute)
            }
            try await world.arbitration.collect(dispute)
            #expect(world.stripe.calls.isEmpty)
        }
    }
}
