import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: a backup that is restored pays nothing twice, however old it is. The drill of
/// `docs/operations.md`.
@Suite struct RestoreTests {
    @Test func `what happened after the backup is found at Stripe, and not done again`() async throws {
        try await FakeStripe.serve { stripe in
            try await TestDatabase.use(of: .payments) { database in
                let (paid, refunded, split) = (Deal(), Deal(), Deal())
                let unpaid = Deal(of: paid.input.clientUserID)
                let worker = paid.worker
                let clock = TestClock()
                let name: String = try await database.one("SELECT current_database() AS name") {
                    try $0.decode("name")
                }
                try await PaymentsWorld.on(database, stripe, clock: clock) { world in
                    _ = try await world.held(paid)
                    _ = try await world.escrows.release(paid.milestone)
                    try await world.onboard(worker)
                    for deal in [refunded, split] {
                        _ = try await world.held(deal)
                        try await world.escrows.captureBeforeLapse(deal.milestone)
                    }
                }
                await database.close()
                let restored = try await TestDatabase.open(try await TestDatabase.copy(of: name))
                let present = try await TestDatabase.open(name)
                try await PaymentsWorld.on(present, stripe, clock: clock) { world in
                    try await world.escrows.payOut(paid.milestone)
                    _ = try await world.escrows.cancel(refunded.milestone)
                    _ = try await world.escrows.settle(split.milestone, workersShare: .usd(cents: 6_000))
                    _ = try await world.held(unpaid)
                }
                await present.close()
                // So long after that Stripe has forgotten all keys.
                clock.advance(by: .days(3))
                stripe.forgetKeys()
                try await PaymentsWorld.on(restored, stripe, clock: clock) { world in
                    try await world.escrows.payOut(paid.milestone)
                    _ = try await world.escrows.cancel(refunded.milestone)
                    _ = try await world.escrows.settle(split.milestone, workersShare: .usd(cents: 6_000))
                    let again = try await world.escrows.fund(unpaid.milestone, unpaid.input)
                    _ = try await world.escrows.fund(unpaid.milestone, unpaid.input)
                    #expect(try await world.escrow(unpaid).state == .held)
                    #expect(again.paymentIntentID == "pi_4")
                    #expect(try await world.escrow(paid).state == .paid)
                    #expect(try await world.balance(.provider(.usd)) == -500 - 6_000)
                }
                await restored.close()
                #expect(stripe.transfers.map(\.amount) == [9_501])
                #expect(stripe.refunds == ["pi_2": 10_001, "pi_3": 4_001])
                #expect(stripe.intents.count == 4)
            }
        }
    }

    @Test func `a refund of another amount than the forgotten one gives back the difference alone`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            try await world.escrows.captureBeforeLapse(deal.milestone)
            // Before the backup was restored, it was decided otherwise.
            world.stripe.giveBack("pi_1", 1_000, under: "milestone:\(deal.milestone):refund:1")
            #expect(try await world.escrows.cancel(deal.milestone).state == .unfunded)
            #expect(world.stripe.refunds == ["pi_1": 10_001])
            #expect(try await world.balance(.provider(.usd)) == 0)
        }
    }
}
