import SharedModels
import Testing

extension Journeys {
    @Suite struct Reviewing {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private func completed() async throws -> Deal {
            let deal = try await Deal.make(.delivered, in: stack)
            try await deal.client.session.succeed(Endpoints.contracts.release.operation, deal.milestoneIDs)
            try await deal.reaches("completed")
            return deal
        }

        private func reviews(of account: Account, read caller: Caller) async throws -> [JSONValue] {
            let list = try await caller.succeed(Endpoints.reviews.list.operation, ["userId": account.id])
            return try #require(list["reviews"]?.array)
        }

        @Test
        func `Neither party's review is shown before both have written, and each writes one`() async throws {
            let deal = try await completed()
            let create = Endpoints.reviews.create.operation
            let key = [(name: "Idempotency-Key", value: "review-\(deal.contract)")]
            let body: JSONValue = ["rating": 5, "review_text": "It parses."]
            #expect(try await deal.view().nextActions == ["review"])
            let first = try await deal.client.session.succeed(create, deal.contractIDs, body, headers: key)
            #expect(first["status"] == "pending")
            let again = try await deal.client.session.succeed(create, deal.contractIDs, body, headers: key)
            #expect(again.json == first.json)
            #expect(try await reviews(of: deal.worker, read: deal.worker.session).isEmpty)
            let twice = try await deal.client.session.ask(create, deal.contractIDs, ["rating": 1])
            #expect(twice.status == 409, "\(twice)")
            #expect(twice.allowed == [])

            let second = try await deal.worker.session.succeed(create, deal.contractIDs, ["rating": 4])
            #expect(second["status"] == "published")
            #expect(try await deal.view().nextActions.isEmpty)
            let stranger = try await stack.client().session
            let shown = try await reviews(of: deal.worker, read: stranger)
            #expect(shown.map { $0["id"] } == [first["id"]])
            #expect(shown.first?["rating"] == 5)
            #expect(shown.first?["review_text"] == "It parses.")
            let returned = try await reviews(of: deal.client, read: stranger)
            #expect(returned.map { $0["id"] } == [second["id"]])

            let ids = ["id": try #require(first["id"]?.string)]
            for caller in [deal.worker.session, stranger] {
                let answer = try await caller.ask(Endpoints.reviews.hide.operation, ids)
                #expect(answer.status == 403, "\(answer)")
            }
            #expect(try await reviews(of: deal.worker, read: stranger).count == 1)
        }

        @Test
        func `Reviews are refused to strangers, before the end, out of range, and of nobody`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let create = Endpoints.reviews.create.operation
            let early = try await deal.client.session.ask(create, deal.contractIDs, ["rating": 5])
            #expect(early.status == 409, "\(early)")
            #expect(early.allowed == ["release", "dispute", "end"])
            let stranger = try await stack.client().session
            #expect(try await stranger.ask(create, deal.contractIDs, ["rating": 5]).status == 404)
            let bad: [(JSONValue, String)] = [
                (["rating": 0], "rating"), (["rating": 6], "rating"), (["rating": "5"], "rating"),
                ([:], "rating"), (["rating": .decimal("4.5")], "rating"),
                (["rating": 5, "review_text": 5], "review_text"),
                (["rating": 5, "review_text": .string(String(repeating: "a", count: 5001))], "review_text"),
                (["rating": 5, "status": "published"], "status"),
            ]
            for (body, path) in bad {
                let answer = try await deal.client.session.ask(create, deal.contractIDs, body)
                #expect(answer.status == 400, "\(answer)")
                #expect(answer.issuePaths == [path], "\(answer)")
            }
            let nobody = try await stranger.ask(
                Endpoints.reviews.list.operation, ["userId": "01a1fcc6-cd87-763d-ac24-0256e384ad30"])
            #expect(nobody.status == 404, "\(nobody)")
        }

        @Test
        func `A review that stays alone is shown after two weeks`() async throws {
            let deal = try await completed()
            try await deal.worker.session.succeed(
                Endpoints.reviews.create.operation, deal.contractIDs, ["rating": 2])
            #expect(try await reviews(of: deal.client, read: deal.client.session).isEmpty)
            try await stack.advanceClock(seconds: 14 * 86_400 + 60)
            _ = try await eventually("the review is shown") {
                try await reviews(of: deal.client, read: deal.client.session).first
            }
        }
    }
}
