import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: wallets and admins' reports show what the books have, to the paisa and to nobody else.
@Suite struct WalletTests {
    private func inr(_ paise: Int64) -> Money { Money(minorUnits: paise, currency: .inr) }

    @Test func `a wallet shows what came and what left, newest first`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            world.peers.add(
                Person(userID: deal.client, userType: .client, name: "Chandra", email: "c@example.com", picture: ""))
            try await world.stripe.tell("stripe/disputes", ["payment_intent": world.intent(deal)])
            try await world.hear()
            let wallet = try await world.features.wallets.wallet(of: deal.freelancer, for: deal.freelancer)
            #expect(wallet.balance == inr(0))
            #expect(wallet.moves.map(\.amount) == [inr(-90_000), inr(90_000)])
            #expect(wallet.moves.allSatisfy { $0.checkout?.deal?.contractID == deal.id })
            let (page, count) = try await world.features.wallets.movements(
                of: wallet.id, for: deal.freelancer, after: nil, skipping: 0, limit: 1)
            #expect(count == 2 && page.items.map(\.amount) == [inr(-90_000)] && page.nextCursor != nil)
            #expect(page.items.first?.client?.name == "Chandra")
            let second = try await world.features.wallets.movements(
                of: wallet.id, for: deal.freelancer, after: page.nextCursor.flatMap { PageCursor($0) }, skipping: 0,
                limit: 1)
            #expect(second.0.items.map(\.amount) == [inr(90_000)] && second.0.nextCursor == nil)
            let skipped = try await world.features.wallets.movements(
                of: wallet.id, for: deal.freelancer, after: nil, skipping: 1, limit: 1)
            #expect(skipped.0.items.map(\.amount) == [inr(90_000)])
            #expect(page.items.first?.description == "Taken back by the client's bank: payment of contract CON12345678")
        }
    }

    @Test func `names are empty while nobody can tell them, and the rest is there`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            world.peers.leave()
            let (page, _) = try await world.features.wallets.movements(
                of: WalletID(deal.freelancer.uuid), for: deal.freelancer, after: nil, skipping: 0, limit: 50)
            #expect(page.items.count == 1 && page.items.first?.client == nil)
            let (records, count) = try await world.features.reports.page(after: nil, skipping: 0, limit: 50)
            #expect(count == 1 && records.items.first?.contract == nil && records.items.first?.deal.number != nil)
        }
    }

    @Test func `an account without a wallet has an empty one, and nobody sees another's`() async throws {
        try await OutsideWorld.use { world in
            let (mine, other) = (AccountID.make(at: .start), AccountID.make(at: .start))
            let wallet = try await world.features.wallets.wallet(of: mine, for: mine)
            #expect(wallet.balance == inr(0) && wallet.moves.isEmpty && wallet.createdAt == .start)
            #expect(try await world.features.wallets.months(of: mine, for: mine).isEmpty)
            await #expect(throws: WalletError.notYours) {
                _ = try await world.features.wallets.wallet(of: mine, for: other)
            }
            await #expect(throws: WalletError.notYours) {
                _ = try await world.features.wallets.months(of: mine, for: other)
            }
            await #expect(throws: WalletError.notYours) {
                _ = try await world.features.wallets.movements(
                    of: wallet.id, for: other, after: nil, skipping: 0, limit: 50)
            }
        }
    }

    @Test func `reports add up to what the books have`() async throws {
        try await OutsideWorld.use { world in
            let reports = world.features.reports
            let first = try await world.released(PaidContract(100_000))
            _ = try await world.released(PaidContract(33_333))
            let refunded = try await world.funded(PaidContract(100_000, status: .started))
            _ = try await world.refund(refunded)
            let waiting = try await world.funded(PaidContract(50_000))
            #expect(try await reports.revenue() == inr(10_000 + 3_333 + 10_000))
            #expect(try await world.balance(.revenue(.inr)) == 23_333)
            #expect(try await reports.balance() == inr(50_000))
            #expect(try await world.escrowed(waiting) == 50_000)

            let month = try #require(try await reports.months().first)
            #expect(try await reports.months().count == 1 && month.count == 2)
            #expect(month.gross == inr(133_333) && month.fees == inr(13_333) && month.earnings == inr(120_000))
            let income = try await world.features.wallets.months(of: first.freelancer, for: first.freelancer)
            #expect(income == [WalletIncome(month: month.month, total: inr(90_000), count: 1)])

            let (page, count) = try await reports.page(after: nil, skipping: 0, limit: 3)
            #expect(count == 4 && page.items.count == 3)
            #expect(page.items.first?.deal.contractID == waiting.id)
            let rest = try await reports.page(
                after: page.nextCursor.flatMap { PageCursor($0) }, skipping: 0, limit: 3)
            #expect(rest.0.items.map(\.deal.contractID) == [first.id] && rest.0.nextCursor == nil)
            try await world.expectAgreement()
        }
    }

    @Test func `money in escrow and in a wallet keeps an account from being deleted`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded(PaidContract(status: .started))
            for account in [deal.client, deal.freelancer] {
                #expect(
                    try await world.checkouts.blockers(of: account) == [DeletionBlocker(.money, of: nil, in: deal.id)])
            }
            _ = try await world.refund(deal)
            #expect(try await world.checkouts.blockers(of: deal.client).isEmpty)
            #expect(
                try await world.features.wallets.blockers(of: deal.freelancer) == [DeletionBlocker(walletOf: 13_500)])
        }
    }

    @Test func `a contract's ledger has its payment, and shows parties no other balances`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            let entries = try await world.features.ledger.entries(of: [], [], paidFor: deal.id, isWhole: false)
            #expect(entries.map(\.kind) == [.capture, .capture, .release, .release, .release])
            #expect(entries.filter { $0.account.hasPrefix("escrow:") }.allSatisfy { $0.balance != nil })
            #expect(entries.filter { !$0.account.hasPrefix("escrow:") }.allSatisfy { $0.balance == nil })
            let whole = try await world.features.ledger.entries(of: [], [], paidFor: deal.id, isWhole: true)
            #expect(whole.allSatisfy { $0.balance != nil })
        }
    }
}
