import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: money that a worker cannot be paid has a way back to the client, once, and only while it is ours.
@Suite struct GiveBackTests {
    private let admin = AccountID.make(at: .start)

    /// A release whose payout has been due for two weeks.
    private func stranded(in world: OutsideWorld, _ deal: Deal = Deal(payoutDelayDays: 0)) async throws -> Deal {
        let deal = try await world.escrowed(deal)
        _ = try await world.escrows.release(deal.milestone)
        await #expect(throws: PayeeError.notOnboarded(deal.worker)) {
            try await world.escrows.payOut(deal.milestone)
        }
        try await world.escrows.reportPayee(of: deal.milestone)
        #expect(try await world.openCases().isEmpty)
        try await pass(EscrowWorkflow.patience, in: world)
        try await world.escrows.reportPayee(of: deal.milestone)
        return deal
    }

    private func pass(_ time: Duration, in world: OutsideWorld) async throws {
        try await world.stripe.advance(seconds: time.components.seconds)
    }

    @discardableResult
    private func giveBack(_ known: EscrowCase, in world: OutsideWorld) async throws -> EscrowCase {
        try await world.features.resolutions.resolve(
            known.id, by: .giveBack, because: "Nobody there.", admin: admin)
    }

    @Test func `what a worker who never came cannot be paid goes back to the client with the fee`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await stranded(in: world)
            let known = try await world.onlyCase()
            #expect(known.kind == .payeeMissing && known.allowedActions == [.replaceAccount, .giveBack])
            #expect(known.amount == .usd(cents: 9_501) && known.accountID == deal.worker)
            let closed = try await giveBack(known, in: world)
            #expect(closed.note == "give_back: Nobody there." && closed.closedAt != nil)
            #expect(try await world.admins(of: .payable(deal.worker, .usd)) == [admin, nil])
            #expect(try await world.stripe.list("refunds").map { $0["amount"] } == [10_001])
            for account in [
                LedgerAccount.payable(deal.worker, .usd), .revenue(.usd), .escrow(deal.milestone, .usd), .loss(.usd),
            ] {
                #expect(try await world.balance(account) == 0)
            }
            let escrow = try await world.escrow(deal)
            #expect(escrow.state == .released && escrow.rest.isZero && escrow.earning?.isZero == true)
            let announced = try await world.announced(of: deal.milestone.uuid)
            #expect(announced.last == "contract.milestone.money_changed")
            try await world.expectAgreement()
            // Nothing is left to pay out, and nobody is kept from leaving.
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.stripe.list("transfers").isEmpty)
            #expect(try await world.escrows.blockers(of: deal.worker).isEmpty)
            await #expect(throws: CaseError.closed) { _ = try await giveBack(known, in: world) }
            try await world.hear()
            #expect(try await world.openCases().isEmpty)
            try await world.expectAgreement()
        }
    }

    @Test func `a worker who came after all is paid`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await stranded(in: world)
            let known = try await world.onlyCase()
            try await world.onboard(deal.worker)
            let error = await #expect(throws: EscrowError.payable(deal.milestone)) {
                _ = try await giveBack(known, in: world)
            }
            #expect(error?.code == .conflict)
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.openCases().isEmpty)
            #expect(try await world.stripe.list("refunds").isEmpty)
        }
    }

    @Test func `money that has left, or that a bank disputes, does not go back`() async throws {
        try await OutsideWorld.use { world in
            let paid = try await world.paid()
            try await world.escrows.reportPayout(of: paid.milestone, "no_such_bank")
            let known = try await world.onlyCase()
            await #expect(throws: EscrowError.illegalMove(.init(.paid, .refund))) {
                _ = try await giveBack(known, in: world)
            }
            _ = try await world.features.cases.close(known.id, by: admin, "It was paid.")
            let deal = try await stranded(in: world)
            let waiting = try await world.onlyCase()
            try await world.stripe.tell("stripe/disputes", ["payment_intent": world.payment(of: deal)])
            // Nobody told of it.
            await #expect(throws: EscrowError.frozen(deal.milestone)) { _ = try await giveBack(waiting, in: world) }
            #expect(try await world.stripe.list("refunds").isEmpty)
            try await world.expectAgreement()
        }
    }

    @Test func `a transfer that our books have forgotten keeps the money from going back as well`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed(Deal(payoutDelayDays: 0))
            try await world.onboard(deal.worker)
            _ = try await world.escrows.release(deal.milestone)
            let made = try await world.stripe.post(
                "v1/transfers",
                [
                    ("amount", "9501"), ("currency", "usd"), ("destination", world.account(of: deal.worker)),
                    ("transfer_group", "\(deal.input.contractID)"), ("metadata[milestone_id]", "\(deal.milestone)"),
                ])
            try #require(made.status == 200)
            try await world.escrows.reportPayout(of: deal.milestone, "no_such_bank")
            let known = try await world.onlyCase()
            await #expect(throws: ProviderError.self) { _ = try await giveBack(known, in: world) }
            #expect(try await world.stripe.list("refunds").isEmpty)
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.escrow(deal).state == .paid)
            try await world.expectAgreement()
        }
    }

    @Test func `a return that fails is the worker's again, and can be made once more`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await stranded(in: world)
            try await giveBack(world.onlyCase(), in: world)
            let refund = try await world.newestRefund()
            try await world.fail(refund: refund)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 9_501)
            #expect(try await world.balance(.revenue(.usd)) == 500)
            #expect(try await world.isScheduled(PayOut.kind, "\(deal.milestone)"))
            try await world.expectAgreement()
            // Not at once: the worker may have been asked for another account.
            try await world.escrows.reportPayee(of: deal.milestone)
            #expect(try await world.openCases().isEmpty)
            try await pass(EscrowWorkflow.patienceAfterClosing + .seconds(1), in: world)
            try await world.escrows.reportPayee(of: deal.milestone)
            try await giveBack(world.onlyCase(), in: world)
            #expect(try await world.stripe.list("refunds").map { $0["status"] } == ["succeeded", "failed"])
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `a return whose answer was lost is made once`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await stranded(in: world)
            let known = try await world.onlyCase()
            try await world.database.breakMoves(of: "escrows")
            await #expect(throws: (any Error).self) { _ = try await giveBack(known, in: world) }
            try await world.database.mendMoves(of: "escrows")
            try await world.escrows.resume(#require(world.escrow(deal).moving))
            try await giveBack(known, in: world)
            #expect(try await world.stripe.list("refunds").map { $0["amount"] } == [10_001])
            #expect(try await world.openCases().isEmpty)
            try await world.expectAgreement()
        }
    }
}
