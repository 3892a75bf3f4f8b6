import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: an admin's action does what it says, once, and only where it fits.
@Suite struct CaseResolutionTests {
    private let admin = AccountID.make(at: .start)

    private func resolve(_ known: EscrowCase, by action: CaseAction, in world: OutsideWorld) async throws -> EscrowCase
    {
        try await world.features.resolutions.resolve(known.id, by: action, because: "We looked.", admin: admin)
    }

    @Test func `a payment whose refunds failed is paid back once more`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            world.peers.change(deal.id, status: .canceled)
            try await world.stripe.pay(world.checkout(deal).sessionID)
            try await world.hear()
            for round in 1...2 {
                let refund = try await world.newestRefund()
                try await world.stripe.tell("stripe/refunds/\(refund)", ["status": "failed"])
                do {
                    try await world.hear()
                } catch CheckoutError.busy {
                    // The second event of the same waits for the attempt that the first began.
                }
                guard round == 1, let moving = try await world.checkout(deal).moving else { continue }
                try await world.checkouts.resume(moving)
                try await world.hear()
            }
            let known = try await world.onlyCase()
            #expect(known.kind == .refundFailed && known.allowedActions == [.payBack])
            let closed = try await resolve(known, by: .payBack, in: world)
            #expect(closed.closedAt != nil && closed.note == "pay_back: We looked.")
            #expect(try await world.checkout(deal).state == .returned)
            // The refunds before were nobody's wish.
            let admins = try await world.admins(of: .escrow(world.checkout(deal).id, .inr))
            #expect(admins.first == admin && admins.dropFirst().allSatisfy { $0 == nil })
            try await world.expectAgreement()
            await #expect(throws: CaseError.closed) { _ = try await resolve(known, by: .payBack, in: world) }
        }
    }

    @Test func `a payment on a page that others made is refunded, and is in no book`() async throws {
        try await OutsideWorld.use { world in
            try await world.payForeignPage()
            let known = try await world.onlyCase()
            await #expect(throws: CaseError.notPossible(.adopt, allowed: [.payBack])) {
                _ = try await resolve(known, by: .adopt, in: world)
            }
            _ = try await resolve(known, by: .payBack, in: world)
            #expect(try await world.stripe.list("refunds").map { $0["amount"] } == [700])
            try await world.expectAgreement()
        }
    }

    @Test func `what left with no deal's money is adopted as a loss, once`() async throws {
        try await OutsideWorld.use { world in
            let paid = try await world.stripe.post(
                "v1/payment_intents",
                [
                    ("amount", "5000"), ("currency", "usd"), ("payment_method", "pm_card_createDispute"),
                    ("confirm", "true"),
                ])
            #expect(paid.status == 200)
            try await world.hear()
            let known = try await world.onlyCase()
            #expect(known.kind == .unmatched && known.allowedActions == [.adopt])
            _ = try await resolve(known, by: .adopt, in: world)
            #expect(try await world.balance(.loss(.usd)) == -5_000)
            let losses = try await world.features.ledger.account("loss:usd", after: nil, limit: 10).entries.items
            #expect(losses.map(\.adminID) == [admin])
            #expect(try await world.openCases().isEmpty)
        }
    }

    @Test func `a case about which nothing can be done from here says so`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded()
            try await world.stripe.tell("stripe/disputes", ["payment_intent": world.intent(deal)])
            try await world.hear()
            let known = try await world.onlyCase()
            for action in CaseAction.allCases {
                let error = await #expect(throws: CaseError.notPossible(action, allowed: [])) {
                    _ = try await resolve(known, by: action, in: world)
                }
                #expect(error?.code == .conflict && error?.allowed == [])
            }
            let unknown = EscrowCaseID.make(at: .start)
            await #expect(throws: CaseError.notFound(unknown)) {
                _ = try await world.features.resolutions.resolve(unknown, by: .adopt, because: "x", admin: admin)
            }
        }
    }

    @Test func `a worker's account is given up, and the next link is for another one`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            try await world.onboard(deal.worker)
            let first = try await world.account(of: deal.worker)
            _ = try await world.escrows.release(deal.milestone)
            try await world.escrows.reportPayout(of: deal.milestone, "no_such_bank")
            _ = try await resolve(world.onlyCase(), by: .replaceAccount, in: world)
            _ = try await world.payees.onboardingLink(for: deal.worker)
            #expect(try await world.account(of: deal.worker) != first)
        }
    }

    @Test(arguments: [true, false])
    func `a part whose refund failed after the release is paid back, and the worker keeps the earning`(
        isSeenFirst: Bool
    ) async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 6_000))
            try await world.fail(refund: world.newestRefund())
            let known = try await world.onlyCase()
            if isSeenFirst {
                // An earlier try of the admin's was broken off after Stripe's answer.
                _ = try await world.stripe.post(
                    "v1/refunds",
                    [
                        ("payment_intent", world.payment(of: deal).string ?? ""), ("amount", "4001"),
                        ("metadata[action]", "case:\(known.id):pay_back"),
                    ])
                try await world.hear()
            }
            _ = try await resolve(known, by: .payBack, in: world)
            try await world.hear()
            #expect(try await world.stripe.list("refunds").map { $0["amount"] } == [4_001, 4_001])
            // What was broken off before says nothing of who asked.
            #expect(try await world.admins(of: .escrow(deal.milestone, .usd)).first == .some(isSeenFirst ? nil : admin))
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 5_700)
            #expect(try await world.escrow(deal).earning == .usd(cents: 5_700))
            #expect(try await world.openCases().isEmpty)
            try await world.expectAgreement()
            try await world.fail(refund: world.newestRefund())
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 4_001)
            #expect(try await world.openCases() == [.refundFailed])
            try await world.expectAgreement()
        }
    }

    @Test func `paying back an earlier payment leaves the present one alone`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            _ = try await world.escrows.cancel(deal.milestone)
            try await world.hear()
            _ = try await world.held(deal)
            try await world.fail(refund: world.newestRefund())
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 10_001)
            _ = try await resolve(world.onlyCase(), by: .payBack, in: world)
            #expect(try await world.escrow(deal).state == .held)
            #expect(try await world.admins(of: .escrow(deal.milestone, .usd)).first == admin)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            try await world.expectAgreement()
            #expect(try await world.escrows.release(deal.milestone).earning == .usd(cents: 9_501))
            try await world.expectAgreement()
        }
    }

    @Test func `a part of a contract's payment is paid back after the release, and the wallet keeps its own`()
        async throws
    {
        try await OutsideWorld.use { world in
            let deal = try await world.funded()
            try await world.stripe.tell(
                "stripe/refunds", ["payment_intent": world.intent(deal), "amount": 20_000])
            try await world.hear()
            world.peers.change(deal.id, status: .completed, release: .requested)
            _ = try await world.release(deal)
            let wallet = try await world.wallet(deal.freelancer)
            #expect(wallet == 72_000)
            try await world.fail(refund: world.newestRefund())
            #expect(try await world.escrowed(deal) == 20_000)
            _ = try await resolve(world.onlyCase(), by: .payBack, in: world)
            try await world.hear()
            #expect(try await world.escrowed(deal) == 0)
            #expect(try await world.wallet(deal.freelancer) == wallet)
            #expect(try await world.openCases().isEmpty)
            try await world.expectAgreement()
        }
    }
}
