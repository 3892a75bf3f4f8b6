import Foundation
import SharedModels
import Testing

extension Journeys {
    /// The admin's actions, over HTTP and with each of an admin's credentials.
    @Suite struct Administration {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private static let operations = Catalogue.published.filter {
            guard case .account(let rule) = $0.access else { return false }
            return rule.isForAdmins
        }

        private func ids(_ operation: SharedModels.Operation) -> [String: String] {
            Dictionary(
                uniqueKeysWithValues: operation.pathParameters.map { ($0, UUID().uuidString.lowercased()) })
        }

        /// A paid milestone of 55,000 cents that the client disputes.
        private func disputed() async throws -> (deal: Deal, dispute: [String: String]) {
            let deal = try await Deal.make(.delivered, in: stack)
            let opened = try await deal.client.session.succeed(
                Endpoints.disputes.create.operation, [:],
                [
                    "contract_id": .string(deal.contract), "milestone_id": .string(deal.milestone),
                    "disputing_party": "client", "reason": "It does not parse.",
                    "evidence": [["type": "other", "description": "It fails."]],
                ])
            return (deal, ["id": try #require(opened["id"]?.string)])
        }

        /// Decides as the admin and waits until the money has moved.
        private func decide(_ dispute: [String: String], as decision: JSONValue) async throws -> Answer {
            let admin = try await stack.admin().caller
            let answer = try await admin.ask(Endpoints.disputes.resolve.operation, dispute, decision)
            try #require([200, 202].contains(answer.status), "\(answer)")
            return try await eventually("the decision is carried out") {
                let seen = try await admin.succeed(Endpoints.disputes.get.operation, dispute)
                return seen["resolution"]?["settled_at"]?.string == nil ? nil : seen
            }
        }

        /// The sums of an account's ledger entries, by the beginning of the ledger account's name.
        private func booked(_ deal: Deal) async throws -> [String: Int64] {
            try await stack.ledger(of: deal.milestone).entries.reduce(into: [:]) { sums, entry in
                sums[String(entry.account.prefix { $0 != ":" }), default: 0] += entry.amountMinor
            }
        }

        @Test
        func `Nobody else may do what an admin does, whatever their credential`() async throws {
            try #require(Self.operations.count >= 3)
            let (client, freelancer) = (try await stack.client(), try await stack.freelancer())
            let callers = [
                client.session, freelancer.session, try await client.key().caller,
                try await freelancer.key().caller,
            ]
            for operation in Self.operations {
                let nobody = try await stack.anyone.ask(operation, ids(operation))
                #expect(nobody.status == 401 && nobody.code == "UNAUTHORIZED", "\(operation.id): \(nobody)")
                for caller in callers {
                    let answer = try await caller.ask(operation, ids(operation))
                    #expect(answer.status == 403 && answer.code == "FORBIDDEN", "\(operation.id): \(answer)")
                }
            }
        }

        @Test
        func `An admin reads a dispute of others and decides it for the client, who gets the money back`() async throws
        {
            let (deal, dispute) = try await disputed()
            let admin = try await stack.admin().caller
            let seen = try await admin.succeed(Endpoints.disputes.get.operation, dispute, query: "?evidence=1")
            #expect(seen["evidence"]?.array?.count == 1)
            let decision: JSONValue = ["outcome": "client", "charge_fee": true, "note": "It did not parse."]
            let settled = try await decide(dispute, as: decision)
            #expect(settled["status"] == "resolved" && settled["resolution"]?["outcome"] == "client")
            #expect(settled["resolution"]?["arbitration_fee_cents"] == 15_000)
            let again = try await admin.succeed(Endpoints.disputes.resolve.operation, dispute, decision)
            #expect(again["resolution"] == settled["resolution"])
            let told = try await deal.worker.session.succeed(Endpoints.disputes.get.operation, dispute)
            #expect(told["resolution"]?["note"] == "It did not parse.")
            #expect(try await stack.ledger(of: deal.milestone).state == .unfunded)
            // The worker has never paid anything, so there is no card to charge.
            let fee = try await stack.arbitrationFee(of: dispute)
            #expect(fee.state == .owed && fee.amountCents == 15_000 && fee.attempts == 0)
            let refused = try await admin.ask(
                Endpoints.disputes.resolve.operation, dispute, ["outcome": "worker"])
            #expect(refused.status == 409, "\(refused)")
        }

        @Test
        func `An admin decides for the worker, who is paid; the fee is taken from the card the client funded with`()
            async throws
        {
            let (deal, dispute) = try await disputed()
            let settled = try await decide(dispute, as: ["outcome": "worker", "charge_fee": true])
            #expect(settled["resolution"]?["outcome"] == "worker")
            #expect(try await stack.ledger(of: deal.milestone).state == .released)
            #expect(try await booked(deal)["payable"] == 52_250)
            let fee = try await eventually("the fee is collected") {
                let fee = try await stack.arbitrationFee(of: dispute)
                return fee.state == .collected ? fee : nil
            }
            #expect(fee.amountCents == 15_000 && fee.attempts == 1)
            let payments = try await stack.provider("payment_intents")
            let payment = try #require(payments.first { $0["id"]?.string == fee.paymentIntentID })
            #expect(payment["status"] == "succeeded" && payment["amount_received"] == 15_000)
            #expect(payment["metadata"]?["dispute_id"]?.string == dispute["id"])
        }

        @Test
        func `An admin splits, and each side gets its part`() async throws {
            let (deal, dispute) = try await disputed()
            let admin = try await stack.admin().caller
            let all = try await admin.ask(
                Endpoints.disputes.resolve.operation, dispute, ["outcome": "split", "worker_cents": 55_000])
            #expect(all.status == 400 && all.issuePaths == ["worker_cents"], "\(all)")
            let settled = try await decide(dispute, as: ["outcome": "split", "worker_cents": 20_000])
            #expect(settled["resolution"]?["outcome"] == "split")
            let sums = try await booked(deal)
            #expect(sums["payable"] == 19_000 && sums["revenue"] == 1_000)
        }

        @Test
        func `An admin takes a review down`() async throws {
            let deal = try await Deal.make(.delivered, in: stack)
            try await deal.client.session.succeed(Endpoints.contracts.release.operation, deal.milestoneIDs)
            try await deal.reaches("completed")
            let create = Endpoints.reviews.create.operation
            let review = try await deal.client.session.succeed(create, deal.contractIDs, ["rating": 1])
            try await deal.worker.session.succeed(create, deal.contractIDs, ["rating": 5])
            let list = Endpoints.reviews.list.operation
            #expect(
                try await deal.client.session.succeed(list, ["userId": deal.worker.id])["reviews"]?.array?
                    .count == 1)
            let hidden = try await stack.admin().caller.succeed(
                Endpoints.reviews.hide.operation, ["id": try #require(review["id"]?.string)])
            #expect(hidden["status"] == "hidden")
            #expect(
                try await deal.client.session.succeed(list, ["userId": deal.worker.id])["reviews"]?.array?
                    .isEmpty == true)
        }

        @Test
        func `An admin gives credits, once for each reference, to somebody who is there`() async throws {
            let client = try await stack.client()
            let admin = try await stack.admin().caller
            let grant = Endpoints.credits.grant.operation
            let body: JSONValue = ["user_id": .string(client.id), "amount": 90, "reference_id": "invoice-7"]
            let first = try await admin.succeed(grant, [:], body)
            #expect(first["credits_balance"] == 100)
            let again = try await admin.succeed(grant, [:], body)
            #expect(again.json == first.json)
            #expect(
                try await client.session.succeed(Endpoints.credits.balance.operation)["credits_balance"] == 100)
            let nobody = try await admin.ask(
                grant, [:], ["user_id": .string(UUID().uuidString.lowercased()), "amount": 1])
            #expect(nobody.status == 404 && nobody.code == "NOT_FOUND", "\(nobody)")
            for (amount, path) in [(0, "amount"), (-5, "amount"), (1_000_000_001, "amount")]
                as [(Int64, String)]
            {
                let answer = try await admin.ask(
                    grant, [:], ["user_id": .string(client.id), "amount": .integer(amount)])
                #expect(answer.status == 400 && answer.issuePaths == [path], "\(answer)")
                #expect(answer["status"] == 400 && answer["message"]?.string != nil)
            }
            #expect(
                try await client.session.succeed(Endpoints.credits.balance.operation)["credits_balance"] == 100)
        }

        @Test
        func `An admin finds new disputes and new cases about money in the inbox`() async throws {
            let (deal, _) = try await disputed()
            _ = try await stack.disputedPayment()
            let admin = try await stack.admin().caller
            for event in ["dispute.created", "case.opened"] {
                _ = try await eventually("the admin is told of \(event)") {
                    let inbox = try await admin.succeed(Endpoints.feed.inbox.operation, query: "?limit=100")
                    return inbox["notices"]?.array?.first { $0["event"]?.string == event }
                }
            }
            let seen = try await deal.client.session.succeed(Endpoints.feed.inbox.operation, query: "?limit=100")
            #expect(seen["notices"]?.array?.contains { $0["event"] == "case.opened" } == false)
        }

        @Test
        func `An admin's API key may do what the admin may`() async throws {
            let admin = try await stack.admin()
            let made = try await admin.caller.succeed(
                Endpoints.keys.create.operation, [:], ["name": "automation"])
            var caller = stack.anyone
            caller.headers = [("x-api-key", try #require(made["key"]?.string))]
            let client = try await stack.client()
            try await caller.succeed(
                Endpoints.credits.grant.operation, [:], ["user_id": .string(client.id), "amount": 1])
            try await admin.caller.succeed(
                Endpoints.keys.revoke.operation, ["id": try #require(made["id"]?.string)])
        }
    }
}
