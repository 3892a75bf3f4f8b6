import SharedModels
import Testing

extension Journeys {
    @Suite struct Negotiating {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `A fourth round is refused and ends the negotiation`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let round = Endpoints.negotiations.round.operation
            let second = try await deal.worker.session.succeed(round, deal.negotiationIDs, ["rate_cents": 6_000])
            #expect(second["round_number"] == 2)
            let third = try await deal.client.session.succeed(round, deal.negotiationIDs, ["hours_per_week": 20])
            #expect(third["round_number"] == 3)
            #expect(third["rate_cents"] == 6_000)
            let fourth = try await deal.worker.session.ask(round, deal.negotiationIDs, ["rate_cents": 7_000])
            #expect(fourth.status == 409)
            #expect(fourth.code == "CONFLICT")
            let ended = try await deal.client.session.succeed(
                Endpoints.negotiations.get.operation, deal.negotiationIDs, query: "?audit=1")
            #expect(ended["state"] == "expired")
            #expect(ended["rate_cents"] == 6_000)
            #expect(ended.nextActions.isEmpty)
            let audit = ended["audit"]?.array ?? []
            #expect(audit.count { $0["kind"] == "round" } == 3)
            #expect(audit.last?["to"] == "expired")
        }

        @Test
        func `A party declines, the applicant is shortlisted as before, and another negotiation can begin`()
            async throws
        {
            let deal = try await Deal.make(.negotiating, in: stack)
            let declined = try await deal.worker.session.succeed(
                Endpoints.negotiations.decline.operation, deal.negotiationIDs, ["reason": "I am booked."])
            #expect(declined["state"] == "expired" && declined["ended_by"] == "decline")
            let seen = try await deal.client.session.succeed(
                Endpoints.negotiations.get.operation, deal.negotiationIDs, query: "?audit=1")
            #expect(seen["ended_by"] == "decline")
            #expect(seen["audit"]?.array?.last?["payload"]?["reason"] == "I am booked.")
            _ = try await eventually("the applicant can be negotiated with again") {
                let received = try await deal.client.session.succeed(
                    Endpoints.applications.received.operation, deal.gigIDs)
                let application = received["applications"]?.array?.first
                #expect(application?["status"] == "shortlisted")
                return application?["next_actions"]?.array?.contains { $0["action"] == "negotiate" } == true
                    ? true : nil
            }
            try await deal.client.session.succeed(Endpoints.negotiations.negotiate.operation, [:], deal.parties)
        }

        @Test
        func `An applicant withdraws and applies again, and not while there is a negotiation`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let withdraw = Endpoints.applications.withdraw.operation
            let ids = ["id": deal.application]
            let refused = try await deal.worker.session.ask(withdraw, ids)
            #expect(refused.status == 409 && refused.code == "CONFLICT", "\(refused)")
            try await deal.client.session.succeed(Endpoints.negotiations.decline.operation, deal.negotiationIDs)
            #expect(try await deal.client.session.ask(withdraw, ids).status == 403)
            #expect(try await deal.worker.session.ask(withdraw, ids).status == 204)
            #expect(try await deal.worker.session.ask(withdraw, ids).status == 404)
            let received = try await deal.client.session.succeed(
                Endpoints.applications.received.operation, deal.gigIDs)
            #expect(received["applications"] == [])
            let again = try await deal.worker.session.succeed(
                Endpoints.gigs.apply.operation, deal.gigIDs, ["message": "Now I can."])
            #expect(again["status"] == "applied" && again["id"]?.string != deal.application)
        }

        @Test
        func `Once a negotiation has ended, another one is opened and the gig is deleted without any waiting`()
            async throws
        {
            let deal = try await Deal.make(.negotiating, in: stack)
            var ids = deal.negotiationIDs
            for time in 1...2 {
                let round = Endpoints.negotiations.round.operation
                for hours in [11, 12] {
                    try await deal.worker.session.succeed(
                        round, ids, ["hours_per_week": .integer(Int64(hours))])
                }
                #expect(
                    try await deal.worker.session.ask(round, ids, ["hours_per_week": 13]).status == 409)
                guard time == 1 else { break }
                let next = try await deal.client.session.succeed(
                    Endpoints.negotiations.negotiate.operation, [:],
                    ["gig_id": .string(deal.gig), "worker_user_id": .string(deal.worker.id), "hours_per_week": 10])
                ids = ["id": try #require(next["id"]?.string)]
            }
            let deleted = try await deal.client.session.ask(Endpoints.gigs.delete.operation, ["id": deal.gig])
            #expect(deleted.status == 204)
        }

        @Test
        func `Revising a contract takes both approvals back and opens the negotiation again, its log kept`()
            async throws
        {
            let deal = try await Deal.make(.approved, in: stack)
            let revised = try await deal.client.session.succeed(
                Endpoints.contracts.revise.operation, deal.contractIDs, ["notes": "Fewer hours, please."])
            #expect(revised["status"] == "pending_owner_approval")
            #expect(revised["client_approved_at"]?.isNull ?? true)
            #expect(revised["worker_approved_at"]?.isNull ?? true)
            #expect(revised["revision_notes"] == "Fewer hours, please.")
            let open = try await deal.worker.session.succeed(
                Endpoints.negotiations.get.operation, deal.negotiationIDs, query: "?audit=1")
            #expect(open["state"] == "in_progress")
            #expect(open["round_number"] == 0)
            #expect((open["audit"]?.array ?? []).contains { $0["kind"] == "round" })
            try await deal.worker.session.succeed(
                Endpoints.negotiations.round.operation, deal.negotiationIDs, ["hours_per_week": 5])
            let agreed = try await deal.client.session.succeed(
                Endpoints.negotiations.agree.operation, deal.negotiationIDs)
            let contract = try await deal.client.session.succeed(
                Endpoints.contracts.get.operation, ["id": try #require(agreed["contract_id"]?.string)])
            #expect(contract["milestones"]?.array?.first?["amount_cents"] == 27_500)
            #expect(contract["status"] == "pending_owner_approval")
        }

        @Test
        func `Agreeing to a round that no longer stands is refused`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            try await deal.worker.session.succeed(
                Endpoints.negotiations.round.operation, deal.negotiationIDs, ["rate_cents": 9_000])
            let stale = try await deal.client.session.ask(
                Endpoints.negotiations.agree.operation, deal.negotiationIDs, ["round_number": 1])
            #expect(stale.status == 409)
            let seen = try await deal.client.session.succeed(Endpoints.negotiations.get.operation, deal.negotiationIDs)
            #expect(seen["state"] == "in_progress")
        }

        @Test
        func `The hold of a contract that is not activated in time is let go, not captured`() async throws {
            let deal = try await Deal.make(.approved, in: stack)
            let funding = try await deal.client.session.succeed(Endpoints.contracts.fund.operation, deal.milestoneIDs)
            let payment = try #require(funding["payment_intent_id"]?.string)
            try await stack.confirm(payment)
            _ = try await deal.reaches("pending_freelancer_kyc")
            try await stack.advanceClock(seconds: 6 * 86_400 + 43_200)
            try await stack.advanceClock(seconds: 43_260)
            _ = try await deal.reaches("expired")
            _ = try await eventually("the provider has let the hold go") {
                try await stack.provider("payment_intents").first { $0["id"]?.string == payment }?["status"]?.string
                    == "canceled"
                    ? true : nil
            }
        }

        @Test
        func `A contract that nobody activates expires after seven days`() async throws {
            let deal = try await Deal.make(.approved, in: stack)
            try await stack.advanceClock(seconds: 7 * 86_400 + 60)
            let expired = try await deal.reaches("expired")
            #expect(expired.nextActions.isEmpty)
            let late = try await deal.client.session.ask(Endpoints.contracts.fund.operation, deal.milestoneIDs)
            #expect(late.status == 409)
        }
    }
}
