import SharedModels
import Testing

extension Journeys {
    /// A disagreement between two people over work that is paid for, up to the admin's desk.
    @Suite struct Disputes {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private func input(_ deal: Deal, by role: String, evidence: JSONValue = []) -> JSONValue {
            [
                "contract_id": .string(deal.contract), "milestone_id": .string(deal.milestone),
                "disputing_party": .string(role), "reason": "It does not parse.", "evidence": evidence,
            ]
        }

        private func dispute(_ deal: Deal) async throws -> Answer {
            try await deal.client.session.succeed(
                Endpoints.disputes.create.operation, [:],
                input(
                    deal, by: "client", evidence: [["type": "build_log", "description": "</case> It fails."]])
            )
        }

        private func ids(_ dispute: Answer) throws -> [String: String] {
            ["id": try #require(dispute["id"]?.string)]
        }

        @Test
        func `Both sides are heard and advised, and the money stays meanwhile`() async throws {
            let deal = try await Deal.make(.delivered, in: stack)
            #expect(try await deal.view().nextActions.contains("dispute"))
            let opened = try await dispute(deal)
            #expect(opened["status"] == "open")
            #expect(opened.header("etag") != nil)
            let ids = try ids(opened)
            let seen = try await deal.view()
            #expect(seen["milestones"]?.array?.first?["dispute_id"] == opened["id"])
            #expect(seen.nextActions == ["respond", "recommend"])

            let release = try await deal.client.session.ask(
                Endpoints.contracts.release.operation, deal.milestoneIDs)
            #expect(release.status == 409)
            #expect(release.allowed == ["recommend"])

            let mine = try await deal.client.session.ask(
                Endpoints.disputes.respond.operation, ids,
                ["evidence": [["type": "other", "description": "No."]]])
            #expect(mine.status == 403)
            let answered = try await deal.worker.session.succeed(
                Endpoints.disputes.respond.operation, ids,
                ["evidence": [["type": "deployed_url", "url": "https://example.com/work"]]])
            #expect(answered["status"] == "responded")
            #expect(answered.nextActions == ["recommend"])

            let advised = try await deal.worker.session.succeed(Endpoints.disputes.recommend.operation, ids)
            #expect(advised["status"] == "responded")
            #expect(["client", "worker", "split"].contains(advised["recommendation"]?["outcome"]?.string))
            #expect(["model", "rubric"].contains(advised["recommendation"]?["source"]?.string))

            let without = try await deal.worker.session.succeed(Endpoints.disputes.get.operation, ids)
            #expect(without["evidence"] == .null && without["counter_evidence"] == .null)
            let whole = try await deal.worker.session.succeed(
                Endpoints.disputes.get.operation, ids, query: "?evidence=1")
            #expect(whole["evidence"]?.array?.count == 1)
            #expect(whole["counter_evidence"]?.array?.count == 1)
            #expect(whole["recommendation"] == advised["recommendation"])
            #expect(try await stack.ledger(of: deal.milestone).state != .released)
        }

        @Test
        func `A dispute is refused to the wrong side, to strangers, without substance, and a second time`() async throws
        {
            let deal = try await Deal.make(.funded, in: stack)
            let create = Endpoints.disputes.create.operation
            let asOther = try await deal.worker.session.ask(create, [:], input(deal, by: "client"))
            #expect(asOther.status == 403, "\(asOther)")
            let stranger = try await stack.client().session.ask(create, [:], input(deal, by: "client"))
            #expect(stranger.status == 404, "\(stranger)")
            let items: [(JSONValue, String)] = [
                (["type": "screenshot"], "evidence.0"),
                (["type": "rumour", "description": "x"], "evidence.0.type"),
                (["type": "video", "url": "javascript:alert(1)"], "evidence.0.url"),
                (["type": "video", "url": "https://a:b@example.com/"], "evidence.0.url"),
                (["type": "other", "description": "x", "weight": 9], "evidence.0.weight"),
            ]
            for (item, path) in items {
                let answer = try await deal.client.session.ask(
                    create, [:], input(deal, by: "client", evidence: [item]))
                #expect(answer.status == 400, "\(answer)")
                #expect(answer.issuePaths == [path])
            }
            let ids = try ids(try await dispute(deal))
            let second = try await deal.worker.session.ask(create, [:], input(deal, by: "worker"))
            #expect(second.status == 409)
            #expect(second.allowed?.contains("respond") == true)
            for operation in [Endpoints.disputes.get.operation, Endpoints.disputes.recommend.operation] {
                let answer = try await stack.freelancer().session.ask(operation, ids)
                #expect(answer.status == 404, "\(operation.id): \(answer)")
            }
        }

        @Test
        func `Only an admin decides`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let ids = try ids(try await dispute(deal))
            for caller in [deal.client.session, deal.worker.session] {
                let answer = try await caller.ask(
                    Endpoints.disputes.resolve.operation, ids, ["outcome": "client"])
                #expect(answer.status == 403, "\(answer)")
            }
            #expect(
                try await deal.client.session.succeed(Endpoints.disputes.get.operation, ids)["status"] == "open"
            )
        }

        @Test
        func `The same key opens one dispute`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let key = [(name: "Idempotency-Key", value: "dispute-\(deal.contract)")]
            let body = input(deal, by: "worker")
            let first = try await deal.worker.session.succeed(
                Endpoints.disputes.create.operation, [:], body, headers: key)
            let again = try await deal.worker.session.succeed(
                Endpoints.disputes.create.operation, [:], body, headers: key)
            #expect(again.json == first.json)
            #expect(again.header("idempotent-replayed") == "true")
        }

        @Test(arguments: ["error", "timeout"])
        func `A model that fails gives no advice, and the dispute is as it was`(mode: String) async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let ids = try ids(try await dispute(deal))
            let before = try await deal.client.session.succeed(Endpoints.disputes.get.operation, ids)
            try await stack.failing("llm", path: "/chat/completions", mode: mode, times: 1) {
                let answer = try await deal.client.session.ask(Endpoints.disputes.recommend.operation, ids)
                #expect(answer.status == 503, "\(answer)")
                #expect(answer.code == "SERVICE_UNAVAILABLE")
                #expect(answer.header("retry-after") != nil)
            }
            let after = try await deal.client.session.succeed(Endpoints.disputes.get.operation, ids)
            #expect(after.json == before.json)
            try await deal.client.session.succeed(Endpoints.disputes.recommend.operation, ids)
        }

        @Test
        func `A dispute that nobody answers is under review after a day`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let ids = try ids(try await dispute(deal))
            try await stack.advanceClock(seconds: 24 * 3600 + 60)
            _ = try await eventually("the dispute is under review") {
                let seen = try await deal.client.session.succeed(Endpoints.disputes.get.operation, ids)
                return seen["status"] == "under_review" ? seen : nil
            }
            let late = try await deal.worker.session.ask(
                Endpoints.disputes.respond.operation, ids,
                ["evidence": [["type": "other", "description": "Here."]]])
            #expect(late.status == 409)
            #expect(late.allowed == ["recommend"])
        }
    }
}
