import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: when others take a payment's money back, in any order and with any end, the deal has what is
/// left of it, and the platform lost what left beyond it. The same money is never in both.
@Suite struct ExcessTests {
    /// Somebody takes money of a payment back.
    private func take(_ path: String, _ payment: JSONValue, _ amount: Int64? = nil, in world: OutsideWorld) async throws
        -> String
    {
        var members = [JSONMember("payment_intent", payment)]
        if let amount { members.append(JSONMember("amount", .integer(amount))) }
        let made = try await world.stripe.tell("stripe/" + path, .object(members))
        try await world.hear()
        return try #require(made["id"]?.string)
    }

    private func end(_ id: String, _ outcome: String, in world: OutsideWorld) async throws {
        let isRefund = id.hasPrefix("re_")
        let member = JSONMember(isRefund ? "status" : "outcome", .string(outcome))
        try await world.stripe.tell("stripe/\(isRefund ? "refunds" : "disputes")/\(id)", .object([member]))
        try await world.hear()
    }

    @Test func `a refund beside a dispute that is won afterwards is the deal's, and no loss`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let payment = try await world.payment(of: deal)
            let dispute = try await take("disputes", payment, in: world)
            _ = try await take("refunds", payment, 4_001, in: world)
            #expect(try await world.balance(.loss(.usd)) == -4_001)
            #expect(try await world.openCases().contains(.tooMuchWithdrawn))
            try await end(dispute, "won", in: world)
            #expect(try await world.balance(.loss(.usd)) == 0)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 6_000)
            #expect(try await world.escrow(deal).rest == .usd(cents: 6_000))
            #expect(try await world.openCases().isEmpty)
            #expect(try await world.escrows.release(deal.milestone).earning == .usd(cents: 5_700))
            try await world.expectAgreement()
        }
    }

    @Test func `a refund of everything beside a dispute that is won leaves the milestone unpaid`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let payment = try await world.payment(of: deal)
            let dispute = try await take("disputes", payment, 6_000, in: world)
            _ = try await take("refunds", payment, in: world)
            #expect(try await world.escrow(deal).state == .escrowed)
            try await end(dispute, "won", in: world)
            let escrow = try await world.escrow(deal)
            #expect(escrow.state == .unfunded && !escrow.isFrozen)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.balance(.loss(.usd)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `a refund beside a dispute takes no other deal's money from the worker`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let other = try await world.escrowed(Deal(to: deal.worker))
            for deal in [deal, other] { _ = try await world.escrows.release(deal.milestone) }
            let payment = try await world.payment(of: deal)
            _ = try await take("disputes", payment, in: world)
            let refund = try await take("refunds", payment, 4_001, in: world)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 9_501)
            #expect(try await world.balance(.revenue(.usd)) == 500)
            #expect(try await world.balance(.loss(.usd)) == -4_001)
            try await end(refund, "failed", in: world)
            #expect(try await world.balance(.loss(.usd)) == 0)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 9_501)
            try await world.expectAgreement()
        }
    }

    @Test func `what a failed refund brings back covers a dispute that was lost`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed()
            let payment = try await world.payment(of: deal)
            let dispute = try await take("disputes", payment, in: world)
            let refund = try await take("refunds", payment, 4_001, in: world)
            try await end(dispute, "lost", in: world)
            #expect(try await world.escrow(deal).state == .unfunded)
            try await end(refund, "failed", in: world)
            #expect(try await world.escrow(deal).state == .unfunded)
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.balance(.loss(.usd)) == 0)
            #expect(try await world.openCases() == [.disputed])
            try await world.expectAgreement()
        }
    }

    @Test func `parts that left one by one and come back one by one leave the fee that is due`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed(Deal(payoutDelayDays: 0))
            _ = try await world.escrows.release(deal.milestone)
            let payment = try await world.payment(of: deal)
            let first = try await take("refunds", payment, 19, in: world)
            _ = try await take("refunds", payment, 33, in: world)
            try await end(first, "failed", in: world)
            #expect(try await world.isScheduled(PayOut.kind, "\(deal.milestone)"))
            try await world.onboard(deal.worker)
            try await world.escrows.payOut(deal.milestone)
            // 5 % of 9,968, rounded down.
            #expect(try await world.balance(.revenue(.usd)) == 498)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 0)
            #expect(try await world.stripe.list("transfers").map { $0["amount"] } == [9_470])
            try await world.expectAgreement()
        }
    }

    @Test func `a part that left before the payout and comes back after it is owed, and a case`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.escrowed(Deal(payoutDelayDays: 0))
            _ = try await world.escrows.release(deal.milestone)
            let refund = try await take("refunds", world.payment(of: deal), 4_001, in: world)
            try await world.onboard(deal.worker)
            try await world.escrows.payOut(deal.milestone)
            try await end(refund, "failed", in: world)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 0)
            #expect(try await world.balance(.receivable(deal.worker, .usd)) == 3_801)
            #expect(try await world.openCases() == [.owedToWorker])
            try await world.expectAgreement()
        }
    }

    // MARK: - Any order

    private enum Place: CaseIterable {
        case escrow, released, paid
    }

    /// What left of a payment and may come back, by Stripe's ids.
    private struct Away {
        var refunds: [String: Int64] = [:]
        var disputes: [String: Int64] = [:]
        var lost: Int64 = 0
        var all: Int64 { refunds.values.reduce(0, +) + disputes.values.reduce(0, +) + lost }
    }

    /// Something that somebody may do now.
    ///
    /// - Parameter isOurs: Whether our books have the payment's money, so that some of it can leave.
    private func disturb(
        _ payment: JSONValue, isOurs: Bool, _ away: inout Away, _ random: inout SeededGenerator,
        in world: OutsideWorld
    ) async throws {
        let rest = 10_001 - away.refunds.values.reduce(0, +)
        let amount = Bool.random(using: &random) ? rest : Int64.random(in: 1...max(1, rest), using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0 where isOurs && rest > 0:
            away.refunds[try await take("refunds", payment, amount, in: world)] = amount
        case 1 where isOurs && rest > 0 && away.disputes.isEmpty:
            away.disputes[try await take("disputes", payment, amount, in: world)] = amount
        case 0...3:
            guard let id = away.refunds.keys.sorted().randomElement(using: &random) else { return }
            try await end(id, "failed", in: world)
            away.refunds[id] = nil
        default:
            guard let (id, taken) = away.disputes.first else { return }
            let isWon = Bool.random(using: &random)
            try await end(id, isWon ? "won" : "lost", in: world)
            away.disputes[id] = nil
            if !isWon { away.lost += taken }
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `in any order a milestone's accounts have what is left of its payment`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        for place in Place.allCases {
            var (away, next) = (Away(), random)
            try await OutsideWorld.use { (world) async throws in
                let deal = try await place == .paid ? world.paid() : world.escrowed()
                if place == .released { _ = try await world.escrows.release(deal.milestone) }
                let payment = try await world.payment(of: deal)
                for step in 1...8 {
                    let isOurs = try await world.escrow(deal).state != .unfunded
                    try await disturb(payment, isOurs: isOurs, &away, &next, in: world)
                    let left = max(0, 10_001 - away.all)
                    let fee = try await world.balance(.revenue(.usd))
                    var known = fee + (place == .paid ? 9_501 : 0)
                    for account in [
                        LedgerAccount.escrow(deal.milestone, .usd), .payable(deal.worker, .usd),
                        .receivable(deal.worker, .usd),
                    ] {
                        known += try await world.balance(account)
                    }
                    #expect(known == left, "seed \(seed), \(place), step \(step)")
                    #expect(
                        try await world.balance(.loss(.usd)) == min(0, 10_001 - away.all),
                        "seed \(seed), \(place), step \(step)")
                    if place != .escrow { #expect(fee == left * 500 / 10_000, "seed \(seed), \(place), step \(step)") }
                    try await world.expectAgreement()
                }
            }
            random = next
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `in any order a contract's accounts have what is left of its payment`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        for place in CheckoutState.allCases where [.funded, .released, .refunded].contains(place) {
            var (away, next) = (Away(), random)
            try await OutsideWorld.use { (world) async throws in
                let deal = try await world.funded(PaidContract(10_001, status: .ongoing))
                if place == .refunded { _ = try await world.refund(deal) }
                if place == .released {
                    world.peers.change(deal.id, status: .completed, release: .requested)
                    _ = try await world.release(deal)
                }
                let payment = try await world.intent(deal)
                for step in 1...8 {
                    try await disturb(payment, isOurs: true, &away, &next, in: world)
                    let left = max(0, 10_001 - away.all)
                    let wallets = try await world.wallet(deal.client) + world.wallet(deal.freelancer)
                    let known = try await world.escrowed(deal) + wallets + world.balance(.revenue(.inr))
                    #expect(known == left, "seed \(seed), \(place), step \(step)")
                    #expect(
                        try await world.balance(.loss(.inr)) == min(0, 10_001 - away.all),
                        "seed \(seed), \(place), step \(step)")
                    let checkout = try await world.checkout(deal)
                    if let shares = checkout.division?.shares {
                        #expect(shares.whole == checkout.rest, "seed \(seed), \(place), step \(step)")
                    }
                    try await world.expectAgreement()
                }
            }
            random = next
        }
    }

    @Test func `a refund that fails gives a share back whole, also what the wallet could not give`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.released()
            try await world.payOut(70_000, to: deal.freelancer)
            let refund = try await take("refunds", world.intent(deal), 40_000, in: world)
            #expect(try await world.wallet(deal.freelancer) == 0)
            #expect(try await world.owed(deal.freelancer) == 16_000)
            #expect(try await world.balance(.loss(.inr)) == 0)
            #expect(try await world.checkout(deal).division?.shares.freelancer.minorUnits == 54_000)
            try await end(refund, "failed", in: world)
            #expect(try await world.wallet(deal.freelancer) == 20_000)
            #expect(try await world.owed(deal.freelancer) == 0)
            let checkout = try await world.checkout(deal)
            #expect(checkout.division?.shares.freelancer.minorUnits == 90_000)
            #expect(checkout.division?.shares.whole == checkout.rest && checkout.rest.minorUnits == 100_000)
            #expect(try await world.openCases().isEmpty)
            try await world.expectAgreement()
        }
    }
}
