import SharedModels
import Testing

extension Journeys {
    @Suite struct ProviderFaults {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test(arguments: [
            "error", "rate_limit", "timeout_after_success",
        ])
        func `A release during a fault of the payment provider is never 500, and finishes by itself`(mode: String)
            async throws
        {
            let deal = try await Deal.make(.delivered, in: stack)
            try await stack.failing(
                "stripe", path: "/capture", mode: mode, times: mode == "timeout_after_success" ? 1 : 100
            ) {
                let answer = try await deal.client.session.ask(Endpoints.contracts.release.operation, deal.milestoneIDs)
                #expect([200, 202, 409, 502, 503, 504].contains(answer.status), "\(answer)")
                if answer.status == 503 { #expect(answer.header("retry-after") != nil) }
                if answer.status >= 400 {
                    try #require(answer.status != 409, "a release that may go on is no conflict: \(answer)")
                }
            }
            // Without another call, work that was accepted, or may have been, continues.
            try await deal.reaches("completed")
            let money = try await deal.moneyAtProvider()
            #expect(money.captured == [55_000])
        }

        @Test
        func `Funding during a fault is never 500, and works when asked again`() async throws {
            let deal = try await Deal.make(.onboarded, in: stack)
            try await stack.failing("stripe", path: "/payment_intents", mode: "error", times: 100) {
                let answer = try await deal.client.session.ask(Endpoints.contracts.fund.operation, deal.milestoneIDs)
                #expect([200, 202, 502, 503, 504].contains(answer.status), "\(answer)")
            }
            let intent = try await eventually("funding works again") {
                try await deal.client.session.ask(Endpoints.contracts.fund.operation, deal.milestoneIDs)[
                    "payment_intent_id"]?.string
            }
            try await stack.confirm(intent)
            try await deal.reaches("active")
            let intents = try await stack.provider("payment_intents").filter {
                $0["metadata"]?["milestone_id"]?.string == deal.milestone
            }
            #expect(intents.count <= 1)
        }

        @Test
        func `A declined card leaves the milestone unfunded, and another card funds it`() async throws {
            let deal = try await Deal.make(.onboarded, in: stack)
            let funding = try await deal.client.session.succeed(Endpoints.contracts.fund.operation, deal.milestoneIDs)
            let intent = try #require(funding["payment_intent_id"]?.string)
            #expect(try await stack.pay(intent, with: "pm_card_chargeDeclined").status == 402)
            #expect(try await deal.view()["status"] == "pending_client_funding")
            try await stack.confirm(intent)
            try await deal.reaches("active")
        }

        @Test(arguments: ["/webhook", "/api/stripe/webhook"])
        func `A forged event of the payment provider is 400 and does nothing`(path: String) async throws {
            let body = Array(
                #"{"id":"evt_forged","type":"payment_intent.amount_capturable_updated","data":{"object":{}}}"#.utf8)
            for header in [[], [(name: "Stripe-Signature", value: "t=1,v1=00")]] {
                let answer = try await stack.anyone.ask(
                    .post, path, bytes: body, headers: header + [("Content-Type", "application/json")])
                #expect(answer.status == 400, "\(answer)")
            }
        }
    }
}
