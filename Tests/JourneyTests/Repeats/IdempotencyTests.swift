import Foundation
import SharedModels
import Testing

extension Journeys {
    @Suite struct Repeats {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `A repeat with the same key is answered with what was stored, and is told so`() async throws {
            let client = try await stack.client().session
            let header = [(name: "Idempotency-Key", value: UUID().uuidString)]
            let create = Endpoints.gigs.create.operation
            let first = try await client.succeed(create, [:], ["title": "Once"], headers: header)
            let again = try await client.succeed(create, [:], ["title": "Once"], headers: header)
            #expect(first.header("idempotent-replayed") == nil)
            #expect(again.header("idempotent-replayed") == "true")
            #expect(again.bytes == first.bytes)
            let other = try await client.ask(create, [:], ["title": "Twice"], headers: header)
            #expect(other.status == 422)
            #expect(other.code == "IDEMPOTENCY_MISMATCH")
            let own = try await client.succeed(Endpoints.gigs.list.operation, query: "?status=draft")
            #expect(own["gigs"]?.array?.count == 1)
        }

        @Test
        func `Another account's same key is its own`() async throws {
            let header = [(name: "Idempotency-Key", value: "shared-\(UUID().uuidString)")]
            let one = try await stack.client().session.succeed(
                Endpoints.gigs.create.operation, [:], ["title": "One"], headers: header)
            let other = try await stack.client().session.succeed(
                Endpoints.gigs.create.operation, [:], ["title": "Other"], headers: header)
            #expect(one["id"] != other["id"])
        }

        @Test
        func `Ten simultaneous creates with one key make one gig`() async throws {
            let client = try await stack.client().session
            let header = [(name: "Idempotency-Key", value: UUID().uuidString)]
            let answers = try await Parallel.run(10) {
                try await client.ask(Endpoints.gigs.create.operation, [:], ["title": "Once"], headers: header)
            }
            #expect(answers.contains { $0.status == 201 })
            #expect(answers.allSatisfy { [201, 409].contains($0.status) }, "\(answers.map(\.status))")
            #expect(Set(answers.compactMap { $0["id"]?.string }).count == 1)
            let own = try await client.succeed(Endpoints.gigs.list.operation, query: "?status=draft")
            #expect(own["gigs"]?.array?.count == 1)
        }

        @Test
        func `A key of more than 255 characters is 400`() async throws {
            let answer = try await stack.client().session.ask(
                Endpoints.gigs.create.operation, [:], ["title": "No"],
                headers: [("Idempotency-Key", String(repeating: "k", count: 256))])
            #expect(answer.status == 400, "\(answer)")
            #expect(answer.issuePaths == ["Idempotency-Key"])
        }

        @Test
        func `A change to a version that no longer stands is 412 and changes nothing`() async throws {
            let deal = try await Deal.make(.posted, in: stack)
            let client = deal.client.session
            let first = try await client.succeed(Endpoints.gigs.get.operation, deal.gigIDs)
            let version = try #require(first.header("etag"))
            let changed = try await client.succeed(
                Endpoints.gigs.update.operation, deal.gigIDs, ["title": "Second"], headers: [("If-Match", version)])
            #expect(changed.header("etag") != version)
            let stale = try await client.ask(
                Endpoints.gigs.update.operation, deal.gigIDs, ["title": "Third"], headers: [("If-Match", version)])
            #expect(stale.status == 412, "\(stale)")
            #expect(stale.code == "PRECONDITION_FAILED")
            #expect(try await client.succeed(Endpoints.gigs.get.operation, deal.gigIDs)["title"] == "Second")
            try await client.succeed(
                Endpoints.gigs.update.operation, deal.gigIDs, ["title": "Fourth"], headers: [("If-Match", "*")])
        }

        @Test
        func `Rounds, agreements and approvals honour If-Match`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let steps: [(SharedModels.Operation, JSONValue?)] = [
                (Endpoints.negotiations.round.operation, ["rate_cents": 1]),
                (Endpoints.negotiations.agree.operation, nil),
            ]
            for (operation, body) in steps {
                let stale = try await deal.worker.session.ask(
                    operation, deal.negotiationIDs, body, headers: [("If-Match", "\"0\"")])
                #expect(stale.status == 412, "\(operation.id): \(stale)")
            }
            let seen = try await deal.client.session.succeed(Endpoints.negotiations.get.operation, deal.negotiationIDs)
            #expect(seen["round_number"] == 1)
            let version = try #require(seen.header("etag"))
            try await deal.worker.session.succeed(
                Endpoints.negotiations.round.operation, deal.negotiationIDs, ["rate_cents": 6_000],
                headers: [("If-Match", version)])
        }

        @Test
        func `Pages show each gig once while others are being posted`() async throws {
            let client = try await stack.client().session
            let create = Endpoints.gigs.create.operation
            var posted: [String] = []
            for number in 1...7 {
                posted.append(
                    try #require(try await client.succeed(create, [:], ["title": "Gig \(number)"])["id"]?.string))
            }
            var seen: [String] = []
            var cursor: String?
            repeat {
                let page = try await client.succeed(
                    Endpoints.gigs.list.operation,
                    query: "?status=draft&limit=3" + (cursor.map { "&cursor=\($0.percentEncoded)" } ?? ""))
                seen += (page["gigs"]?.array ?? []).compactMap { $0["id"]?.string }
                cursor = page["next_cursor"]?.string
                try await client.succeed(create, [:], ["title": "Latecomer"])
            } while cursor != nil && seen.count < 20
            #expect(seen == posted.reversed())
        }
    }
}
