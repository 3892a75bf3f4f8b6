import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: an answer that tells nothing ends nothing, and nothing is done twice because of it.
@Suite struct UnknownAnswerTests {
    private func key(_ operation: String, _ deal: Deal, _ number: Int = 1) -> String {
        "milestone:\(deal.milestone):\(operation):\(number)"
    }

    /// Released, and its worker can be paid.
    private func released(in world: PaymentsWorld) async throws -> Deal {
        let deal = try await world.held()
        _ = try await world.escrows.release(deal.milestone)
        try await world.onboard(deal.worker)
        return deal
    }

    @Test func `a refusal after an attempt that may have been carried out refuses nothing`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await released(in: world)
            world.stripe.plant(.errorAfterSuccess, on: "/transfers")
            world.stripe.plant(.refuse, on: "/transfers")
            await #expect(throws: ProviderError.self) { try await world.escrows.payOut(deal.milestone) }
            #expect(try await world.escrow(deal).moving == key("transfer", deal))
            try await world.escrows.resume(key("transfer", deal))
            #expect(try await world.escrow(deal).state == .paid)
            #expect(world.stripe.transfers.map(\.amount) == [9_501])
        }
    }

    @Test func `the same holds for a refund`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            try await world.escrows.captureBeforeLapse(deal.milestone)
            world.stripe.plant(.errorAfterSuccess, on: "/refunds")
            world.stripe.plant(.refuse, on: "/refunds")
            await #expect(throws: ProviderError.self) { _ = try await world.escrows.cancel(deal.milestone) }
            try await world.escrows.resume(key("refund", deal))
            #expect(try await world.escrow(deal).state == .unfunded)
            #expect(world.stripe.refunds == ["pi_1": 10_001])
        }
    }

    @Test(arguments: [true, false])
    func `a payout whose worker is lost meanwhile ends, as what it is at Stripe`(isMade: Bool) async throws {
        try await PaymentsWorld.with { world in
            let deal = try await released(in: world)
            world.stripe.plant(isMade ? .errorAfterSuccess : .notStripe, on: "/transfers")
            if isMade { world.stripe.plant(.refuse, on: "/transfers") }
            await #expect(throws: ProviderError.self) { try await world.escrows.payOut(deal.milestone) }
            let payees = PayeeStore()
            let account = try #require(try await payees.find(deal.worker, in: world.database)?.stripeAccountID)
            _ = try await world.database.transaction { tx in
                try await payees.markSuspended(account, at: world.clock.now, in: tx)
            }
            if isMade {
                try await world.escrows.resume(key("transfer", deal))
            } else {
                await #expect(throws: ProviderError.self) { try await world.escrows.resume(key("transfer", deal)) }
                #expect(try await world.escrow(deal).moving == nil)
                await #expect(throws: PayeeError.notOnboarded(deal.worker)) {
                    try await world.escrows.payOut(deal.milestone)
                }
                _ = try await world.database.transaction { tx in
                    try await payees.markOnboarded(account, at: world.clock.now, in: tx)
                }
                try await world.escrows.payOut(deal.milestone)
            }
            #expect(try await world.escrow(deal).state == .paid)
            #expect(world.stripe.transfers.map(\.amount) == [9_501])
        }
    }

    @Test(arguments: ["/transfers", "/capture"])
    func `a 404 that is not Stripe's is no refusal`(path: String) async throws {
        try await PaymentsWorld.with { world in
            let deal = path == "/capture" ? try await world.held() : try await released(in: world)
            world.stripe.plant(.notStripe, on: path)
            await #expect(throws: ProviderError.unavailable(reason: "status 404")) {
                if path == "/capture" {
                    _ = try await world.escrows.release(deal.milestone)
                } else {
                    try await world.escrows.payOut(deal.milestone)
                }
            }
            let moving = try #require(try await world.escrow(deal).moving)
            try await world.escrows.resume(moving)
            #expect(try await world.escrow(deal).state == (path == "/capture" ? .released : .paid))
            #expect(world.stripe.captures == 1)
        }
    }

    @Test(arguments: [FakeStripe.Fault.refuse, .unauthorized, .notStripe])
    func `a read that fails does not end an action`(fault: FakeStripe.Fault) async throws {
        try await PaymentsWorld.with { world in
            let deal = try await released(in: world)
            world.stripe.plant(fault, on: "/transfers", reading: true)
            await #expect(throws: ProviderError.self) { try await world.escrows.payOut(deal.milestone) }
            #expect(try await world.escrow(deal).moving == key("transfer", deal))
            // Nothing is asked to move while it is not known whether it has.
            #expect(world.stripe.transfers.isEmpty)
            world.schedule(peers: FakePeers()).register(on: world.scheduler)
            world.clock.advance(by: .seconds(16))
            try await world.scheduler.run(until: "it is paid") { try await world.escrow(deal).state == .paid }
        }
    }

    @Test(arguments: ["transfers", "refunds", "capture", "payment_intents"])
    func `a stored fault does not bind: the next number takes its place at once`(path: String) async throws {
        try await PaymentsWorld.with { world in
            let deal = path == "payment_intents" ? Deal() : try await world.held()
            world.stripe.plant(.storedError, on: path)
            switch path {
            case "transfers":
                _ = try await world.escrows.release(deal.milestone)
                try await world.onboard(deal.worker)
                try await world.escrows.payOut(deal.milestone)
                #expect(try await world.escrow(deal).state == .paid && world.stripe.transfers.count == 1)
            case "refunds":
                try await world.escrows.captureBeforeLapse(deal.milestone)
                #expect(try await world.escrows.cancel(deal.milestone).state == .unfunded)
                #expect(world.stripe.refunds == ["pi_1": 10_001])
            case "capture":
                #expect(try await world.escrows.release(deal.milestone).state == .released)
                #expect(world.stripe.captures == 1)
            default:
                #expect(try await world.escrows.fund(deal.milestone, deal.input).state == .authorizing)
                #expect(world.stripe.intents.count == 1)
            }
            let states: [ActionState] = try await world.database.all(
                "SELECT state FROM actions WHERE milestone_id = \(deal.milestone) ORDER BY started_at, number"
            ) { try $0.decode("state") }
            #expect(states.filter { $0 == .failed }.count == 1 && !states.contains(.started))
            #expect(try await world.escrow(deal).moving == nil)
        }
    }

    @Test func `a stored fault of a charge asks the card under the next number`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            let dispute = DisputeID.make(at: world.clock.now)
            try await world.arbitration.charge(dispute, to: deal.input.clientUserID, .usd(cents: 15_000))
            world.stripe.plant(.storedError, on: "payment_intents")
            try await world.arbitration.collect(dispute)
            let failed = try await world.arbitration.fee(of: dispute)
            #expect(failed.state == .owed && failed.refusals == 0)
            #expect(try await world.scheduled("\(dispute)") == [CollectFee.kind: world.clock.now])
            try await world.arbitration.collect(dispute)
            #expect(try await world.arbitration.fee(of: dispute).state == .collected)
            #expect(world.stripe.charges.map(\.action) == ["dispute:\(dispute):charge:2"])
        }
    }

    @Test func `an action that nobody was going to resume is resumed`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            try await world.breakBooks()
            await #expect(throws: PostgresError.self) { _ = try await world.escrows.release(deal.milestone) }
            try await world.mendBooks()
            try await world.scheduler.cancel(ResumeAction(key("capture", deal)), in: world.database)
            #expect(try await world.features.sweep.oldestAction() == .zero)
            world.schedule(peers: FakePeers()).register(on: world.scheduler)
            world.clock.advance(by: .seconds(61))
            #expect(try await world.features.sweep.oldestAction() == .seconds(61))
            try await world.scheduler.run(until: "it is released") { try await world.escrow(deal).state == .released }
            #expect(try await world.features.sweep.oldestAction() == .zero)
            #expect(world.stripe.captures == 1)
        }
    }

    @Test func `a key that Stripe does not take makes the service not ready until it takes it`() async throws {
        try await PaymentsWorld.with { world in
            #expect(world.features.standing.isKeyTaken)
            world.stripe.plant(.unauthorized, on: "/events", reading: true)
            await #expect(throws: ProviderError.self) { try await world.features.eventReader.read() }
            #expect(!world.features.standing.isKeyTaken)
            // Stripe being away says nothing about the key.
            world.stripe.plant(.error, on: "/events", times: 4, reading: true)
            await #expect(throws: ProviderError.self) { try await world.features.eventReader.read() }
            #expect(!world.features.standing.isKeyTaken)
            try await world.features.eventReader.read()
            #expect(world.features.standing.isKeyTaken)
        }
    }

    @Test func `what a broken-off division gave back is not taken back by another one`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            try await world.escrows.captureBeforeLapse(deal.milestone)
            try await world.breakBooks()
            await #expect(throws: (any Error).self) {
                _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 6_000))
            }
            try await world.mendBooks()
            try await world.escrows.resume(key("refund", deal))
            await #expect(throws: EscrowError.amountIsSettled(deal.milestone)) {
                _ = try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 9_000))
            }
            #expect(try await world.escrow(deal).state == .escrowed)
            #expect(try await world.escrows.settle(deal.milestone, workersShare: .usd(cents: 5_000)).state == .released)
            #expect(world.stripe.refunds == ["pi_1": 5_001])
        }
    }
}
