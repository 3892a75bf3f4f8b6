import Foundation
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: what a client's bank took back and a wallet had not any more is owed by its owner, and whatever
/// comes to the owner covers that first, in whichever order things happen.
@Suite struct WalletDebtTests {
    /// What happens to a wallet that a contract brought 900 rupees.
    enum Step: CaseIterable {
        case paidOut, disputed, cameBack, won
    }

    private static let orders: [[Step]] = [
        [.paidOut, .disputed, .cameBack, .won], [.paidOut, .disputed, .won, .cameBack],
        [.paidOut, .cameBack, .disputed, .won], [.disputed, .won, .paidOut, .cameBack],
    ]

    private func take(
        _ step: Step, _ deal: PaidContract, _ dispute: inout String, in world: OutsideWorld
    ) async throws {
        switch step {
        case .paidOut: try await world.payOut(50_000, to: deal.freelancer)
        case .cameBack: try await world.payOut(50_000, to: deal.freelancer, cameBack: true)
        case .disputed: dispute = try await world.dispute(deal)
        case .won: try await world.decide(dispute, "won")
        }
    }

    /// What an owner has less what the owner owes is what was earned less what was paid, and never both.
    private func expect(_ position: Int64, of owner: AccountID, in world: OutsideWorld) async throws {
        let (wallet, owed) = try await (world.wallet(owner), world.owed(owner))
        #expect(wallet == max(0, position) && owed == max(0, -position), "\(wallet) and \(owed), not \(position)")
        #expect(try await world.balance(.loss(.inr)) == 0)
        #expect(try await world.openCases().contains(.owedByWallet) == (position < 0))
        try await world.expectAgreement()
    }

    @Test(arguments: orders)
    func `a payout that comes back covers what its owner owes, whatever happens first`(order: [Step]) async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            var dispute = ""
            var (isDisputed, isOut) = (false, false)
            for step in order {
                try await take(step, deal, &dispute, in: world)
                if step == .disputed || step == .won { isDisputed = step == .disputed }
                if step == .paidOut || step == .cameBack { isOut = step == .paidOut }
                try await expect(
                    (isDisputed ? 0 : 90_000) - (isOut ? 50_000 : 0), of: deal.freelancer, in: world)
            }
            #expect(try await world.wallet(deal.freelancer) == 90_000)
            #expect(try await world.balance(.paidOut(.inr)) == 0)
        }
    }

    @Test
    func `a payout that comes back in part of what is owed leaves the rest to be owed, and more goes to the wallet`()
        async throws
    {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            let owner = deal.freelancer
            try await world.payOut(30_000, to: owner, "NEFT-1")
            try await world.payOut(60_000, to: owner, "NEFT-2")
            let made = try await world.stripe.tell(
                "stripe/disputes", ["payment_intent": world.intent(deal), "amount": 50_000])
            try await world.hear()
            // Half of the payment is half of the earning.
            try await expect(-45_000, of: owner, in: world)
            #expect(try await world.payOut(30_000, to: owner, "NEFT-1", cameBack: true) == 0)
            try await expect(-15_000, of: owner, in: world)
            await #expect(throws: WalletError.notEnough(Rupees(paise: 0))) {
                try await world.payOut(1, to: owner, "NEFT-3")
            }
            #expect(try await world.payOut(60_000, to: owner, "NEFT-2", cameBack: true) == 45_000)
            try await expect(45_000, of: owner, in: world)
            let moves = try await world.features.wallets.wallet(of: owner, for: owner).moves
            #expect(moves.first?.description == "Kept for what clients' banks and cards took back before")
            #expect(moves.first?.amount.minorUnits == -15_000)
            try await world.decide(#require(made["id"]?.string), "lost")
            try await expect(45_000, of: owner, in: world)
        }
    }

    @Test func `what another contract brings covers what is owed, and is the owner's again when the dispute is won`()
        async throws
    {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            let owner = deal.freelancer
            try await world.payOut(90_000, to: owner)
            let dispute = try await world.dispute(deal)
            try await expect(-90_000, of: owner, in: world)
            let other = try await world.released(PaidContract(40_000, for: owner))
            try await expect(-54_000, of: owner, in: world)
            // The other contract's parties do not learn of it.
            let id = try await world.checkout(other).id
            let shown = try await Ledger().entries(about: [id.uuid], in: world.database).map(\.account)
            #expect(!shown.contains { $0.hasPrefix("receivable:") })
            // A month's income is what contracts brought.
            let months = try await world.features.wallets.months(of: owner, for: owner)
            #expect(months.map(\.total.minorUnits) == [126_000])
            try await world.decide(dispute, "won")
            try await expect(36_000, of: owner, in: world)
        }
    }

    @Test func `a refund that fails covers what is owed for another contract`() async throws {
        try await OutsideWorld.use { world in
            let first = try await world.released()
            let owner = first.freelancer
            let second = try await world.released(PaidContract(for: owner))
            let refund = try await world.stripe.tell(
                "stripe/refunds", ["payment_intent": world.intent(second), "amount": 100_000])
            try await world.hear()
            try await world.payOut(90_000, to: owner)
            _ = try await world.dispute(first)
            try await expect(-90_000, of: owner, in: world)
            try await world.fail(refund: refund["id"]?.string ?? "")
            try await expect(0, of: owner, in: world)
        }
    }

    @Test func `a client who was given back twice owes what the wallet paid out, and a further share covers it`()
        async throws
    {
        try await OutsideWorld.use { world in
            let deal = try await world.funded(PaidContract(status: .ongoing))
            _ = try await world.refund(deal)
            try await world.payOut(54_000, to: deal.client)
            _ = try await world.dispute(deal)
            try await expect(-54_000, of: deal.client, in: world)
            #expect(try await world.wallet(deal.freelancer) == 0)
            #expect(try await world.owed(deal.freelancer) == 0)
            #expect(try await world.balance(.revenue(.inr)) == 0)
            let known = try await world.features.cases.page(isOpen: true, after: nil, limit: 50).items
            #expect(known.first { $0.kind == .owedByWallet }?.accountID == deal.client)
            _ = try await world.refund(world.funded(PaidContract(of: deal.client)))
            try await expect(36_000, of: deal.client, in: world)
        }
    }

    @Test func `an imported wallet covers what its owner owes here`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            try await world.payOut(90_000, to: deal.freelancer)
            _ = try await world.dispute(deal)
            let movements = [100_000, -30_000].map {
                ImportedMovement(amount: $0, checkoutID: nil, at: .start)
            }
            _ = try await world.features.moneyImport.bring(
                [ImportedWallet(ownerID: deal.freelancer, movements: movements, isAtProvider: false)])
            #expect(try await world.wallet(deal.freelancer) == 0)
            #expect(try await world.owed(deal.freelancer) == 20_000)
        }
    }

    /// What is taken is reckoned under the wallet's lock: a payout at the same moment is before it, or after it.
    @Test func `payouts, returns and a dispute at once leave what they leave one by one`() async throws {
        try await OutsideWorld.use { world in
            for round in 1...5 {
                let deal = try await world.released()
                let owner = deal.freelancer
                try await world.payOut(30_000, to: owner, "NEFT-\(round)-0")
                _ = try await world.stripe.tell("stripe/disputes", ["payment_intent": world.intent(deal)])
                let notes: [(Int64, String, Bool)] = [
                    (30_000, "0", true), (20_000, "1", false), (30_000, "2", false), (10_000, "3", false),
                ]
                let paid = try await withThrowingTaskGroup(of: Int64.self) { group in
                    for (amount, number, isBack) in notes {
                        group.addTask {
                            do {
                                try await world.payOut(amount, to: owner, "NEFT-\(round)-\(number)", cameBack: isBack)
                                return isBack ? -amount : amount
                            } catch WalletError.notEnough {
                                return 0
                            }
                        }
                    }
                    group.addTask {
                        try await world.hear()
                        return 0
                    }
                    return try await group.reduce(30_000, +)
                }
                let (wallet, owed) = try await (world.wallet(owner), world.owed(owner))
                #expect(wallet == 0 && owed == paid, "\(wallet) and \(owed) after \(paid)")
            }
            #expect(try await world.balance(.loss(.inr)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `owners hear of a payout and of its return, once each, with what they have since`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            let owner = deal.freelancer
            for _ in 1...2 { try await world.payOut(50_000, to: owner) }
            _ = try await world.dispute(deal)
            for _ in 1...2 { try await world.payOut(50_000, to: owner, cameBack: true) }
            let told = try await world.database.all(
                """
                SELECT data->>'change' AS change, (data->>'amount_cents')::bigint AS amount,
                       (data->>'balance_cents')::bigint AS balance, data->>'reference' AS reference
                  FROM outbox WHERE name = 'wallet.paid_out' AND recipients = \([owner]) ORDER BY position
                """
            ) { row in
                try [
                    row.decode("change"), "\(row.decode("amount", as: Int64.self))",
                    "\(row.decode("balance", as: Int64.self))", row.decode("reference"),
                ] as [String]
            }
            #expect(told == [["paid", "50000", "40000", "NEFT-1"], ["came_back", "50000", "0", "NEFT-1"]])
            await #expect(throws: WalletError.notEnough(Rupees(paise: 0))) {
                try await world.payOut(1, to: owner, "NEFT-2")
            }
        }
    }

    @Test func `a loss from before is owed by the wallet's owner after the migration, and undone with its dispute`()
        async throws
    {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            let owner = deal.freelancer
            try await world.payOut(50_000, to: owner)
            let file = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../../Services/Payments/Migrations/0022_let_owners_of_wallets_owe.sql")
            let script = try String(contentsOf: file, encoding: .utf8)
            let part = try #require(script.range(of: "-- What was booked before"))
            let known = try await world.checkout(deal)
            let payment = try #require(known.payment?.intentID)
            let dispute = try #require(
                StripeDispute(["id": "dp_1", "amount": 100_000, "status": "needs_response"]))
            var taken = Withdrawal(dispute, of: .checkout(known.id), payment, .inr)
            taken.parts = known.division?.shares
            try await world.database.transaction { [taken] tx in
                try await WithdrawalStore().insert(taken, at: .start, in: tx)
                try await Ledger().post(
                    .taking(
                        taken,
                        [
                            (.loss(.inr), -50_000), (.wallet(owner, .inr), -40_000), (.revenue(.inr), -10_000),
                            (.provider(.inr), 100_000),
                        ]), at: .start, in: tx)
                try await tx.script(String(script[part.lowerBound...]), within: .seconds(60))
            }
            #expect(try await world.owed(owner) == 50_000)
            #expect(try await world.balance(.loss(.inr)) == 0)
            #expect(try await world.openCases() == [.owedByWallet])
            try await world.database.transaction { tx in
                let book = CheckoutWithdrawalBook(book: world.checkouts.mover.book)
                var checkout = try #require(try await CheckoutStore().lock(known.id, in: tx))
                let withdrawal = try #require(try await WithdrawalStore().find("dp_1", in: tx))
                try await book.undo(withdrawal, &checkout, in: tx)
                try await world.checkouts.mover.book.save(&checkout, in: tx)
            }
            #expect(try await world.wallet(owner) == 40_000)
            #expect(try await world.owed(owner) == 0)
            #expect(try await world.balance(.loss(.inr)) == 0)
            #expect(try await world.openCases().isEmpty)
        }
    }
}
