import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: money has a way out of every wallet, once, and a way back.
@Suite struct WalletPayoutTests {
    @Test func `a wallet that was paid out is empty, and its owner's account can be deleted`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            let admin = AccountID.make(at: .start)
            for reference in ["NEFT-1", "NEFT-1", " NEFT-1\n"] {
                #expect(try await world.payOut(90_000, to: deal.freelancer, reference, by: admin) == 0)
            }
            let entries = try await Ledger().page(
                of: LedgerAccount.paidOut(.inr).id, after: nil, limit: 10, in: world.database)
            #expect(entries.items.map(\.amount) == [90_000] && entries.items.map(\.action) == ["NEFT-1"])
            // Who reads the books sees who noted it, and who released what was earned.
            #expect(entries.items.map(\.adminID) == [admin])
            let earned = try await Ledger().page(
                of: LedgerAccount.wallet(deal.freelancer, .inr).id, after: nil, limit: 10, in: world.database)
            let names = earned.items.compactMap(\.adminID)
            #expect(names.first == admin && Set(names).count == 2)
            #expect(try await world.features.wallets.blockers(of: deal.freelancer).isEmpty)
            let wallet = try await world.features.wallets.wallet(of: deal.freelancer, for: deal.freelancer)
            #expect(wallet.moves.map(\.description) == ["Paid out", "Payment of contract CON12345678"])
            // What contracts brought is not less by it.
            let months = try await world.features.wallets.months(of: deal.freelancer, for: deal.freelancer)
            #expect(months.map(\.total.minorUnits) == [90_000])
            // Stripe has no part in it.
            try await world.expectAgreement()
        }
    }

    @Test func `a payout that came back is in the wallet again, and is paid under another reference`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            let owner = deal.freelancer
            #expect(try await world.payOut(40_000, to: owner) == 50_000)
            for _ in 1...2 { #expect(try await world.payOut(40_000, to: owner, cameBack: true) == 90_000) }
            #expect(try await world.balance(.paidOut(.inr)) == 0)
            await #expect(throws: WalletError.cameBack) { try await world.payOut(40_000, to: owner) }
            #expect(try await world.payOut(40_000, to: owner, "NEFT-2") == 50_000)
            #expect(try await world.balance(.paidOut(.inr)) == 40_000)
        }
    }

    @Test func `more than a wallet has, another amount and what never left are refused`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            let owner = deal.freelancer
            await #expect(throws: WalletError.notEnough(Rupees(paise: 90_000))) {
                try await world.payOut(90_001, to: owner)
            }
            await #expect(throws: WalletError.notEnough(Rupees(paise: 0))) {
                try await world.payOut(1, to: deal.client)
            }
            for account in [owner, deal.client] {
                await #expect(throws: WalletError.neverPaidOut) {
                    try await world.payOut(1, to: account, cameBack: true)
                }
            }
            try await world.payOut(30_000, to: owner)
            for cameBack in [false, true] {
                await #expect(throws: WalletError.otherAmount(Rupees(paise: 30_000))) {
                    try await world.payOut(30_001, to: owner, cameBack: cameBack)
                }
            }
            #expect(try await world.wallet(owner) == 60_000)
            #expect(WalletError.notEnough(Rupees(paise: 5)).publicMessage.contains("0.05 rupees"))
        }
    }

    @Test func `payouts at once under their own references never take more than there is`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            let paid = await withTaskGroup(of: Bool.self) { group in
                for number in 1...4 {
                    group.addTask { (try? await world.payOut(40_000, to: deal.freelancer, "NEFT-\(number)")) != nil }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(paid == 2)
            #expect(try await world.wallet(deal.freelancer) == 10_000)
        }
    }
}
