import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: a contract's money is released or divided once, as contracts decides, and is in the wallets to
/// the paisa.
@Suite struct CheckoutDivisionTests {
    /// A completed contract whose client has asked for the release.
    private func requested(_ world: OutsideWorld) async throws -> PaidContract {
        let deal = try await world.funded()
        world.peers.change(deal.id, status: .completed, release: .requested)
        return deal
    }

    @Test func `a release leaves the fee to the platform and the rest to the freelancer's wallet`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await requested(world)
            let admin = AccountID.make(at: .start)
            let released = try await world.release(deal, by: admin)
            #expect(released.state == .released)
            #expect(try await world.wallet(deal.freelancer) == 90_000)
            // The books name who released it, and nobody for the client's payment.
            #expect(try await world.admins(of: .wallet(deal.freelancer, .inr)) == [admin])
            #expect(try await world.admins(of: .escrow(world.checkout(deal).id, .inr)) == [admin, nil])
            #expect(try await world.balance(.revenue(.inr)) == 10_000)
            #expect(try await world.escrowed(deal) == 0)
            #expect(world.peers.contract(deal.id)?.releaseFundStatus == .approved)
            await #expect(throws: CheckoutError.alreadyReleased) { _ = try await world.release(deal) }
            await #expect(throws: CheckoutError.alreadyReleased) { _ = try await world.refund(deal) }
            try await world.expectAgreement()
        }
    }

    @Test func `a release that the client has not asked for is refused by contracts`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded()
            for _ in 0..<2 {
                let refusal = await #expect(throws: PeerRefusal.self) {
                    _ = try await world.release(deal)
                }
                #expect(refusal?.code == .badRequest)
            }
            #expect(try await world.checkout(deal).moving == nil)
            #expect(try await world.escrowed(deal) == 100_000)
            world.peers.change(deal.id, status: .completed, release: .requested)
            #expect(try await world.release(deal).state == .released)
        }
    }

    @Test func `a contract without money in escrow is a 404`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            await #expect(throws: CheckoutError.notFound(deal.id)) { _ = try await world.release(deal) }
            await #expect(throws: CheckoutError.notFound(deal.id)) { _ = try await world.refund(deal) }
        }
    }

    @Test(arguments: [
        (CheckoutContractStatus.pending, Int64(90_000), Int64(0)), (.started, 76_500, 13_500),
        (.ongoing, 54_000, 36_000),
    ])
    func `a refund divides the money by the contract's progress`(
        stage: CheckoutContractStatus, client: Int64, freelancer: Int64
    ) async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded(PaidContract(status: stage))
            let refunded = try await world.refund(deal)
            #expect(refunded.state == .refunded)
            #expect(try await world.wallet(deal.client) == client)
            #expect(try await world.wallet(deal.freelancer) == freelancer)
            #expect(try await world.balance(.revenue(.inr)) == 10_000)
            #expect(try await world.escrowed(deal) == 0)
            #expect(world.peers.contract(deal.id)?.status == .canceled)
            let told = world.peers.cancellation(of: deal.id)
            #expect(told == CheckoutCancellation(by: .client, reason: "No time", description: "Sorry"))
            await #expect(throws: CheckoutError.alreadyRefunded) { _ = try await world.refund(deal) }
            await #expect(throws: CheckoutError.alreadyRefunded) { _ = try await world.release(deal) }
            try await world.expectAgreement()
        }
    }

    @Test func `a completed contract is not refunded`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await requested(world)
            let refusal = await #expect(throws: PeerRefusal.self) { _ = try await world.refund(deal) }
            #expect(refusal?.code == .badRequest)
            #expect(try await world.checkout(deal).cancellation == nil)
        }
    }

    @Test func `only an admin and the contract's client can refund it`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded()
            let stranger = AccountID.make(at: .start)
            await #expect(throws: CheckoutError.notForFreelancers) {
                _ = try await world.refund(deal, by: .freelancer(deal.freelancer))
            }
            await #expect(throws: CheckoutError.otherClient) {
                _ = try await world.refund(deal, by: .client(stranger))
            }
            let none = Checkout.Cancellation(reason: "", description: "")
            await #expect(throws: CheckoutError.notFound(deal.id)) {
                _ = try await world.checkouts.refund(deal.id, to: stranger, because: none, by: .client(stranger))
            }
            await #expect(throws: CheckoutError.otherClient) {
                _ = try await world.checkouts.refund(deal.id, to: stranger, because: none, by: .admin)
            }
            let admin = Principal.admin
            #expect(try await world.refund(deal, by: admin).state == .refunded)
            #expect(try await world.admins(of: .wallet(deal.client, .inr)) == [admin.accountID])
            let other = try await world.funded()
            _ = try await world.refund(other)
            #expect(try await world.admins(of: .wallet(other.client, .inr)) == [nil])
        }
    }

    @Test func `releases and refunds at once move the money once`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.funded(PaidContract(status: .ongoing))
            let tried = await attempts(8) { number in
                if number.isMultiple(of: 2) {
                    world.peers.change(deal.id, status: .completed, release: .requested)
                    return try await world.release(deal)
                }
                return try await world.refund(deal)
            }
            #expect(!tried.successes.isEmpty)
            let state = try await world.checkout(deal).state
            #expect(state == .released || state == .refunded)
            #expect(tried.successes.allSatisfy { $0.state == state })
            let wallets = try await world.wallet(deal.client) + world.wallet(deal.freelancer)
            let fee = try await world.balance(.revenue(.inr))
            #expect(wallets + fee == 100_000)
            #expect(try await world.escrowed(deal) == 0)
        }
    }

    @Test(arguments: [true, false])
    func `a process that dies between the steps is taken over`(isRelease: Bool) async throws {
        try await OutsideWorld.use { world in
            let deal = try await isRelease ? requested(world) : world.funded(PaidContract(status: .started))
            let admin = AccountID.make(at: .start)
            @Sendable func move() async throws -> Checkout {
                try await isRelease ? world.release(deal, by: admin) : world.refund(deal)
            }
            // Before contracts hears, after it has decided, and before the books have it.
            world.peers.fail()
            await #expect(throws: OutboundError.self) { _ = try await move() }
            let moving = try #require(try await world.checkout(deal).moving)
            world.peers.failLate()
            await #expect(throws: OutboundError.self) { try await world.checkouts.resume(moving) }
            try await world.breakCheckouts()
            await #expect(throws: PostgresError.self) { try await world.checkouts.resume(moving) }
            #expect(try await world.escrowed(deal) == 100_000)
            try await world.mendCheckouts()
            _ = await attempts(3) { try await world.checkouts.resume(moving) }
            #expect(try await world.checkout(deal).moving == nil)
            #expect(try await world.wallet(deal.freelancer) == (isRelease ? 90_000 : 13_500))
            #expect(try await world.wallet(deal.client) == (isRelease ? 0 : 76_500))
            // Whoever takes it over, it is done for who asked.
            let admins = try await world.admins(of: .wallet(deal.freelancer, .inr))
            #expect(admins == [isRelease ? admin : nil])
            #expect(try await world.balance(.revenue(.inr)) == 10_000)
            #expect(try await world.escrowed(deal) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `the sweep finds what nobody was going to resume`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await requested(world)
            world.peers.fail()
            await #expect(throws: OutboundError.self) { _ = try await world.release(deal) }
            let moving = try #require(try await world.checkout(deal).moving)
            try await world.database.execute("DELETE FROM scheduled WHERE key = \(moving)")
            try await world.database.execute("UPDATE actions SET started_at = started_at - interval '1 hour'")
            try await world.features.sweep.run()
            #expect(try await world.isScheduled(ResumeAction.kind, moving))
        }
    }
}

extension OutsideWorld {
    /// Makes every end of an action fail: the process cannot store what was decided.
    func breakCheckouts() async throws { try await database.breakMoves(of: "checkouts") }
    func mendCheckouts() async throws { try await database.mendMoves(of: "checkouts") }
}
