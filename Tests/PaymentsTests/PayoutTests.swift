import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: a payout that cannot leave waits, somebody knows, and it leaves when it can.
@Suite struct PayoutTests {
    private func released(in world: OutsideWorld) async throws -> Deal {
        let deal = try await world.escrowed(Deal(payoutDelayDays: 0))
        try await world.onboard(deal.worker)
        _ = try await world.escrows.release(deal.milestone)
        return deal
    }

    private func actions(of deal: Deal, in world: OutsideWorld) async throws -> Int64 {
        try await world.database.one(
            "SELECT count(*) AS n FROM actions WHERE milestone_id = \(deal.milestone) AND operation = 'transfer'"
        ) { try $0.decode("n") }
    }

    @Test func `a payout without money at Stripe waits with one action and one case`() async throws {
        try await OutsideWorld.use { (world) async throws in
            let deal = try await released(in: world)
            // Stripe pays the platform out.
            try await world.stripe.tell("stripe/payouts", .object([]))
            for _ in 1...3 {
                await #expect(throws: ProviderError.self) { try await world.escrows.payOut(deal.milestone) }
            }
            #expect(try await actions(of: deal, in: world) == 1)
            #expect(try await world.openCases() == [.payoutWaits])
            #expect(try await world.escrow(deal).moving == nil)
            _ = try await world.escrowed()
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.escrow(deal).state == .paid)
            #expect(try await actions(of: deal, in: world) == 1)
            #expect(try await world.openCases().isEmpty)
        }
    }

    @Test func `a payout leaves while its own charge is still pending, and takes no other client's money`() async throws
    {
        try await OutsideWorld.use { world in
            try await world.stripe.tell("stripe/settings", ["balance_delay_seconds": 172_800])
            let deal = try await released(in: world)
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.escrow(deal).state == .paid)
        }
    }

    @Test func `onboarding that is withdrawn stops payouts, and gives a link again`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await released(in: world)
            let account = try await world.account(of: deal.worker)
            await #expect(throws: PayeeError.alreadyOnboarded(deal.worker)) {
                _ = try await world.payees.onboardingLink(for: deal.worker)
            }
            try await world.stripe.tell("stripe/accounts/\(account)", ["state": "restricted"])
            try await world.hear()
            await #expect(throws: PayeeError.notOnboarded(deal.worker)) {
                try await world.escrows.payOut(deal.milestone)
            }
            #expect(try await !world.payees.onboardingLink(for: deal.worker).isEmpty)
            #expect(try await world.announced(of: deal.worker.uuid) == ["payee.onboarded", "payouts.paused"])
            try await world.scheduler.cancel(PayOut(deal.milestone), in: world.database)
            try await world.stripe.tell("stripe/accounts/\(account)", ["state": "active"])
            try await world.hear()
            #expect(try await world.isScheduled(PayOut.kind, "\(deal.milestone)"))
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.escrow(deal).state == .paid)
        }
    }

    @Test(arguments: [true, false])
    func `an account that is gone is replaced by another one`(isTold: Bool) async throws {
        try await OutsideWorld.use { world in
            let deal = try await released(in: world)
            let lost = try await world.account(of: deal.worker)
            try await world.stripe.tell("stripe/accounts/\(lost)", ["state": "deauthorized"])
            if isTold { try await world.hear() }
            try await world.onboard(deal.worker)
            #expect(try await world.account(of: deal.worker) != lost)
            #expect(world.features.standing.isKeyTaken)
            try await world.escrows.payOut(deal.milestone)
            let account = try await world.account(of: deal.worker)
            #expect(try await world.stripe.list("transfers").first?["destination"] == .string(account))
        }
    }

    @Test func `the schedule asks once a day for a payee, and once an hour for money`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await released(in: world)
            try await world.stripe.tell("stripe/payouts", .object([]))
            world.features.escrowSchedule.register(on: world.scheduler)
            try await world.scheduler.run(until: "the payout waits") {
                try await world.database.first(
                    "SELECT due_at FROM scheduled WHERE kind = \(PayOut.kind) AND key = \("\(deal.milestone)")"
                ) { try $0.decode("due_at", as: Timestamp.self) }.map { $0 > world.clock.now + .minutes(50) } ?? false
            }
            #expect(try await world.openCases() == [.payoutWaits])
        }
    }

    @Test func `an admin closes a case with a note, once`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            try await world.stripe.tell("stripe/disputes", ["payment_intent": world.payment(of: deal)])
            try await world.hear()
            let open = try #require(try await world.features.cases.page(isOpen: true, after: nil, limit: 1).items.first)
            #expect(open.milestoneID == deal.milestone && open.amount == .usd(cents: 10_001))
            let admin = AccountID.make(at: world.clock.now)
            let closed = try await world.features.cases.close(open.id, by: admin, "Answered it.")
            #expect(closed.note == "Answered it." && closed.closedAt != nil)
            #expect(try await world.features.cases.close(open.id, by: admin, "Again.") == closed)
            #expect(try await world.openCases().isEmpty)
            let unknown = EscrowCaseID.make(at: world.clock.now)
            await #expect(throws: CaseError.notFound(unknown)) {
                _ = try await world.features.cases.close(unknown, by: admin, "None.")
            }
        }
    }
}
