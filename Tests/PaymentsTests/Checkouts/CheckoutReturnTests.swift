import OutboundHTTP
import ServiceKit
import SharedModels
import Testing

@testable import PaymentsService

/// The promise under test: a payment that no contract takes is on the card again, once.
@Suite struct CheckoutReturnTests {
    /// A payment that was made after its contract was canceled.
    private func late(_ world: OutsideWorld) async throws -> PaidContract {
        let deal = try await world.opened()
        world.peers.change(deal.id, status: .canceled)
        try await world.stripe.pay(world.checkout(deal).sessionID)
        try await world.hear()
        return deal
    }

    @Test func `a payment for a canceled contract goes back to the card`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await late(world)
            #expect(try await world.checkout(deal).state == .returned)
            #expect(try await world.stripe.list("refunds").map { $0["amount"] } == [100_000])
            #expect(try await world.escrowed(deal) == 0)
            #expect(try await world.openCases().isEmpty)
            try await world.hear()
            #expect(try await world.stripe.list("refunds").count == 1)
            try await world.expectAgreement()
        }
    }

    @Test func `a second payment for a contract goes back to the card`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            // Paid in another way meanwhile.
            world.peers.change(deal.id, isPaid: true)
            try await world.stripe.pay(world.checkout(deal).sessionID)
            try await world.hear()
            #expect(try await world.checkout(deal).state == .returned)
            try await world.expectAgreement()
        }
    }

    @Test func `a refund that is on its way is in the books, and arrives`() async throws {
        try await OutsideWorld.use { world in
            try await world.stripe.tell("stripe/settings", ["refunds": "pending"])
            let deal = try await late(world)
            let checkout = try await world.checkout(deal)
            #expect(checkout.state == .returned)
            // Its money has left Stripe already.
            #expect(try await world.balance(.refunding(.checkout(checkout.id), .inr)) == 0)
            try await world.expectAgreement()
            let refund = try await world.newestRefund()
            try await world.stripe.tell("stripe/refunds/\(refund)", ["status": "succeeded"])
            try await world.hear()
            #expect(try await world.balance(.refunding(.checkout(checkout.id), .inr)) == 0)
            try await world.expectAgreement()
        }
    }

    @Test func `a refund that fails is tried again, and the second time somebody must look`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await late(world)
            for round in 1...2 {
                let refund = try await world.newestRefund()
                try await world.stripe.tell("stripe/refunds/\(refund)", ["status": "failed"])
                do {
                    try await world.hear()
                } catch CheckoutError.busy {
                    // The second event of the same waits for the attempt that the first began.
                }
                let checkout = try await world.checkout(deal)
                #expect(checkout.state == .returning)
                #expect(try await world.escrowed(deal) == 100_000)
                guard round == 1 else { continue }
                let moving = try #require(checkout.moving)
                #expect(moving == "checkout:\(checkout.id):give_back:2")
                try await world.checkouts.resume(moving)
                #expect(try await world.checkout(deal).state == .returned)
                try await world.hear()
            }
            #expect(try await world.checkout(deal).moving == nil)
            #expect(try await world.openCases() == [.refundFailed])
            try await world.expectAgreement()
        }
    }

    @Test func `a payment waits for contracts, however long that takes`() async throws {
        try await OutsideWorld.use { world in
            let deal = try await world.opened()
            world.peers.leave()
            try await world.stripe.pay(world.checkout(deal).sessionID)
            try await world.hear()
            let paid = try await world.checkout(deal)
            let moving = try #require(paid.moving)
            #expect(paid.state == .paid && moving == "checkout:\(paid.id):settle:1")
            await #expect(throws: OutboundError.self) { try await world.checkouts.resume(moving) }
            #expect(try await world.isScheduled(ResumeAction.kind, moving))
            world.peers.leave(false)
            // Its answer is lost after it has decided.
            world.peers.failLate()
            await #expect(throws: OutboundError.self) { try await world.checkouts.resume(moving) }
            try await world.checkouts.resume(moving)
            try await world.checkouts.resume(moving)
            #expect(try await world.checkout(deal).state == .funded)
            #expect(try await world.escrowed(deal) == 100_000)
            try await world.expectAgreement()
        }
    }
}
