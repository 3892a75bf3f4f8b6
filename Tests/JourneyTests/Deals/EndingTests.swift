import SharedModels
import Testing

extension Journeys {
    /// The ways for a deal to end that nobody finishes.
    @Suite struct Ending {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `Both parties end a funded contract, and the client has its money back`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let end = Endpoints.contracts.end.operation
            let one = try await deal.worker.session.succeed(end, deal.contractIDs, ["note": "I am ill."])
            #expect(one["status"] == "active" && one["end_note"] == "I am ill.")
            #expect(one["worker_ended_at"]?.string != nil && one["client_ended_at"]?.isNull == true)
            try await deal.client.session.succeed(end, deal.contractIDs)
            let ended = try await deal.reaches("cancelled")
            #expect(ended["milestones"]?.array?.first?["status"] == "pending")
            #expect(try await stack.ledger(of: deal.milestone).state == .unfunded)
        }

        @Test
        func `Delivered work keeps a contract from being ended, and is named`() async throws {
            let deal = try await Deal.make(.delivered, in: stack)
            let refused = try await deal.client.session.ask(Endpoints.contracts.end.operation, deal.contractIDs)
            #expect(refused.status == 409 && refused.issuePaths == ["milestones.0"], "\(refused)")
            #expect(refused.allowed == ["release", "dispute"])
        }

        @Test
        func `Delivered work that nobody disputes is released by itself after fourteen days`() async throws {
            let deal = try await Deal.make(.delivered, in: stack)
            let shown = try await deal.view()["milestones"]?.array?.first
            #expect(shown?["auto_release_at"]?.string != nil && shown?["released_by"]?.isNull == true)
            try await stack.advanceClock(seconds: 6 * 86_400 + 3_600)
            _ = try await eventually("the hold is captured before it lapses") {
                try await stack.ledger(of: deal.milestone).state == .escrowed ? true : nil
            }
            try await stack.advanceClock(seconds: 8 * 86_400)
            let completed = try await deal.reaches("completed")
            #expect(completed["milestones"]?.array?.first?["released_by"] == "deadline")
            #expect(completed["milestones"]?.array?.first?["auto_release_at"]?.isNull == true)
        }

        @Test
        func `A client takes out a milestone that it has not paid for`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let added = try await deal.client.session.succeed(
                Endpoints.contracts.addMilestone.operation, deal.contractIDs,
                ["title": "Documentation", "amount_cents": 12_000])
            let ids = ["id": deal.contract, "milestoneId": try #require(added["id"]?.string)]
            let withdraw = Endpoints.contracts.withdrawMilestone.operation
            #expect(try await deal.worker.session.ask(withdraw, ids).status == 403)
            #expect(try await deal.client.session.ask(withdraw, deal.milestoneIDs).status == 409)
            #expect(try await deal.client.session.ask(withdraw, ids).status == 204)
            #expect(try await deal.view()["milestones"]?.array?.count == 1)
            #expect(try await deal.client.session.ask(withdraw, ids).status == 404)
        }

        @Test
        func `What Stripe does not take is refused where it is proposed, by name`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let tiny = try await deal.client.session.ask(
                Endpoints.contracts.addMilestone.operation, deal.contractIDs,
                ["title": "A comma", "amount_cents": 49])
            #expect(tiny.status == 400 && tiny.issuePaths == ["amount_cents"], "\(tiny)")
            let talk = try await Deal.make(.negotiating, in: stack)
            let round = try await talk.worker.session.ask(
                Endpoints.negotiations.round.operation, talk.negotiationIDs, ["rate_cents": 4])
            #expect(round.status == 400 && round.issuePaths == ["rate_cents"], "\(round)")
        }

        @Test
        func `The parties find a dispute in their list, an admin in the list of all`() async throws {
            let deal = try await Deal.make(.delivered, in: stack)
            let made = try await deal.client.session.succeed(
                Endpoints.disputes.create.operation, [:],
                [
                    "contract_id": .string(deal.contract), "milestone_id": .string(deal.milestone),
                    "disputing_party": "client", "reason": "It does not parse.", "evidence": [],
                ])
            let id = try #require(made["id"])
            let list = Endpoints.disputes.list.operation
            for party in [deal.client, deal.worker] {
                let seen = try await party.session.succeed(list)
                #expect(seen["disputes"]?.array?.map { $0["id"] } == [id])
                #expect(try await party.session.succeed(list, query: "?state=resolved")["disputes"] == [])
            }
            #expect(try await stack.client().session.succeed(list)["disputes"] == [])
            let all = try await stack.admin().caller.succeed(list, query: "?state=open&limit=1")
            #expect(all["disputes"]?.array?.map { $0["id"] } == [id])
        }
    }
}
