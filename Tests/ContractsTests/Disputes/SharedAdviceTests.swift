import Postgres
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: the advisor, who costs money, is asked once about a case, and a limited number of times by
/// each account.
@Suite struct SharedAdviceTests {
    /// Counts the questions, and answers when a test lets it.
    private final class Advisor: DisputeAdvisor {
        private let asked = Mutex(0)
        private let answer: @Sendable (CaseFile) async throws -> Advice
        var count: Int { asked.withLock { $0 } }

        init(_ answer: @escaping @Sendable (CaseFile) async throws -> Advice = { Rubric.advice(on: $0) }) {
            self.answer = answer
        }

        func advice(on file: CaseFile) async throws -> Advice {
            asked.withLock { $0 += 1 }
            return try await answer(file)
        }
    }

    private func ask(
        about id: DisputeID, _ advisor: Advisor, as caller: Principal, in deals: Deals
    ) async throws -> Dispute {
        // A new instance of the service each time, as on another replica.
        try await deals.features(advisor: advisor).recommendations.recommend(
            on: id, by: caller, expecting: anyVersion
        ).0
    }

    private func isUnderWay(_ id: DisputeID, in deals: Deals) async throws -> Bool {
        try await AdviceAskStore().current(of: id, in: deals.database) != nil
    }

    @Test func `twenty callers at once, on several replicas, make one ask and are given the same`() async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            let advisor = Advisor()
            let advised = await attempts(20) { index in
                let caller = index.isMultiple(of: 2) ? deals.client : deals.worker
                return try await ask(about: id, advisor, as: .sample(caller), in: deals)
            }
            #expect(advised.failures.isEmpty)
            #expect(Set(advised.successes.map(\.version)).count == 1)
            #expect(advisor.count == 1)
            #expect(try await !isUnderWay(id, in: deals))
        }
    }

    @Test func `the advice stands until the case changes, by an answer or by a delivery`() async throws {
        try await Deals.with { deals in
            let contract = try await deals.active()
            let id = try await deals.disputed(contract).id
            let advisor = Advisor()
            let first = try await ask(about: id, advisor, as: .sample(deals.client), in: deals)
            deals.clock.advance(by: .hours(1))
            #expect(try await ask(about: id, advisor, as: .sample(deals.worker), in: deals) == first)
            #expect(advisor.count == 1)
            _ = try await deals.disputes.respond(
                to: id, with: [.commit], by: deals.worker, expecting: anyVersion)
            let answered = try await ask(about: id, advisor, as: .sample(deals.client), in: deals)
            #expect(advisor.count == 2 && answered.recommendation != first.recommendation)
            _ = try await deals.milestones.deliver(
                DeliveryInput(note: "done"), for: contract.milestones[0].id, of: contract.id, by: deals.worker,
                expecting: anyVersion)
            _ = try await ask(about: id, advisor, as: .sample(deals.client), in: deals)
            #expect(advisor.count == 3)
        }
    }

    @Test func `when the one that all wait for fails, all are told, and the next one asks again`() async throws {
        try await Deals.with { deals in
            let dispute = try await deals.disputed()
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            let (failed, fail) = AsyncStream.makeStream(of: Void.self)
            let advisor = Advisor { _ in
                begin.finish()
                for await _ in failed {}
                throw NoAdvice(reason: "planted")
            }
            async let first = attempts(1) {
                try await ask(about: dispute.id, advisor, as: .sample(deals.client), in: deals)
            }
            for await _ in begun {}
            let agent = HostedAgentID.make(at: .start)
            async let others = attempts(5) {
                try await ask(about: dispute.id, advisor, as: .sample(deals.worker, agent: agent), in: deals)
            }
            // All have reached the spending, so they wait, or will meet an ask that has ended.
            try await eventually("all have spent") { deals.peers.current.spent.count >= 5 }
            fail.finish()
            let failures = await first.failures + others.failures
            #expect(failures.count == 6 && failures.allSatisfy { $0 is NoAdvice })
            #expect(deals.peers.current.spent.isEmpty)
            #expect(try await deals.dispute(dispute.id) == dispute)
            let healthy = Advisor()
            let advised = try await ask(about: dispute.id, healthy, as: .sample(deals.client), in: deals)
            #expect(advised.recommendation != nil && healthy.count == 1)
        }
    }

    @Test func `an ask whose process has died is taken over after its lease`() async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            let (dispute, contract) = try await deals.disputes.book.find(id, in: deals.database)
            let file = CaseFile(
                dispute, over: contract.milestones[0], of: contract,
                try await EvidenceStore().find(of: id, in: deals.database), at: deals.clock.now)
            try await deals.database.transaction { tx in
                try await AdviceAskStore().insert(
                    AdviceAsk(on: file, of: id, by: deals.worker, at: deals.clock.now), in: tx)
            }
            deals.clock.advance(by: AdviceAsk.lease)
            let advisor = Advisor()
            let advised = try await ask(about: id, advisor, as: .sample(deals.client), in: deals)
            #expect(advisor.count == 1 && advised.recommendation != nil)
        }
    }

    @Test func `an account has the advisor asked so often a day, failures included, and others as often`() async throws
    {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            let advisor = Advisor { _ in throw NoAdvice(reason: "planted") }
            for _ in 0..<AdviceAsk.limit {
                await #expect(throws: NoAdvice.self) {
                    _ = try await ask(about: id, advisor, as: .sample(deals.client), in: deals)
                }
            }
            deals.clock.advance(by: .hours(1))
            let error = await #expect(throws: TooMuchAdvice.self) {
                _ = try await ask(about: id, advisor, as: .sample(deals.client), in: deals)
            }
            #expect(error?.code == .rateLimitExceeded && error?.retryAfter == .hours(23))
            #expect(advisor.count == AdviceAsk.limit)
            let healthy = Advisor()
            _ = try await ask(about: id, healthy, as: .sample(deals.worker), in: deals)
            // A case with advice costs nothing more.
            _ = try await ask(about: id, healthy, as: .sample(deals.client), in: deals)
            #expect(healthy.count == 1)
            deals.clock.advance(by: .hours(23))
            _ = try await ask(about: id, healthy, as: .sample(deals.client), in: deals)
            #expect(healthy.count == 2)
        }
    }
}
