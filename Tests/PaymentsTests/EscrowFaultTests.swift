import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import PaymentsService

/// The promise under test: neither a crash, a lost answer nor a second caller moves money twice, or loses it.
@Suite struct EscrowFaultTests {
    private func key(_ operation: String, _ deal: Deal, _ number: Int = 1) -> String {
        "milestone:\(deal.milestone):\(operation):\(number)"
    }

    @Test func `a release whose books fail after the capture is resumed, with one capture`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            try await world.breakBooks()
            await #expect(throws: PostgresError.self) { _ = try await world.escrows.release(deal.milestone) }
            #expect(world.stripe.captures == 1)
            #expect(try await world.escrow(deal).state == .held)
            #expect(
                try await world.scheduled(key("capture", deal))["action.resume"] == world.clock.now
                    + .seconds(15))
            try await world.mendBooks()
            try await world.escrows.resume(key("capture", deal))
            try await world.escrows.resume(key("capture", deal))
            #expect(try await world.escrow(deal).state == .released)
            #expect(world.stripe.captures == 1)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 9_501)
            #expect(try await world.scheduled(key("capture", deal)).isEmpty)
        }
    }

    @Test func `a payout whose books fail after the transfer is resumed, with one transfer`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            _ = try await world.escrows.release(deal.milestone)
            try await world.onboard(deal.worker)
            try await world.breakBooks()
            await #expect(throws: PostgresError.self) { try await world.escrows.payOut(deal.milestone) }
            try await world.mendBooks()
            try await world.escrows.resume(key("transfer", deal))
            try await world.escrows.payOut(deal.milestone)
            #expect(try await world.escrow(deal).state == .paid)
            #expect(world.stripe.transfers.count == 1)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 0)
        }
    }

    /// Stripe forgets idempotency keys after a day.
    @Test func `what was done is found again when the provider has forgotten that it was asked`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            _ = try await world.escrows.release(deal.milestone)
            try await world.onboard(deal.worker)
            try await world.breakBooks()
            await #expect(throws: PostgresError.self) { try await world.escrows.payOut(deal.milestone) }
            try await world.mendBooks()
            let other = try await world.held()
            try await world.escrows.captureBeforeLapse(other.milestone)
            try await world.breakBooks()
            await #expect(throws: PostgresError.self) { _ = try await world.escrows.cancel(other.milestone) }
            try await world.mendBooks()
            world.clock.advance(by: .hours(30))
            world.stripe.forgetKeys()
            try await world.escrows.resume(key("transfer", deal))
            try await world.escrows.resume(key("refund", other))
            #expect(try await world.escrow(deal).state == .paid)
            #expect(try await world.escrow(other).state == .unfunded)
            #expect(world.stripe.transfers.count == 1 && world.stripe.refunds.count == 1)
            #expect(world.stripe.calls.count { $0 == "POST /v1/transfers" || $0 == "POST /v1/refunds" } == 2)
        }
    }

    @Test(arguments: ["/capture", "/transfers", "payment_intents"])
    func `a lost answer moves nothing twice`(path: String) async throws {
        try await PaymentsWorld.with { world in
            let deal = Deal()
            // As many faults as the client makes attempts: the caller gets the error, though the provider has acted.
            if path == "payment_intents" { world.stripe.plant(.errorAfterSuccess, on: path, times: 4) }
            if path == "payment_intents" {
                await #expect(throws: ProviderError.self) {
                    _ = try await world.escrows.fund(deal.milestone, deal.input)
                }
                try await world.escrows.resume(key("authorize", deal))
            }
            _ = try await world.held(deal)
            if path == "/capture" {
                world.stripe.plant(.errorAfterSuccess, on: path, times: 4)
                await #expect(throws: ProviderError.self) {
                    _ = try await world.escrows.release(deal.milestone)
                }
                try await world.escrows.resume(key("capture", deal))
            }
            _ = try await world.escrows.release(deal.milestone)
            try await world.onboard(deal.worker)
            if path == "/transfers" {
                world.stripe.plant(.errorAfterSuccess, on: path, times: 4)
                await #expect(throws: ProviderError.self) { try await world.escrows.payOut(deal.milestone) }
                try await world.escrows.resume(key("transfer", deal))
            }
            try await world.escrows.payOut(deal.milestone)
            #expect(
                world.stripe.intents.count == 1 && world.stripe.captures == 1
                    && world.stripe.transfers.count == 1)
            #expect(try await world.balance(.provider(.usd)) == -500)
        }
    }

    @Test func `what was begun while the provider was away finishes by itself`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            try await world.onboard(deal.worker)
            world.stripe.plant(.error, on: "/v1/", times: 1000)
            await #expect(throws: ProviderError.unavailable(reason: "status 500")) {
                _ = try await world.escrows.release(deal.milestone)
            }
            world.schedule(peers: FakePeers(isNeeded: true)).register(on: world.scheduler)
            world.clock.advance(by: .seconds(20))
            try await world.scheduler.run(until: "the release is tried again") {
                world.stripe.calls.count { $0.hasSuffix("/capture") } > 4
            }
            world.stripe.heal()
            world.clock.advance(by: .seconds(20))
            try await world.scheduler.run(until: "it is released") { try await world.escrow(deal).state == .released }
            world.clock.advance(by: .days(4))
            try await world.scheduler.run(until: "it is paid out") { try await world.escrow(deal).state == .paid }
            #expect(world.stripe.captures == 1 && world.stripe.transfers.count == 1)
        }
    }

    @Test func `releases at the same time are one`() async throws {
        try await PaymentsWorld.with { world in
            let deal = try await world.held()
            let answers = try await withThrowingTaskGroup(of: Escrow.self, returning: [Escrow].self) {
                group in
                for _ in 0..<8 { group.addTask { try await world.escrows.release(deal.milestone) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map { $0.release?.at }).count == 1 && answers.count == 8)
            #expect(world.stripe.captures == 1)
            #expect(try await world.balance(.revenue(.usd)) == 500)
        }
    }

    @Test func `of release, cancel and capture at the same time only one way is gone`() async throws {
        try await PaymentsWorld.with { world in
            for _ in 0..<10 { try await race(world) }
        }
    }

    private func race(_ world: PaymentsWorld) async throws {
        let deal = try await world.held()
        let (captures, refunds) = (world.stripe.captures, world.stripe.refunds.count)
        async let released = outcome { try await world.escrows.release(deal.milestone) }
        async let cancelled = outcome { try await world.escrows.cancel(deal.milestone) }
        async let captured = outcome { try await world.escrows.captureBeforeLapse(deal.milestone) }
        let (release, cancel, _) = await (released, cancelled, captured)
        let escrow = try await world.escrow(deal)
        #expect(escrow.moving == nil)
        #expect(try await world.balance(.escrow(deal.milestone, .usd)) == 0)
        if (try? release.get()) != nil {
            #expect(escrow.state == .released && world.stripe.captures == captures + 1)
            #expect((try? cancel.get()) == nil)
            #expect(try await world.balance(.payable(deal.worker, .usd)) == 9_501)
        } else {
            // The money that was captured before the cancel arrived has gone back.
            let isCaptured = world.stripe.captures - captures
            #expect(escrow.state == .unfunded && world.stripe.refunds.count - refunds == isCaptured)
            #expect((try? cancel.get()) != nil)
        }
    }
}
