import Foundation
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: what somebody earned in a month is what the books say, to the cent, whatever went back later.
@Suite struct EarningsTests {
    /// All that somebody ever earned, in one currency.
    private func earned(
        _ owner: AccountID, _ currency: Currency, in world: OutsideWorld
    ) async throws -> (sums: EarningsSums, earnings: Earnings?) {
        let span = try EarningsSpan(
            from: CalendarMonth(of: world.clock.now).adding(months: -119), to: nil, at: world.clock.now)
        let all = try await world.features.earnings.earnings(of: owner, in: span)
        for one in all { try await expectExact(one, of: owner, in: world) }
        let known = all.first { $0.currency == currency }
        return (known?.months.map(\.sums).reduce(EarningsSums(), +) ?? EarningsSums(), known)
    }

    private func expect(
        _ owner: AccountID, _ currency: Currency = .usd, earned: Int64, paidOut: Int64 = 0, refunded: Int64 = 0,
        payments: Int64 = 1, in world: OutsideWorld, _ comment: Comment? = nil
    ) async throws {
        let sums = try await self.earned(owner, currency, in: world).sums
        let wanted = EarningsSums(earned: earned, refunded: refunded, paidOut: paidOut, payments: payments)
        #expect(sums == wanted, comment)
    }

    /// The sums are those of the raw entries, and what was earned and did not leave is what the accounts hold.
    private func expectExact(_ earnings: Earnings, of owner: AccountID, in world: OutsideWorld) async throws {
        let accounts = EarningsStore.accounts(of: owner).filter { $0.unit == LedgerUnit(earnings.currency) }
        var balance: Int64 = 0
        for account in accounts { balance += try await world.balance(account) }
        #expect(earnings.balance == balance)
        let whole = earnings.months.map(\.sums).reduce(EarningsSums(), +)
        #expect(whole.earned + whole.refunded - whole.paidOut == balance)
        let recounted = try await recount(accounts, of: owner, in: world)
        #expect(earnings.months.map(\.month) == recounted.keys.sorted())
        for month in earnings.months { #expect(month.sums == recounted[month.month], "\(month.month)") }
    }

    private func recount(
        _ accounts: [LedgerAccount], of owner: AccountID, in world: OutsideWorld
    ) async throws -> [CalendarMonth: EarningsSums] {
        var months: [CalendarMonth: EarningsSums] = [:]
        for account in accounts {
            var cursor: PageCursor?
            repeat {
                let page = try await Ledger().page(of: account.id, after: cursor, limit: 100, in: world.database)
                for entry in page.items {
                    let checkout = try await CheckoutStore().find(CheckoutID(entry.subject), in: world.database)
                    months[CalendarMonth(of: entry.at), default: EarningsSums()].add(
                        entry, asClient: checkout?.clientID == owner)
                }
                cursor = page.nextCursor.flatMap { PageCursor($0) }
            } while cursor != nil
        }
        return months
    }

    // MARK: - Milestones

    @Test func `a milestone counts after the fee when it is released, and is paid out when the money leaves`()
        async throws
    {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed(Deal(payoutDelayDays: 0))
            #expect(try await earned(deal.worker, .usd, in: world).earnings?.held == 10_001)
            try await expect(deal.worker, earned: 0, payments: 0, in: world)
            _ = try await world.escrows.release(deal.milestone)
            try await expect(deal.worker, earned: 9_501, in: world)
            let released = try await earned(deal.worker, .usd, in: world).earnings
            #expect(released?.held == 0 && released?.balance == 9_501)
            try await world.onboard(deal.worker)
            try await world.escrows.payOut(deal.milestone)
            try await expect(deal.worker, earned: 9_501, paidOut: 9_501, in: world)
            #expect(try await earned(deal.input.clientUserID, .usd, in: world).earnings == nil)
        }
    }

    @Test func `what is refunded of a released milestone was not earned`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            _ = try await world.escrows.release(deal.milestone)
            try await world.stripe.tell(
                "stripe/refunds", ["payment_intent": world.payment(of: deal), "amount": 4_001])
            try await world.hear()
            try await world.hear()
            try await expect(deal.worker, earned: 5_700, in: world)
        }
    }

    @Test(arguments: ["won", "lost"])
    func `a dispute takes what was paid out, and a dispute that is won gives it back`(outcome: String) async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.paid()
            let made = try await world.stripe.tell("stripe/disputes", ["payment_intent": world.payment(of: deal)])
            let dispute = try #require(made["id"]?.string)
            try await world.hear()
            try await expect(deal.worker, earned: 0, paidOut: 9_501, in: world, "it is owed")
            try await world.features.reversals.reverse(for: dispute)
            try await expect(deal.worker, earned: 0, paidOut: 0, in: world, "it was taken back")
            try await world.decide(dispute, outcome)
            if outcome == "won" {
                try await expect(deal.worker, earned: 9_501, paidOut: 0, in: world, "it is the worker's again")
                try await world.escrows.payOut(deal.milestone)
                try await expect(deal.worker, earned: 9_501, paidOut: 9_501, in: world, "it was paid again")
            } else {
                try await expect(deal.worker, earned: 0, paidOut: 0, in: world, "it is lost")
            }
            try await world.expectAgreement()
        }
    }

    @Test func `what could not be paid out and went back to the client was not earned`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed(Deal(payoutDelayDays: 0))
            _ = try await world.escrows.release(deal.milestone)
            await #expect(throws: PayeeError.notOnboarded(deal.worker)) {
                try await world.escrows.payOut(deal.milestone)
            }
            try await world.stripe.advance(seconds: EscrowWorkflow.patience.components.seconds)
            try await world.escrows.reportPayee(of: deal.milestone)
            let known = try #require(
                try await world.features.cases.page(isOpen: true, after: nil, limit: 2).items.first)
            _ = try await world.features.resolutions.resolve(
                known.id, by: .giveBack, because: "Nobody there.", admin: .make(at: .start))
            try await expect(deal.worker, earned: 0, in: world)
        }
    }

    // MARK: - Hires

    @Test func `a hire counts when it is released, and its wallet's payouts, returns and disputes are told apart`()
        async throws
    {
        try await OutsideWorld.use { world in
            let deal = try await world.funded()
            #expect(try await earned(deal.freelancer, .inr, in: world).earnings?.held == 100_000)
            world.peers.change(deal.id, status: .completed, release: .requested)
            _ = try await world.release(deal)
            try await expect(deal.freelancer, .inr, earned: 90_000, in: world)
            try await world.payOut(50_000, to: deal.freelancer)
            try await expect(deal.freelancer, .inr, earned: 90_000, paidOut: 50_000, in: world)
            let dispute = try await world.dispute(deal)
            try await expect(deal.freelancer, .inr, earned: 0, paidOut: 50_000, in: world)
            #expect(try await earned(deal.freelancer, .inr, in: world).earnings?.balance == -50_000)
            try await world.payOut(50_000, to: deal.freelancer, cameBack: true)
            try await expect(deal.freelancer, .inr, earned: 0, paidOut: 0, in: world)
            try await world.decide(dispute, "won")
            try await expect(deal.freelancer, .inr, earned: 90_000, paidOut: 0, in: world)
        }
    }

    @Test func `a canceled contract's parts are earned by one side and given back to the other`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded(PaidContract(status: .started))
            _ = try await world.refund(deal)
            try await expect(deal.freelancer, .inr, earned: 13_500, in: world)
            try await expect(deal.client, .inr, earned: 0, refunded: 76_500, payments: 0, in: world)
            let dispute = try await world.dispute(deal)
            try await expect(deal.client, .inr, earned: 0, refunded: 0, payments: 0, in: world)
            try await expect(deal.freelancer, .inr, earned: 0, in: world)
            try await world.decide(dispute, "lost")
            try await expect(deal.client, .inr, earned: 0, refunded: 0, payments: 0, in: world)
        }
    }

    @Test func `what an import brings is in the months in which it happened`() async throws {
        try await OutsideWorld.use { world in
            let owner = AccountID.make(at: .start)
            let (first, second) = (Timestamp.start - .days(400), Timestamp.start - .days(40))
            let wallet = ImportedWallet(
                ownerID: owner,
                movements: [
                    ImportedMovement(amount: 5_000, checkoutID: nil, at: first),
                    ImportedMovement(amount: -1_000, checkoutID: nil, at: second),
                ], isAtProvider: false)
            #expect(try await world.features.moneyImport.bring([wallet]) == [.imported])
            let months = try #require(try await earned(owner, .inr, in: world).earnings?.months)
            #expect(months.map(\.month) == [CalendarMonth(of: first), CalendarMonth(of: second)])
            #expect(months.map(\.sums) == [EarningsSums(earned: 5_000), EarningsSums(paidOut: 1_000)])
        }
    }

    // MARK: - What is asked, and what is kept

    @Test func `only the months that are asked for are counted, and what there is now is there whatever they are`()
        async throws
    {
        try await OutsideWorld.use { world in
            let deal = try await world.paid(Deal(payoutDelayDays: 0))
            let now = CalendarMonth(of: world.clock.now)
            let before = try EarningsSpan(
                from: now.adding(months: -3), to: now.adding(months: -1), at: world.clock.now)
            let earnings = try await world.features.earnings.earnings(of: deal.worker, in: before)
            #expect(earnings == [Earnings(currency: .usd)])
            #expect(before.months.count == 3)
            #expect(try await world.features.earnings.earnings(of: .make(at: .start), in: before).isEmpty)
        }
    }

    @Test func `a span has an order and at most a hundred and twenty months`() throws {
        let (now, month) = (Timestamp.start, CalendarMonth(of: .start))
        let usual = try EarningsSpan(from: nil, to: nil, at: now)
        #expect(usual.to == month && usual.months.count == 12 && usual.months.first == month.adding(months: -11))
        #expect(try EarningsSpan(from: month.adding(months: -119), to: nil, at: now).months.count == 120)
        #expect(try EarningsSpan(from: month.adding(months: 7), to: nil, at: now).months == [month.adding(months: 7)])
        #expect(throws: EarningsError.tooLong) {
            try EarningsSpan(from: month.adding(months: -120), to: nil, at: now)
        }
        #expect(throws: EarningsError.endsBeforeItBegins) {
            try EarningsSpan(from: month, to: month.adding(months: -1), at: now)
        }
        #expect(EarningsError.tooLong.code == .validationFailed && EarningsError.tooLong.issues.map(\.path) == ["from"])
    }

    @Test func `nobody but an entry changes a month's sums`() async throws {
        try await OutsideWorld.use { world in
            _ = try await world.released()
            for statement in ["UPDATE ledger_months SET earned = 1", "DELETE FROM ledger_months"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await world.database.transaction { try await $0.script(statement, within: .seconds(60)) }
                }
                #expect(error?.constraint == "moved_by_entries", "\(statement)")
            }
        }
    }

    /// The migration adds up what was posted before it.
    @Test func `what an upgrade counts of old entries is what would have been counted`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.paid()
            _ = try await world.refund(try await world.funded(PaidContract(status: .ongoing)))
            let hire = try await world.released()
            try await world.payOut(50_000, to: hire.freelancer)
            _ = try await world.dispute(hire)
            let counted = try await sums(world)
            let file = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../../Services/Payments/Migrations/0024_sum_months.sql")
            let migration = try String(contentsOf: file, encoding: .utf8)
            let start = try #require(migration.range(of: "\nINSERT INTO ledger_months"))
            let end = try #require(migration.range(of: ";\n", range: start.upperBound..<migration.endIndex))
            let count = String(migration[start.lowerBound..<end.lowerBound])
            try await world.database.transaction { tx in
                try await tx.script(
                    """
                    ALTER TABLE ledger_months DISABLE TRIGGER ALL; DELETE FROM ledger_months; \(count);
                    ALTER TABLE ledger_months ENABLE TRIGGER ALL
                    """, within: .seconds(60))
            }
            #expect(try await sums(world) == counted && counted.count >= 5)
            try await expect(deal.worker, earned: 9_501, paidOut: 9_501, in: world)
        }
    }

    private func sums(_ world: OutsideWorld) async throws -> [String] {
        try await world.database.all(
            "SELECT row_to_json(m)::text AS line FROM ledger_months m ORDER BY account_id, month"
        ) { try $0.decode("line") }
    }
}

extension EarningsSums {
    /// What one entry means, decided here once more for each kind of posting.
    fileprivate mutating func add(_ entry: AccountEntry, asClient: Bool) {
        switch entry.kind {
        case .transfer, .transferReversed, .walletPaid, .walletPaymentReturned: paidOut -= entry.amount
        case .opening where entry.amount < 0, .openingEarning where entry.amount < 0: paidOut -= entry.amount
        case .release, .division, .openingEarning:
            if asClient { refunded += entry.amount } else { earned += entry.amount }
            if !asClient, entry.amount > 0 { payments += 1 }
        case .opening, .refund, .refundFailed, .dispute, .disputeWon, .debtCovered, .writtenOff, .correction:
            if asClient { refunded += entry.amount } else { earned += entry.amount }
        case .capture, .refundArrived, .arbitration, .arbitrationPaid, .stripeFee, .openingCredits, .creditsSpent,
            .creditsGranted:
            Issue.record("\(entry.kind) moves nothing that is somebody's")
        }
    }
}
