import SharedModels
import Testing

extension Journeys {
    /// Bodies of the right shape with an unacceptable member: 400, the member named, nothing changed.
    @Suite struct Members {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `A gig with a bad member is refused by that member's name, and is not made`() async throws {
            let client = try await stack.client()
            let bad: [(path: String, body: String)] = [
                ("title", "{}"), ("title", #"{"title": null}"#), ("title", #"{"title": ""}"#),
                ("title", #"{"title": " \t"}"#),
                ("title", #"{"title": 5}"#), ("title", #"{"title": ["a"]}"#),
                ("title", "{\"title\": \"\(String(repeating: "a", count: 201))\"}"),
                ("rate_cents", #"{"title": "a", "rate_cents": 1.5}"#),
                ("rate_cents", #"{"title": "a", "rate_cents": 1.0}"#),
                ("rate_cents", #"{"title": "a", "rate_cents": "5"}"#),
                ("rate_cents", #"{"title": "a", "rate_cents": true}"#),
                ("rate_cents", #"{"title": "a", "rate_cents": -1}"#),
                ("rate_cents", #"{"title": "a", "rate_cents": 1e3}"#),
                ("rate_cents", #"{"title": "a", "rate_cents": 9223372036854775808}"#),
                ("rate_cents", #"{"title": "a", "rate_cents": 9223372036854775807}"#),
                ("rate_cents", #"{"title": "a", "rate_cents": 1e999}"#),
                ("status", #"{"title": "a", "status": "published"}"#), ("status", #"{"title": "a", "status": 1}"#),
                ("description", #"{"title": "a", "description": 1}"#), ("scope", #"{"title": "a", "scope": {}}"#),
            ]
            for (path, body) in bad {
                let answer = try await client.session.ask(
                    .post, "/api/gigs", bytes: Array(body.utf8), headers: [("Content-Type", "application/json")])
                #expect(answer.status == 400, "\(body.prefix(80)): \(answer)")
                #expect(answer.issuePaths == [path], "\(body.prefix(80)): \(answer)")
            }
            for status in ["draft", "closed"] {
                let own = try await client.session.succeed(Endpoints.gigs.list.operation, query: "?status=\(status)")
                #expect(own["gigs"] == [])
            }
        }

        @Test
        func `A change with a bad member changes nothing`() async throws {
            let deal = try await Deal.make(.posted, in: stack)
            let before = try await deal.client.session.succeed(Endpoints.gigs.get.operation, deal.gigIDs)
            let bad: [(String, JSONValue)] = [
                ("status", ["title": "New", "status": "published"]), ("title", ["title": nil]),
                ("title", ["title": "  "]),
                ("rate_cents", ["title": "New", "rate_cents": -5]),
                ("owner_user_id", ["owner_user_id": .string(deal.worker.id)]),
            ]
            for (path, body) in bad {
                let answer = try await deal.client.session.ask(Endpoints.gigs.update.operation, deal.gigIDs, body)
                #expect(answer.status == 400, "\(body): \(answer)")
                #expect(answer.issuePaths == [path], "\(body): \(answer)")
            }
            let after = try await deal.client.session.succeed(Endpoints.gigs.get.operation, deal.gigIDs)
            #expect(after.json == before.json)
            #expect(after.header("etag") == before.header("etag"))
        }

        @Test
        func `Terms out of range are refused by name, and no round is used up`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let bad: [(String, JSONValue)] = [
                ("rate_cents", ["rate_cents": -1]), ("hours_per_week", ["hours_per_week": 169]),
                ("hours_per_week", ["hours_per_week": -1]), ("hours_per_week", ["hours_per_week": .decimal("10.0")]),
                ("payout_delay_days", ["payout_delay_days": 2]), ("payout_delay_days", ["payout_delay_days": 11]),
                ("start_date", ["start_date": "2026-02-30"]), ("start_date", ["start_date": "01.02.2027"]),
                ("start_date", ["start_date": "2027-1-1"]), ("start_date", ["start_date": 20_270_101]),
            ]
            for (path, body) in bad {
                let answer = try await deal.worker.session.ask(
                    Endpoints.negotiations.round.operation, deal.negotiationIDs, body)
                #expect(answer.status == 400, "\(body): \(answer)")
                #expect(answer.issuePaths == [path], "\(body): \(answer)")
            }
            let empty = try await deal.worker.session.ask(
                Endpoints.negotiations.round.operation, deal.negotiationIDs, [:])
            #expect(empty.status == 400, "\(empty)")
            let seen = try await deal.client.session.succeed(Endpoints.negotiations.get.operation, deal.negotiationIDs)
            #expect(seen["round_number"] == 1)
            #expect(seen["rate_cents"] == 5_500)
        }

        @Test
        func `Bad members of the other endpoints of a deal are refused by name`() async throws {
            let deal = try await Deal.make(.agreed, in: stack)
            let client = deal.client.session
            let bad: [(SharedModels.Operation, [String: String], JSONValue, String)] = [
                (Endpoints.applications.update.operation, deal.applicationIDs, ["status": "applied"], "status"),
                (Endpoints.applications.update.operation, deal.applicationIDs, [:], "status"),
                (
                    Endpoints.negotiations.create.operation, [:],
                    ["gig_id": "7", "worker_user_id": .string(deal.worker.id)], "gig_id"
                ),
                (Endpoints.negotiations.create.operation, [:], ["gig_id": .string(deal.gig)], "worker_user_id"),
                (Endpoints.contracts.revise.operation, deal.contractIDs, ["notes": ""], "notes"),
                (Endpoints.contracts.revise.operation, deal.contractIDs, [:], "notes"),
                (Endpoints.profiles.update.operation, [:], ["user_type": "admin"], "user_type"),
                (
                    Endpoints.profiles.update.operation, [:], ["portfolio_website_url": "javascript:alert(1)"],
                    "portfolio_website_url"
                ),
                (Endpoints.profiles.update.operation, [:], ["skills": [1]], "skills.0"),
                (Endpoints.profiles.update.operation, [:], ["credits_balance": 5], "credits_balance"),
                (Endpoints.notifications.createWebhook.operation, [:], ["url": "ftp://example.com/"], "url"),
                (Endpoints.notifications.createWebhook.operation, [:], ["url": "http://user:pw@example.com/"], "url"),
                (Endpoints.notifications.createWebhook.operation, [:], ["url": "http://10.0.0.1/"], "url"),
                (
                    Endpoints.notifications.createWebhook.operation, [:], ["url": "http://[::ffff:169.254.169.254]/"],
                    "url"
                ),
                (
                    Endpoints.notifications.createWebhook.operation, [:],
                    ["url": "https://example.com/", "events": ["gig.eaten"]], "events.0"
                ),
                (
                    Endpoints.notifications.createChannel.operation, [:], ["channel_type": "pigeon", "config": [:]],
                    "channel_type"
                ),
                (Endpoints.keys.create.operation, [:], ["prefix": "Not Allowed"], "prefix"),
            ]
            for (operation, ids, body, path) in bad {
                let answer = try await client.ask(operation, ids, body)
                #expect(answer.status == 400, "\(operation.id) \(body): \(answer)")
                #expect(answer.issuePaths.first == path, "\(operation.id) \(body): \(answer)")
            }
            #expect(try await deal.view()["status"] == "pending_owner_approval")
        }

        @Test(arguments: [
            ("/api/gigs?status=published", 400), ("/api/gigs?limit=0", 400), ("/api/gigs?limit=101", 400),
            ("/api/gigs?limit=x", 400),
            ("/api/gigs?cursor=nonsense", 400), ("/api/negotiations?state=done", 400),
            ("/api/contracts?status=done", 400),
            ("/api/applications/mine?gig_id=1", 400), ("/api/gigs/00000000-0000-0000-0000-000000000000", 404),
        ])
        func `A bad query is 400, an invalid id is 404 or 400`(target: String, status: Int) async throws {
            let answer = try await stack.client().session.ask(.get, target)
            #expect(answer.status == status, "\(target): \(answer)")
            // The parameter is named, and told apart from one of a different type.
            if status == 400 {
                #expect(!answer.issuePaths.isEmpty && answer["message"]?.string?.contains("a string") == false)
            }
        }
    }
}
