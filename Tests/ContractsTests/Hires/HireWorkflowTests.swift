import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport
import Testing

@testable import ContractsService

/// The promise under test: a hire does what its state allows to whom it belongs, and nothing else.
@Suite struct HireWorkflowTests {
    // MARK: Hiring

    @Test func `a hire begins as Pending, at its price, under a number`() async throws {
        try await Deals.with { deals in
            let job = GigID.make(at: .start)
            let hire = try await deals.hired(for: job)
            #expect(hire.status == .pending && hire.release == .notRequested)
            #expect(hire.jobID == job && hire.jobTitle == "Compiler work" && hire.amount == .rupees(1000))
            #expect(hire.number.wholeMatch(of: /CON\d{8}/) != nil)
            #expect(!hire.isApproved && !hire.isPaid && hire.history.isEmpty)
            #expect(try await deals.hire(hire.id) == hire)
            #expect(try await deals.hires.find(of: job, by: deals.client) == hire)
            #expect(try await deals.hires.find(of: job, by: deals.worker) == nil)
        }
    }

    /// - Parameter reservesForAll: Whether jobs fails to keep all but one away.
    @Test(arguments: [false, true])
    func `of a hundred calls at once for one job, one hires`(reservesForAll: Bool) async throws {
        try await Deals.with { (deals) async throws in
            deals.hirePeers.change { $0.reservesForAll = reservesForAll }
            let job = GigID.make(at: .start)
            let made = await attempts(100) { try await deals.hired(for: job) }
            #expect(made.successes.count == 1 && made.failures.count == 99)
            #expect(made.failures.allSatisfy { ($0 as? HireError) == .jobIsTaken })
            #expect(try await deals.count(.contractCreated) == 1)
        }
    }

    @Test func `a canceled hire makes room for the next`() async throws {
        try await Deals.with { deals in
            let job = GigID.make(at: .start)
            let first = try await deals.hired(for: job)
            try await deals.cancel(first)
            deals.hirePeers.change { $0.reserved = [:] }
            #expect(try await deals.hired(for: job).id != first.id)
        }
    }

    @Test(arguments: [ErrorCode.badRequest, .forbidden, .notFound])
    func `what jobs refuses is refused in its words`(code: ErrorCode) async throws {
        try await Deals.with { (deals) async throws in
            deals.hirePeers.change { $0.jobsFault = PeerRefusal.sample(code, "Jobs says no.") }
            let refusal = await #expect(throws: PeerRefusal.self) { try await deals.hired() }
            #expect(refusal?.code == code && refusal?.publicMessage == "Jobs says no.")
            #expect(try await deals.hireNews().isEmpty)
        }
    }

    @Test func `a number that is taken is drawn again`() async throws {
        try await Deals.with { deals in
            let numbers = Shared(["CON00000001", "CON00000001", "CON00000001", "CON00000002"])
            var book = deals.settlements.book
            book.number = { numbers.change { $0.removeFirst() } }
            let drawing = book
            func add() async throws -> Hire? {
                try await deals.database.transaction { tx in
                    let job = HiredJob(jobID: .make(at: .start), title: "Compiler work", rate: 100_000)
                    return try await drawing.add(
                        { number in
                            Hire(
                                id: .make(at: .start), number: number, of: job, between: .sample, for: .rupees(1),
                                at: .start)
                        }, in: tx)
                }
            }
            let (first, second) = (try await add(), try await add())
            #expect(first?.number == "CON00000001" && second?.number == "CON00000002")
        }
    }

    // MARK: Approving and working

    @Test func `only its freelancer approves, a repeat changes nothing, and a stranger finds nothing`() async throws {
        try await Deals.with { deals in
            let id = try await deals.hired().id
            await #expect(throws: HireError.notYours(.approve)) {
                try await deals.hires.approve(id, by: deals.client, expecting: anyVersion)
            }
            await #expect(throws: HireError.notFound) {
                try await deals.hires.approve(id, by: .make(at: .start), expecting: anyVersion)
            }
            let approved = await attempts(4) {
                try await deals.hires.approve(id, by: deals.worker, expecting: anyVersion)
            }
            #expect(approved.failures.isEmpty && Set(approved.successes.map(\.version)) == [2])
            #expect(try await deals.count(.contractUpdated) == 1)
            try await deals.cancel(try await deals.hire(id))
            await #expect(throws: HireError.notNow(.approve, .canceled, allowed: [])) {
                try await deals.hires.approve(id, by: deals.worker, expecting: anyVersion)
            }
        }
    }

    @Test func `an approval and a payment at once start it once`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.hired()
            let done = await attempts(2) { index in
                if index == 0 {
                    _ = try await deals.hires.approve(hire.id, by: deals.worker, expecting: anyVersion)
                } else {
                    _ = try await deals.pay(hire)
                }
            }
            #expect(done.failures.isEmpty)
            let started = try await deals.hire(hire.id)
            #expect(started.status == .started && started.version == 3)
        }
    }

    @Test func `the freelancer says how far the work is, a step at a time`() async throws {
        try await Deals.with { deals in
            func set(_ status: CheckoutContractStatus, _ id: ContractID) async throws -> Hire {
                try await deals.hires.set(status, of: id, by: deals.worker, expecting: anyVersion)
            }
            let waiting = try await deals.approvedHire()
            await #expect(throws: HireError.notSettable(.started, from: .pending, allowed: ["Canceled"])) {
                _ = try await set(.started, waiting.id)
            }
            let started = try await deals.startedHire()
            #expect(try await set(.started, started.id) == started)
            for status in [CheckoutContractStatus.pending, .completed] {
                await #expect(throws: HireError.notSettable(status, from: .started, allowed: ["Ongoing"])) {
                    _ = try await set(status, started.id)
                }
            }
            let ongoing = try await set(.ongoing, started.id)
            await #expect(throws: HireError.notSettable(.ongoing, from: .ongoing, allowed: ["Completed"])) {
                _ = try await set(.ongoing, ongoing.id)
            }
            let completed = try await set(.completed, ongoing.id)
            #expect(completed.history.map(\.status) == [.started, .ongoing, .completed])
            for status in CheckoutContractStatus.allCases {
                await #expect(throws: HireError.notSettable(status, from: .completed, allowed: [])) {
                    _ = try await set(status, completed.id)
                }
            }
            await #expect(throws: HireError.notYours(.updateStatus)) {
                try await deals.hires.set(.ongoing, of: started.id, by: deals.client, expecting: anyVersion)
            }
        }
    }

    // MARK: Canceling

    @Test func `each party cancels what is not paid, with its reason, and lists leave it out`() async throws {
        try await Deals.with { deals in
            for (party, by) in [(deals.client, CheckoutCanceller.client), (deals.worker, .freelancer)] {
                let id = try await deals.hired().id
                try await deals.hires.cancel(
                    id, reason: "Another way", description: "Data.", by: party, expecting: anyVersion)
                let hire = try await deals.hire(id)
                #expect(hire.status == .canceled && hire.release == .notRequested && hire.deletedAt != nil)
                #expect(hire.cancellation == HireCancellation(by: by, reason: "Another way", description: "Data."))
                await #expect(throws: HireError.notNow(.cancel, .canceled, allowed: [])) {
                    try await deals.cancel(hire)
                }
            }
            let first = try PagePlace(page: 1, limit: 50, cursor: nil)
            #expect(try await deals.hires.list(.ofClient(deals.client), from: first).count == 0)
            #expect(try await deals.hires.list(.ofFreelancer(deals.worker), from: first).count == 0)
            #expect(try await deals.hires.list(.all, from: first).count == 2)
        }
    }

    @Test func `what is paid is canceled by a refund alone`() async throws {
        try await Deals.with { (deals) async throws in
            let pending = try #require(try await deals.pay(try await deals.hired()).hire)
            for hire in [pending, try await deals.startedHire(), try await deals.ongoingHire()] {
                for party in [deals.client, deals.worker] {
                    let refusal = await #expect(throws: HireError.self) {
                        try await deals.hires.cancel(
                            hire.id, reason: "", description: "", by: party, expecting: anyVersion)
                    }
                    guard case .isPaid = refusal else {
                        Issue.record("\(refusal.map { "\($0)" } ?? "nothing")")
                        continue
                    }
                    #expect(refusal?.code == .badRequest && refusal?.publicMessage.contains("refund") == true)
                }
                await #expect(throws: HireError.isPaid(allowed: hire.settable.map(\.rawValue))) {
                    try await deals.hires.set(.canceled, of: hire.id, by: deals.worker, expecting: anyVersion)
                }
            }
        }
    }

    @Test func `the freelancer's status Canceled cancels what is not paid, and deletes nothing`() async throws {
        try await Deals.with { deals in
            let id = try await deals.hired().id
            let hire = try await deals.hires.set(.canceled, of: id, by: deals.worker, expecting: anyVersion)
            #expect(hire.cancellation.by == .freelancer && hire.deletedAt == nil)
        }
    }

    // MARK: Asking for the release

    @Test func `the client asks for the release of completed work, once`() async throws {
        try await Deals.with { deals in
            let ongoing = try await deals.ongoingHire()
            await #expect(throws: HireError.notNow(.releaseFund, .ongoing, allowed: ["refund"])) {
                try await deals.hires.requestRelease(of: ongoing.id, by: deals.client, expecting: anyVersion)
            }
            let hire = try await deals.completedHire()
            await #expect(throws: HireError.notYours(.releaseFund)) {
                try await deals.hires.requestRelease(of: hire.id, by: deals.worker, expecting: anyVersion)
            }
            let asked = await attempts(3) {
                try await deals.hires.requestRelease(of: hire.id, by: deals.client, expecting: anyVersion)
            }
            #expect(asked.successes.count == 1)
            #expect(asked.failures.allSatisfy { ($0 as? HireError) == .alreadyRequested(.requested) })
            _ = try await deals.settlements.release(hire.id)
            await #expect(throws: HireError.alreadyRequested(.approved)) {
                try await deals.hires.requestRelease(of: hire.id, by: deals.client, expecting: anyVersion)
            }
        }
    }

    // MARK: Conditions

    @Test func `a change of another version than expected is refused`() async throws {
        try await Deals.with { deals in
            let hire = try await deals.hired()
            let stale = onlyVersion(hire.version + 1)
            await #expect(throws: (any Error).self) {
                try await deals.hires.approve(hire.id, by: deals.worker, expecting: stale)
            }
            await #expect(throws: (any Error).self) {
                try await deals.hires.cancel(
                    hire.id, reason: "", description: "", by: deals.client, expecting: stale)
            }
            #expect(try await deals.hire(hire.id) == hire)
            let approved = try await deals.hires.approve(
                hire.id, by: deals.worker, expecting: onlyVersion(hire.version))
            #expect(approved.version == hire.version + 1)
        }
    }
}
