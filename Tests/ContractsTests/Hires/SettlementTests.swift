import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: money is taken for one hire, once, and what nobody can take goes back.
@Suite struct SettlementTests {
    // MARK: Quotes

    @Test func `a hire is quoted at its own price, to its own client, for its own freelancer`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.hired()
            #expect(
                try await deals.settlements.quote(deals.offer(hire))
                    == CheckoutQuote(contractID: hire.id, jobTitle: "Compiler work"))
            await #expect(throws: SettlementError.otherAmount(.inr(paise: 100_000))) {
                try await deals.settlements.quote(deals.offer(hire, amount: 99_999))
            }
            let stranger = AccountID.make(at: .start)
            await #expect(throws: SettlementError.othersJob) {
                try await deals.settlements.quote(
                    CheckoutOffer(
                        jobID: hire.jobID, clientUserID: stranger, freelancerUserID: deals.worker, amount: 100_000))
            }
            await #expect(throws: SettlementError.otherFreelancer) {
                try await deals.settlements.quote(
                    CheckoutOffer(
                        jobID: hire.jobID, clientUserID: deals.client, freelancerUserID: stranger, amount: 100_000))
            }
            _ = try await deals.pay(hire)
            await #expect(throws: SettlementError.isPaid) { try await deals.settlements.quote(deals.offer(hire)) }
        }
    }

    @Test func `a job without a hire is quoted at any price, as jobs allows it`() async throws {
        try await Deals.with { deals in
            let job = GigID.make(at: .start)
            let quote = try await deals.settlements.quote(deals.offer(for: job, amount: 4_200))
            #expect(quote == CheckoutQuote(contractID: nil, jobTitle: "Compiler work"))
            deals.hirePeers.change { $0.jobsFault = PeerRefusal.sample(.forbidden) }
            await #expect(throws: PeerRefusal.self) { try await deals.settlements.quote(deals.offer(for: job)) }
        }
    }

    // MARK: Payments

    @Test func `a payment is attached to its hire, which starts when it is approved`() async throws {
        try await Deals.with { deals in
            let first = try await deals.hired()
            let paid = try await deals.pay(first)
            #expect(paid.isAccepted && paid.hire?.status == .pending && paid.hire?.isPaid == true)
            let started = try await deals.hires.approve(first.id, by: deals.worker, expecting: anyVersion)
            #expect(started.status == .started)

            let second = try await deals.approvedHire()
            #expect(try await deals.pay(second).hire?.status == .started)
        }
    }

    @Test func `a repeat decides the same, and shows the hire as it is then`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.approvedHire()
            let id = CheckoutID.make(at: .start)
            let first = try await deals.pay(hire, as: id)
            let repeated = await attempts(8) { try await deals.pay(hire, as: id) }
            #expect(repeated.successes == Array(repeating: first, count: 8))
            _ = try await deals.hires.set(.ongoing, of: hire.id, by: deals.worker, expecting: anyVersion)
            let later = try await deals.pay(hire, as: id)
            #expect(later.isAccepted && later.hire?.status == .ongoing)
            #expect(try await deals.hireNews().filter(\.isPaid).count == 2)
        }
    }

    @Test func `of two payments at once one is taken, and the other goes back for ever`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.hired()
            let ids = [CheckoutID.make(at: .start), .make(at: .start)]
            let settled = await attempts(2) { try await deals.pay(hire, as: ids[$0]) }
            #expect(settled.failures.isEmpty)
            #expect(settled.successes.count(where: \.isAccepted) == 1)
            for id in ids {
                let before = try await deals.pay(hire, as: id).isAccepted
                #expect(try await deals.pay(hire, as: id).isAccepted == before)
            }
        }
    }

    @Test func `a payment of another price, or for another freelancer or client, goes back`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.hired()
            let stranger = AccountID.make(at: .start)
            let offers = [
                deals.offer(hire, amount: 99_999),
                CheckoutOffer(
                    jobID: hire.jobID, clientUserID: deals.client, freelancerUserID: stranger, amount: 100_000),
                CheckoutOffer(
                    jobID: hire.jobID, clientUserID: stranger, freelancerUserID: deals.worker, amount: 100_000),
            ]
            for offer in offers {
                let settlement = try await deals.settlements.settle(.make(at: .start), offer)
                #expect(!settlement.isAccepted && settlement.hire == hire)
            }
            #expect(try await deals.hire(hire.id) == hire)
        }
    }

    @Test func `a payment for a canceled hire goes back, and makes no new one`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.hired()
            try await deals.cancel(hire)
            let settlement = try await deals.pay(hire)
            #expect(!settlement.isAccepted && settlement.hire?.status == .canceled)
            #expect(try await deals.hires.find(of: hire.jobID, by: deals.client) == nil)
        }
    }

    @Test func `who pays first has the hire made at what was paid, once`() async throws {
        try await Deals.with { deals in
            let job = GigID.make(at: .start)
            let id = CheckoutID.make(at: .start)
            let made = await attempts(6) {
                try await deals.settlements.settle(id, deals.offer(for: job, amount: 4_200))
            }
            #expect(made.failures.isEmpty && made.successes.allSatisfy(\.isAccepted))
            #expect(Set(made.successes.map(\.hire?.id)).count == 1)
            let hire = try #require(made.successes.first?.hire)
            #expect(hire.amount == Money.inr(paise: 4_200) && hire.status == .pending && hire.isPaid)
            #expect(hire.jobID == job && hire.jobTitle == "Compiler work")
            #expect(try await deals.count(.contractCreated) == 1)
            let approved = try await deals.hires.approve(hire.id, by: deals.worker, expecting: anyVersion)
            #expect(approved.status == .started)
            let second = try await deals.settlements.settle(.make(at: .start), deals.offer(for: job, amount: 4_200))
            #expect(!second.isAccepted && second.hire?.id == hire.id)
        }
    }

    @Test func `who pays while the hire is being made pays for that one`() async throws {
        try await Deals.with { deals in
            let job = GigID.make(at: .start)
            deals.hirePeers.change { state in
                state.reservesForAll = true
                state.meanwhile = { _ = try await deals.hired(for: job) }
            }
            let id = CheckoutID.make(at: .start)
            let settlement = try await deals.settlements.settle(id, deals.offer(for: job))
            #expect(settlement.isAccepted && settlement.hire?.id != ContractID(id.uuid))
            #expect(try await deals.count(.contractCreated) == 1)
        }
    }

    @Test func `a payment for a job that jobs refuses goes back, and repeats agree`() async throws {
        try await Deals.with { deals in
            let job = GigID.make(at: .start)
            let id = CheckoutID.make(at: .start)
            deals.hirePeers.change { $0.jobsFault = PeerRefusal.sample(.badRequest) }
            for _ in 0..<2 {
                let settlement = try await deals.settlements.settle(id, deals.offer(for: job))
                #expect(!settlement.isAccepted && settlement.hire == nil)
                deals.hirePeers.change { $0.jobsFault = nil }
            }
        }
    }

    @Test func `while jobs is away or keeps the job for another hire, nothing is decided`() async throws {
        try await Deals.with { (deals) async throws in
            let job = GigID.make(at: .start)
            let id = CheckoutID.make(at: .start)
            deals.hirePeers.change { $0.jobsFault = OutboundError.timedOut }
            await #expect(throws: OutboundError.self) { try await deals.settlements.settle(id, deals.offer(for: job)) }
            deals.hirePeers.change { $0.jobsFault = PeerRefusal.sample(.conflict) }
            await #expect(throws: SettlementError.undecided) {
                try await deals.settlements.settle(id, deals.offer(for: job))
            }
            deals.hirePeers.change { $0.jobsFault = nil }
            #expect(try await deals.settlements.settle(id, deals.offer(for: job)).isAccepted)
        }
    }

    @Test func `a payment waits while a party is being deleted, and goes back once it is gone`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.hired()
            let departure = DepartureID.make(at: .start)
            _ = try await deals.departures.depart(deals.worker, as: departure)
            let id = CheckoutID.make(at: .start)
            await #expect(throws: SettlementError.undecided) { try await deals.pay(hire, as: id) }
            try await leave(deals.worker, in: deals)
            #expect(try await !deals.pay(hire, as: id).isAccepted)
        }
    }

    // MARK: Releases and refunds

    @Test func `money is released when the work is completed and the client has asked, once`() async throws {
        try await Deals.with { deals in
            await #expect(throws: HireError.notFound) { try await deals.settlements.release(.make(at: .start)) }
            for early in [try await deals.hired(), try await deals.startedHire(), try await deals.ongoingHire()] {
                await #expect(throws: SettlementError.notCompleted(early.status)) {
                    try await deals.settlements.release(early.id)
                }
            }
            let hire = try await deals.completedHire()
            await #expect(throws: SettlementError.notRequested) { try await deals.settlements.release(hire.id) }
            try await deals.hires.requestRelease(of: hire.id, by: deals.client, expecting: anyVersion)
            let released = await attempts(5) { try await deals.settlements.release(hire.id) }
            #expect(released.failures.isEmpty && Set(released.successes.map(\.version)).count == 1)
            #expect(try await deals.hire(hire.id).release == .approved)
        }
    }

    @Test func `a refund fixes the stage under the lock, and a repeat tells it again`() async throws {
        try await Deals.with { deals in
            let reason = HireCancellation(by: .client, reason: "Requested by client", description: "")
            let pending = try #require(try await deals.pay(try await deals.hired()).hire)
            for hire in [pending, try await deals.startedHire(), try await deals.ongoingHire()] {
                for _ in 0..<2 {
                    let (canceled, stage) = try await deals.settlements.cancel(hire.id, reason)
                    #expect(canceled.status == .canceled && canceled.release == .approved)
                    #expect(canceled.cancellation == reason && canceled.deletedAt == nil)
                    #expect(stage == hire.status)
                }
            }
        }
    }

    @Test func `what is not paid, completed or canceled before is not refunded`() async throws {
        try await Deals.with { deals in
            let unpaid = try await deals.hired()
            await #expect(throws: SettlementError.notPaid) { try await deals.settlements.cancel(unpaid.id, .none) }
            let completed = try await deals.completedHire()
            await #expect(throws: SettlementError.notDivisible(.completed)) {
                try await deals.settlements.cancel(completed.id, .none)
            }
            try await deals.cancel(unpaid)
            await #expect(throws: SettlementError.notDivisible(.canceled)) {
                try await deals.settlements.cancel(unpaid.id, .none)
            }
            await #expect(throws: HireError.notFound) { try await deals.settlements.cancel(.make(at: .start), .none) }
        }
    }

    @Test func `of a refund and the last step of the work at once one happens`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.ongoingHire()
            let moved = await attempts(2) { index in
                if index == 0 {
                    _ = try await deals.hires.set(.completed, of: hire.id, by: deals.worker, expecting: anyVersion)
                } else {
                    _ = try await deals.settlements.cancel(hire.id, .none)
                }
            }
            #expect(moved.successes.count == 1 && moved.failures.count == 1)
        }
    }
}

extension Deals {
    func cancel(_ hire: Hire) async throws {
        try await hires.cancel(hire.id, reason: "", description: "", by: client, expecting: anyVersion)
    }
}
