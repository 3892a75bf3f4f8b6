import OutboundHTTP
import Postgres
import ServiceKit
import Synchronization
import TestSupport
import Testing

@testable import ContractsService
@testable import SharedModels

/// The promise under test: advice is stored for both to see and decides nothing. Without advice nothing changes.
@Suite struct RecommendationTests {
    /// The advice of a test.
    private struct Advisor: DisputeAdvisor {
        let body: @Sendable (CaseFile) async throws -> Advice
        func advice(on file: CaseFile) async throws -> Advice { try await body(file) }
    }

    private let agent = HostedAgentID.make(at: .start)

    private func workflow(
        _ deals: Deals, _ advisor: any DisputeAdvisor = Rubric()
    ) -> RecommendationWorkflow {
        deals.features(advisor: advisor).recommendations
    }

    @Test func `either party asks, in every state but the last, and the state stays`() async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            let (open, _) = try await workflow(deals).recommend(
                on: id, by: .sample(deals.worker), expecting: anyVersion)
            #expect(open.status == .open)
            #expect(open.recommendation?.advice.outcome == .client)
            _ = try await deals.disputes.respond(
                to: id, with: [.commit], by: deals.worker, expecting: anyVersion)
            deals.clock.advance(by: .hours(1))
            let (dispute, contract) = try await workflow(deals).recommend(
                on: id, by: .sample(deals.client), expecting: anyVersion)
            #expect(dispute.status == .responded)
            let (stored, _, _) = try await deals.disputes.get(
                id, by: .sample(deals.client), withEvidence: false)
            #expect(stored == dispute)
            let view = try #require(
                stored.view(of: contract, for: .client, at: deals.clock.now).recommendation)
            #expect(view.source == .rubric)
            #expect(view.createdAt == .start + .hours(1))
            #expect((0...1).contains(view.confidence))
            #expect(view.rationale == view.reasons.map(\.text).joined(separator: " "))
            #expect(deals.peers.current.settlements.isEmpty)
        }
    }

    /// As with an Idempotency-Key, whose answer commits with the advice.
    @Test func `while advice is given no transaction is open`() async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            let wasOpen = Mutex([Bool?]())
            let workflow = workflow(
                deals,
                Advisor { file in
                    wasOpen.withLock { $0.append(CommitScope.current?.hasOpenTransaction) }
                    return Rubric.advice(on: file)
                })
            try await CommitScope.run(on: deals.database) { _ in
                _ = try await workflow.recommend(
                    on: id, by: .sample(deals.client), expecting: anyVersion)
            }
            #expect(wasOpen.withLock { $0 } == [false])
            #expect(try await deals.dispute(id).recommendation != nil)
        }
    }

    @Test func `a stranger gets none, nor does a decided dispute, and nothing is spent on them`() async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            let workflow = workflow(deals)
            for caller in [AccountID.make(at: .start), deals.client] {
                if caller == deals.client {
                    _ = try await deals.resolutions.resolve(
                        id, as: DecisionInput(outcome: .client), by: .make(at: .start), expecting: anyVersion)
                }
                await #expect {
                    _ = try await workflow.recommend(
                        on: id, by: .sample(caller, agent: agent), expecting: anyVersion)
                } throws: {
                    ($0 as? any APIError)?.code == (caller == deals.client ? .conflict : .notFound)
                }
            }
            #expect(deals.peers.current.spent.isEmpty)
        }
    }

    @Test func `an agent that has used up its month does not reach the advisor; the dispute is as it was`()
        async throws
    {
        try await Deals.with { deals in
            let dispute = try await deals.disputed()
            deals.peers.change { $0.advicesLeft = 0 }
            let asked = Mutex(0)
            let workflow = workflow(
                deals,
                Advisor { file in
                    asked.withLock { $0 += 1 }
                    return Rubric.advice(on: file)
                })
            let error = await #expect(throws: PeerRefusal.self) {
                _ = try await workflow.recommend(
                    on: dispute.id, by: .sample(deals.client, agent: agent), expecting: anyVersion)
            }
            #expect(error?.code == .agentPaused)
            #expect(asked.withLock { $0 } == 0)
            #expect(try await deals.dispute(dispute.id) == dispute)
            // Without an agent nothing is spent, so nothing is used up.
            _ = try await workflow.recommend(
                on: dispute.id, by: .sample(deals.client), expecting: anyVersion)
            #expect(asked.withLock { $0 } == 1)
        }
    }

    @Test func `each recommendation spends one of its agent's`() async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            for _ in 0..<3 {
                _ = try await workflow(deals).recommend(
                    on: id, by: .sample(deals.worker, agent: agent), expecting: anyVersion)
            }
            #expect(deals.peers.current.spent.values.allSatisfy { $0 == agent })
            #expect(deals.peers.current.spent.count == 3)
        }
    }

    @Test func `what was spent without getting advice is given back; when that fails it stays spent`()
        async throws
    {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            let workflow = workflow(deals, Advisor { _ in throw NoAdvice(reason: "planted") })
            for fault in [nil, OutboundError.timedOut] {
                deals.peers.change { $0.givingBackFault = fault }
                await #expect(throws: NoAdvice(reason: "planted")) {
                    _ = try await workflow.recommend(
                        on: id, by: .sample(deals.client, agent: agent), expecting: anyVersion)
                }
                #expect(deals.peers.current.spent.count == (fault == nil ? 0 : 1))
            }
        }
    }

    @Test func `a spending that was noted and not answered is given back, and the advisor not asked`()
        async throws
    {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            let asked = Mutex(0)
            let workflow = workflow(
                deals,
                Advisor { file in
                    asked.withLock { $0 += 1 }
                    return Rubric.advice(on: file)
                })
            deals.peers.change { $0.spendingFault = OutboundError.timedOut }
            await #expect(throws: OutboundError.self) {
                _ = try await workflow.recommend(
                    on: id, by: .sample(deals.client, agent: agent), expecting: anyVersion)
            }
            #expect(deals.peers.current.spent.isEmpty)
            #expect(asked.withLock { $0 } == 0)
        }
    }

    @Test func `without advice the dispute is as it was`() async throws {
        try await Deals.with { deals in
            let dispute = try await deals.disputed()
            let workflow = workflow(deals, Advisor { _ in throw NoAdvice(reason: "planted") })
            await #expect(throws: NoAdvice(reason: "planted")) {
                _ = try await workflow.recommend(
                    on: dispute.id, by: .sample(deals.client), expecting: anyVersion)
            }
            #expect(try await deals.dispute(dispute.id) == dispute)
        }
    }

    /// As with an Idempotency-Key.
    @Test func `advice on what has changed meanwhile is not kept, and not counted`() async throws {
        try await Deals.with { deals in
            let id = try await deals.disputed().id
            let workflow = workflow(
                deals,
                Advisor { file in
                    _ = try await Task.detached {
                        try await deals.disputes.respond(
                            to: id, with: [.commit], by: deals.worker, expecting: anyVersion)
                    }.value
                    return Rubric.advice(on: file)
                })
            await #expect(throws: DisputeError.outdatedAdvice(allowed: ["recommend"])) {
                try await CommitScope.run(on: deals.database) { _ in
                    _ = try await workflow.recommend(
                        on: id, by: .sample(deals.client, agent: agent), expecting: anyVersion)
                }
            }
            #expect(try await deals.dispute(id).recommendation == nil)
            #expect(deals.peers.current.spent.isEmpty)
        }
    }
}
