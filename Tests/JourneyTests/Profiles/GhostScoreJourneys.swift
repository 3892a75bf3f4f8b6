import SharedModels
import Testing

extension Journeys {
    @Suite struct GhostScores {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `A completed contract is worth five to both sides, once`() async throws {
            let deal = try await Deal.make(.delivered, in: stack)
            try await deal.client.session.succeed(Endpoints.contracts.release.operation, deal.milestoneIDs)
            try await deal.reaches("completed")
            for account in [deal.client, deal.worker] {
                _ = try await eventually("the score has moved") {
                    let me = try await account.session.succeed(Endpoints.profiles.me.operation)
                    return me["ghost_score"]?.integer == 55 ? true : nil
                }
            }
            let seen = try await deal.client.session.succeed(
                Endpoints.profiles.get.operation, ["userId": deal.worker.id])
            #expect(seen["ghost_score"]?.integer == 55)
        }
    }
}
