import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: a disputed milestone's money goes where the decision says, to the cent, and once.
@Suite struct SettlementTests {
    @Test(arguments: [true, false])
    func `a split gives each side its part, held or captured`(isCaptured: Bool) async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            if isCaptured { try await world.escrows.captureBeforeLapse(deal.milestone) }
            let settled = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 6_000))
            #expect(settled.state == .released && settled.returned == .usd(cents: 4_001))
            #expect(settled.release?.fee == .usd(cents: 300) && settled.earning == .usd(cents: 5_700))
            #expect(world.stripe.refunds == ["pi_1": 4_001])
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 5_700)
            #expect(try await world.balance(.provider(.usd)) == -6_000)
            let again = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 6_000))
            #expect(again == settled && world.stripe.captures == 1)
            await #expect(throws: EscrowError.amountIsSettled(deal.milestone)) {
                _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 5_999))
            }
            try await world.onboard(deal.worker)
            try await world.escrows.payOut(deal.milestone)
            #expect(world.stripe.transfers.map(\.amount) == [5_700])
        }
    }

    @Test func `nothing for the worker lets the hold go`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            #expect(try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 0)).state == .unfunded)
            #expect(world.stripe.intents.map(\.status) == ["canceled"] && world.stripe.captures == 0)
        }
    }

    @Test func `all for the worker is a release`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            let settled = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 10_001))
            #expect(settled.earning == .usd(cents: 9_501))
            #expect(world.stripe.refunds.isEmpty)
        }
    }

    @Test func `more than there is, and money that is not there, are refused`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            await #expect(throws: EscrowError.shareTooLarge(deal.milestone)) {
                _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 10_002))
            }
            let unpaid = Deal()
            _ = try await world.escrows.fund(unpaid.milestone, unpaid.input)
            await #expect(throws: EscrowError.illegalMove(.init(.authorizing, .release))) {
                _ = try await world.escrows.settle(unpaid.milestone, workersShare: .usd(cents: 1))
            }
            #expect(world.stripe.captures == 0)
        }
    }

    @Test func `a split whose books fail after the refund is resumed, with one refund`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            try await world.escrows.captureBeforeLapse(deal.milestone)
            try await world.breakBooks()
            await #expect(throws: (any Error).self) {
                _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 1))
            }
            try await world.mendBooks()
            try await world.escrows.resume("milestone:\(deal.milestone):refund:1")
            #expect(try await world.escrow(deal).returned == .usd(cents: 10_000))
            #expect(try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 1)).state == .released)
            #expect(world.stripe.refunds == ["pi_1": 10_000])
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 1)
        }
    }

    @Test func `what a broken-off split has left goes back as well, is booked, and can be paid again`()
        async throws
    {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            try await world.escrows.captureBeforeLapse(deal.milestone)
            try await world.breakBooks()
            await #expect(throws: (any Error).self) {
                _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 6_000))
            }
            try await world.mendBooks()
            try await world.escrows.resume("milestone:\(deal.milestone):refund:1")
            let escrow = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 0))
            #expect(escrow.state == .unfunded && escrow.returned.isZero)
            #expect(world.stripe.refunds == ["pi_1": 10_001])
            #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
            #expect(try await world.balance(.provider(.usd)) == 0)
            _ = try await world.held(deal)
            #expect(try await world.escrows.release(deal.milestone).earning == .usd(cents: 9_501))
        }
    }

    /// The provider has forgotten the key of the second refund, which never reached it.
    @Test func `a refund is not taken for an earlier one of the same size`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held(Deal(amount: 10_000))
            try await world.escrows.captureBeforeLapse(deal.milestone)
            try await world.breakBooks()
            await #expect(throws: (any Error).self) {
                _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 5_000))
            }
            try await world.mendBooks()
            try await world.escrows.resume("milestone:\(deal.milestone):refund:1")
            world.stripe.plant(.error, on: "/refunds", times: 4)
            await #expect(throws: ProviderError.self) {
                _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 0))
            }
            world.stripe.heal()
            #expect(world.stripe.refunds == ["pi_1": 5_000])
            world.clock.advance(by: .hours(30))
            world.stripe.forgetKeys()
            try await world.escrows.resume("milestone:\(deal.milestone):refund:2")
            #expect(world.stripe.refunds == ["pi_1": 10_000])
            #expect(try await world.escrow(deal).state == .unfunded)
            #expect(try await world.balance(.provider(.usd)) == 0)
        }
    }
}
