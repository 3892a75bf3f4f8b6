import SharedModels
import Testing

extension Journeys {
    @Suite struct AddingMilestones {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `A later milestone is funded after the one before is released, and the deal ends with it`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let add = Endpoints.contracts.addMilestone.operation
            let body: JSONValue = ["title": "Documentation", "amount_cents": 12_000]
            let stranger = try await stack.client().session
            #expect(try await stranger.ask(add, deal.contractIDs, body).status == 404)
            #expect(try await deal.worker.session.ask(add, deal.contractIDs, body).status == 403)
            let tag = try #require(try await deal.view().header("etag"))
            let added = try await deal.client.session.succeed(
                add, deal.contractIDs, body, headers: [("If-Match", tag)])
            #expect(added["status"] == "pending")
            let stale = try await deal.client.session.ask(
                add, deal.contractIDs, body, headers: [("If-Match", tag)])
            #expect(stale.status == 412, "\(stale)")
            let ids = ["id": deal.contract, "milestoneId": try #require(added["id"]?.string)]
            let early = try await deal.client.session.ask(Endpoints.contracts.fund.operation, ids)
            #expect(early.status == 409, "\(early)")

            try await deal.deliver()
            try await deal.client.session.succeed(Endpoints.contracts.release.operation, deal.milestoneIDs)
            #expect(try await deal.view()["status"] == "active")
            let funding = try await deal.client.session.succeed(Endpoints.contracts.fund.operation, ids)
            try await stack.confirm(try #require(funding["payment_intent_id"]?.string))
            _ = try await eventually("the second milestone is funded") {
                let second = try await deal.view()["milestones"]?.array?.last
                return second?["status"] == "funded" ? second : nil
            }
            try await deal.worker.session.succeed(Endpoints.contracts.deliver.operation, ids, [:])
            let release = try await deal.client.session.succeed(Endpoints.contracts.release.operation, ids)
            #expect(release["amount_cents"] == 12_000)
            #expect(release["platform_fee_cents"] == 600)
            try await deal.reaches("completed")
            let late = try await deal.client.session.ask(add, deal.contractIDs, body)
            #expect(late.status == 409, "\(late)")
            #expect(late.allowed == ["review"])
        }
    }
}
