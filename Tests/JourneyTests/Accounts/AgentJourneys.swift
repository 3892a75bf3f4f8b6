import SharedModels
import Testing

extension Journeys {
    /// Agents with their own keys and their own allowance.
    @Suite struct HostedAgents {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private func ids(_ answer: Answer) throws -> [String: String] {
            ["id": try #require(answer["id"]?.string)]
        }

        @Test
        func `Past its allowance an agent is paused, and the dispute is as it was`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let agent = try await deal.client.session.succeed(
                Endpoints.hostedAgents.create.operation, [:], ["name": "judge", "llm_monthly_limit": 1])
            let key = try await deal.client.key(for: try #require(agent["id"]?.string))
            #expect(
                try await key.caller.succeed(Endpoints.keys.verify.operation)["hosted_agent_id"] == agent["id"])
            let dispute = try await deal.client.session.succeed(
                Endpoints.disputes.create.operation, [:],
                [
                    "contract_id": .string(deal.contract), "milestone_id": .string(deal.milestone),
                    "disputing_party": "client", "reason": "It does not parse.",
                    "evidence": [["type": "build_log", "description": "It fails."]],
                ])
            let recommend = Endpoints.disputes.recommend.operation
            // A model that fails costs the agent nothing.
            try await stack.failing("llm", path: "/chat/completions", mode: "error", times: 1) {
                let answer = try await key.caller.ask(recommend, ids(dispute))
                #expect(answer.code == "SERVICE_UNAVAILABLE", "\(answer)")
            }
            let advised = try await key.caller.succeed(recommend, ids(dispute))
            let paused = try await key.caller.ask(recommend, ids(dispute))
            #expect(paused.status == 503, "\(paused)")
            #expect(paused.code == "AGENT_PAUSED")
            #expect(paused.header("retry-after") != nil)
            let seen = try await deal.client.session.succeed(Endpoints.disputes.get.operation, ids(dispute))
            #expect(seen["recommendation"] == advised["recommendation"])
            #expect(seen["updated_at"] == advised["updated_at"])
            let listed = try await deal.client.session.succeed(Endpoints.hostedAgents.list.operation)
            #expect(listed["agents"]?.array?.map { $0["llm_used"] } == [1])
            // Neither the person behind it nor the other party is the agent.
            try await deal.client.session.succeed(recommend, ids(dispute))
            try await deal.worker.session.succeed(recommend, ids(dispute))
            // A raised limit takes effect at once.
            let header = [(name: "If-Match", value: try #require(agent.header("etag")))]
            try await deal.client.session.succeed(
                Endpoints.hostedAgents.update.operation, ids(agent), ["llm_monthly_limit": 2], headers: header)
            try await key.caller.succeed(recommend, ids(dispute))
        }

        @Test
        func `An agent is changed and removed by its owner alone, and its keys end with it`() async throws {
            let (owner, stranger) = (try await stack.client(), try await stack.client())
            let header = [(name: "Idempotency-Key", value: "agent-\(owner.id)")]
            let create = Endpoints.hostedAgents.create.operation
            let made = try await owner.session.succeed(create, [:], ["name": "one"], headers: header)
            let again = try await owner.session.succeed(create, [:], ["name": "one"], headers: header)
            #expect(again["id"] == made["id"] && made["llm_monthly_limit"] == 100)
            let key = try await owner.key(for: try #require(made["id"]?.string))
            for operation in [Endpoints.hostedAgents.update.operation, Endpoints.hostedAgents.delete.operation] {
                let body: JSONValue? = operation.method == .patch ? ["name": "two"] : nil
                let foreign = try await stranger.session.ask(operation, ids(made), body)
                #expect(foreign.status == 404, "\(foreign)")
                let stale = try await owner.session.ask(
                    operation, ids(made), body, headers: [("If-Match", "\"v9\"")])
                #expect(stale.status == 412, "\(stale)")
            }
            let foreign = try await stranger.session.ask(
                Endpoints.keys.create.operation, [:], ["hosted_agent_id": made["id"] ?? .null])
            #expect(foreign.status == 404, "\(foreign)")
            for body: JSONValue in [
                ["name": ""], ["name": "x", "llm_monthly_limit": -1], ["llm_monthly_limit": 5],
            ] {
                let bad = try await owner.session.ask(create, [:], body)
                #expect(bad.status == 400, "\(body): \(bad)")
            }
            try await owner.session.succeed(Endpoints.hostedAgents.delete.operation, ids(made))
            try await key.caller.waitUntilRefused(at: Endpoints.keys.verify.operation)
            #expect(try await owner.session.succeed(Endpoints.hostedAgents.list.operation)["agents"] == [])
        }
    }
}
