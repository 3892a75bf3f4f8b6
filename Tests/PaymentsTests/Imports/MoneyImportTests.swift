import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: the money of another Skillhouse is in the books to the paisa, once, and is released and divided
/// as if it had been paid here.
@Suite struct MoneyImportTests {
    private func escrow(
        of deal: PaidContract, _ division: ImportedDivision? = nil, payment: String? = nil, isAtProvider: Bool = false
    ) -> ImportedEscrow {
        ImportedEscrow(
            id: .make(at: .start), jobID: deal.offer.jobID, clientID: deal.client, freelancerID: deal.freelancer,
            contractID: deal.id, contractNumber: deal.contract.number, jobTitle: "A logo", paid: deal.offer.amount,
            division: division, fundedAt: Timestamp.start - .days(40), paymentIntentID: payment,
            isAtProvider: isAtProvider)
    }

    private let released = ImportedDivision(
        isRefund: false, fee: 10_000, client: 0, freelancer: 90_000, at: Timestamp.start - .days(20))

    private func sum(_ world: OutsideWorld) async throws -> Int64 {
        try await world.database.one("SELECT sum(balance)::bigint AS sum FROM ledger_accounts WHERE unit = 'inr'") {
            try $0.decode("sum")
        }
    }

    @Test func `a payment in escrow comes once, and is released to the wallet`() async throws {
        try await OutsideWorld.use { world in
            let deal = PaidContract(status: .completed)
            world.peers.add(deal.contract)
            let escrow = escrow(of: deal)
            #expect(try await world.features.moneyImport.bring([escrow]) == [.imported])
            #expect(try await world.features.moneyImport.bring([escrow]) == [.present])
            #expect(try await world.balance(.escrow(escrow.id, .inr)) == 100_000)
            #expect(try await world.balance(.opening(.inr)) == -100_000)
            #expect(try await world.features.reports.balance().minorUnits == 100_000)
            world.peers.change(deal.id, release: .requested)
            _ = try await world.release(deal)
            #expect(try await world.wallet(deal.freelancer) == 90_000)
            #expect(try await world.balance(.opening(.inr)) == -100_000)
            #expect(try await sum(world) == 0)
        }
    }

    @Test func `a canceled contract's imported payment is divided`() async throws {
        try await OutsideWorld.use { world in
            let deal = PaidContract(status: .ongoing)
            world.peers.add(deal.contract)
            _ = try await world.features.moneyImport.bring([escrow(of: deal)])
            _ = try await world.refund(deal)
            #expect(try await world.wallet(deal.client) == 54_000)
            #expect(try await world.wallet(deal.freelancer) == 36_000)
        }
    }

    @Test func `a wallet has its movements, each with its contract, and its balance`() async throws {
        try await OutsideWorld.use { world in
            let deal = PaidContract()
            let escrow = escrow(of: deal, released)
            let movements = [
                ImportedMovement(amount: 5_000, checkoutID: nil, at: Timestamp.start - .days(30)),
                ImportedMovement(amount: 90_000, checkoutID: escrow.id, at: Timestamp.start - .days(20)),
                ImportedMovement(amount: -1_000, checkoutID: nil, at: Timestamp.start - .days(10)),
            ]
            let wallet = ImportedWallet(ownerID: deal.freelancer, movements: movements, isAtProvider: false)
            #expect(try await world.features.moneyImport.bring([escrow], isRehearsal: true) == [.imported])
            #expect(try await world.features.moneyImport.bring([wallet], isRehearsal: true) == [.imported])
            #expect(try await world.features.moneyImport.bring([escrow]) == [.imported])
            for outcome in [ImportOutcome.imported, .present] {
                #expect(try await world.features.moneyImport.bring([wallet]) == [outcome])
            }
            let shown = try await world.features.wallets.wallet(of: deal.freelancer, for: deal.freelancer)
            #expect(shown.balance.minorUnits == 94_000 && shown.createdAt == Timestamp.start - .days(30))
            #expect(shown.moves.map(\.amount.minorUnits) == [-1_000, 90_000, 5_000])
            #expect(shown.moves.map(\.checkout?.deal?.number) == [nil, deal.contract.number, nil])
            let months = try await world.features.wallets.months(of: deal.freelancer, for: deal.freelancer)
            #expect(months.map(\.total.minorUnits) == [90_000])
            #expect(try await world.features.reports.revenue().minorUnits == 10_000)
            #expect(try await world.balance(.revenue(.inr)) == 10_000)
            #expect(try await sum(world) == 0)
        }
    }

    @Test func `an overdrawn wallet and shares that do not add up are refused, with nothing posted`() async throws {
        try await OutsideWorld.use { world in
            let deal = PaidContract()
            let wallet = ImportedWallet(
                ownerID: deal.freelancer,
                movements: [
                    ImportedMovement(amount: 100, checkoutID: nil, at: .start),
                    ImportedMovement(amount: -101, checkoutID: nil, at: .start),
                ], isAtProvider: false)
            #expect(try await world.features.moneyImport.bring([wallet]).map(\.result) == [.refused])
            let wrong = ImportedDivision(isRefund: true, fee: 1, client: 1, freelancer: 1, at: .start)
            let outcomes = try await world.features.moneyImport.bring([escrow(of: deal, wrong), escrow(of: deal)])
            #expect(outcomes.map(\.result) == [.refused, .imported])
            // A contract has one payment.
            #expect(try await world.features.moneyImport.bring([escrow(of: deal)]).map(\.field) == ["contractId"])
            #expect(try await world.balance(.opening(.inr)) == -100_000)
        }
    }

    @Test func `money on the Stripe account that goes on being used is booked there, and followed there`() async throws
    {
        try await OutsideWorld.use { world in
            // A payment of the original's: Stripe has it, and our books do not.
            let theirs = try await world.funded(PaidContract())
            let payment = try #require(try await world.checkout(theirs).payment?.intentID)
            let before = try await world.balance(.provider(.inr))
            try await world.database.execute("UPDATE checkouts SET payment_intent_id = 'pi_other'")
            let deal = PaidContract(status: .completed)
            world.peers.add(deal.contract)
            let escrow = escrow(of: deal, payment: payment, isAtProvider: true)
            #expect(try await world.features.moneyImport.bring([escrow]) == [.imported])
            #expect(try await world.balance(.provider(.inr)) == before - 100_000)
            #expect(try await world.balance(.opening(.inr)) == 0)
            try await world.stripe.tell("stripe/disputes", ["payment_intent": .string(payment)])
            world.peers.change(deal.id, release: .requested)
            // A release looks at Stripe first: the client's bank has taken the money back.
            await #expect(throws: (any Error).self) { try await world.release(deal) }
            #expect(try await world.wallet(deal.freelancer) == 0)
        }
    }
}
