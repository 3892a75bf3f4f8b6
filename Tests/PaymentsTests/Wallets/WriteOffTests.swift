import Foundation
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: what a wallet's owner owes is a case until it is covered or given up, keeps the account from being
/// deleted as long, and is nobody's twice.
@Suite struct WriteOffTests {
    private let admin = AccountID.make(at: .start)

    /// The open case about what somebody owes.
    private func debt(in world: OutsideWorld) async throws -> EscrowCase {
        let cases = try await world.features.cases.page(isOpen: true, after: nil, limit: 50).items
        return try #require(cases.first { $0.kind == .owedByWallet })
    }

    @discardableResult
    private func writeOff(_ known: EscrowCase, in world: OutsideWorld) async throws -> EscrowCase {
        try await world.features.resolutions.resolve(known.id, by: .writeOff, because: "Gone.", admin: admin)
    }

    /// A contract brought 900 rupees, of which some were paid out, and its client's bank has taken them back.
    private func owing(
        _ paidOut: Int64 = 90_000, in world: OutsideWorld
    ) async throws -> (deal: PaidContract, dispute: String) {
        let deal = try await world.released()
        try await world.payOut(paidOut, to: deal.freelancer)
        return try await (deal, world.dispute(deal))
    }

    @Test func `an owner who owes cannot be deleted before that is given up, by an admin whom the books name`()
        async throws
    {
        try await OutsideWorld.use { world in
            let (deal, dispute) = try await owing(in: world)
            let owner = deal.freelancer
            try await world.decide(dispute, "lost")
            let wallets = world.features.wallets
            #expect(try await wallets.blockers(of: owner) == [DeletionBlocker(debtOf: 90_000)])
            #expect(try await wallets.blockers(of: deal.client).isEmpty)
            let known = try await debt(in: world)
            #expect(known.allowedActions == [.writeOff] && known.amount == .inr(paise: 90_000))
            // It is not forgotten by a note.
            let error = await #expect(throws: CaseError.stillOwed) {
                _ = try await world.features.cases.close(known.id, by: admin, "Never mind.")
            }
            #expect(error?.code == .conflict && error?.allowed == ["write_off"])
            let closed = try await writeOff(known, in: world)
            #expect(closed.note == "write_off: Gone." && closed.closedAt != nil)
            #expect(try await world.owed(owner) == 0)
            #expect(try await world.balance(.loss(.inr)) == -90_000)
            #expect(try await world.admins(of: .loss(.inr)) == [admin])
            #expect(try await wallets.blockers(of: owner).isEmpty)
            #expect(try await world.openCases() == [.disputed])
            await #expect(throws: CaseError.closed) { try await writeOff(known, in: world) }
            // What comes later is the owner's.
            _ = try await world.released(PaidContract(40_000, for: owner))
            #expect(try await world.wallet(owner) == 36_000)
            #expect(try await world.balance(.loss(.inr)) == -90_000)
            try await world.expectAgreement()
        }
    }

    @Test(arguments: [Int64(90_000), 50_000])
    func `what was given up and comes back after all is the platform's, and the rest is the owner's`(
        paidOut: Int64
    ) async throws {
        try await OutsideWorld.use { world in
            let (deal, dispute) = try await owing(paidOut, in: world)
            try await writeOff(debt(in: world), in: world)
            #expect(try await world.balance(.loss(.inr)) == -paidOut)
            try await world.decide(dispute, "won")
            #expect(try await world.balance(.loss(.inr)) == 0)
            #expect(try await world.wallet(deal.freelancer) == 90_000 - paidOut)
            #expect(try await world.owed(deal.freelancer) == 0)
            #expect(try await world.openCases().isEmpty)
            try await world.expectAgreement()
        }
    }

    @Test func `a case says what is owed still, and a debt that grows is another case`() async throws {
        try await OutsideWorld.use { world in
            let (deal, _) = try await owing(in: world)
            let owner = deal.freelancer
            let first = try await debt(in: world)
            _ = try await world.released(PaidContract(40_000, for: owner))
            let covered = try await debt(in: world)
            #expect(covered.id == first.id && covered.amount == .inr(paise: 54_000))
            let other = try await world.released(PaidContract(20_000, for: owner))
            #expect(try await debt(in: world).amount == .inr(paise: 36_000))
            _ = try await world.dispute(other)
            let grown = try await debt(in: world)
            #expect(grown.id != first.id && grown.amount == .inr(paise: 54_000))
            await #expect(throws: CaseError.closed) { try await writeOff(first, in: world) }
            try await writeOff(grown, in: world)
            #expect(try await world.owed(owner) == 0)
            #expect(try await world.balance(.loss(.inr)) == -54_000)
        }
    }

    @Test func `giving up, earning and paying out at once leave what they leave one by one`() async throws {
        try await OutsideWorld.use { world in
            for _ in 1...4 {
                let (deal, _) = try await owing(in: world)
                let owner = deal.freelancer
                let known = try await debt(in: world)
                let next = try await world.funded(PaidContract(for: owner))
                world.peers.change(next.id, status: .completed, release: .requested)
                let lost = try await world.balance(.loss(.inr))
                _ = await attempts(3) { (number: Int) -> Void in
                    switch number {
                    case 0: try await writeOff(known, in: world)
                    case 1: _ = try await world.release(next)
                    default: try await world.payOut(30_000, to: owner, "NEFT-2")
                    }
                }
                let (wallet, owed) = try await (world.wallet(owner), world.owed(owner))
                let givenUp = try await lost - world.balance(.loss(.inr))
                let paid = try await world.balance(.paidOut(.inr)) % 90_000
                #expect(owed == 0 && wallet + paid == givenUp, "\(wallet), \(paid) and \(givenUp)")
                if wallet > 0 { try await world.payOut(wallet, to: owner, "NEFT-3") }
                #expect(try await !world.openCases().contains(.owedByWallet))
            }
            try await world.expectAgreement()
        }
    }

    @Test func `debts from before that somebody closed, or that were covered in part, are cases that say what is owed`()
        async throws
    {
        try await OutsideWorld.use { world in
            let (deal, _) = try await owing(in: world)
            let other = try await world.released()
            try await world.payOut(60_000, to: other.freelancer, "NEFT-2")
            _ = try await world.dispute(other)
            try await world.database.execute(
                """
                UPDATE escrow_cases SET closed_at = opened_at, note = 'Asked.'
                 WHERE kind = 'owed_by_wallet' AND account_id = \(deal.freelancer)
                """)
            try await world.database.execute(
                "UPDATE escrow_cases SET amount_minor = 1 WHERE account_id = \(other.freelancer)")
            let file = URL(filePath: #filePath).deletingLastPathComponent()
                .appending(path: "../../../Services/Payments/Migrations/0023_give_up_debts.sql")
            let script = try String(contentsOf: file, encoding: .utf8)
            let (begin, end) = try (
                #require(script.range(of: "-- A case is there")), #require(script.range(of: "-- Before an account"))
            )
            try await world.database.transaction { tx in
                try await tx.script(
                    String(script[begin.lowerBound..<end.lowerBound]), within: .seconds(60))
            }
            let cases = try await world.features.cases.page(isOpen: true, after: nil, limit: 50).items
            let debts = cases.filter { $0.kind == .owedByWallet }
            #expect(Set(debts.map(\.accountID)) == [deal.freelancer, other.freelancer])
            #expect(Set(debts.map(\.amount)) == [.inr(paise: 90_000), .inr(paise: 60_000)])
        }
    }
}
