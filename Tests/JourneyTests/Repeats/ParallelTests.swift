import SharedModels
import Testing

extension Journeys {
    @Suite struct AtOnce {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `Ten simultaneous releases pay once and tell once`() async throws {
            let deal = try await Deal.make(.delivered, in: stack)
            try await Receiver.use(of: deal.worker) { receiver in
                let answers = try await Parallel.run(10) {
                    try await deal.client.session.ask(Endpoints.contracts.release.operation, deal.milestoneIDs)
                }
                #expect(answers.allSatisfy { [200, 202, 409, 503].contains($0.status) }, "\(answers)")
                try await deal.reaches("completed")
                let again = try await deal.client.session.succeed(
                    Endpoints.contracts.release.operation, deal.milestoneIDs)
                #expect(again["transfer_cents"] == 52_250)
                try await stack.advanceClock(seconds: 3 * 86_400 + 60)
                _ = try await eventually("the payout leaves") {
                    try await stack.ledger(of: deal.milestone).state == .paid ? true : nil
                }
                let money = try await deal.moneyAtProvider()
                #expect(money.captured == [55_000])
                #expect(money.transfers == [52_250])
                _ = try await eventually("the worker is told") {
                    receiver.messages(of: .milestoneReleased).isEmpty ? nil : true
                }
                #expect(receiver.messages(of: .milestoneReleased).count == 1)
            }
        }

        @Test
        func `Two hundred releases at once, each under its own key, are one transfer`() async throws {
            let deal = try await Deal.make(.delivered, in: stack)
            let answers = try await Parallel.map(Array(0..<200)) { number in
                try await deal.client.session.ask(
                    Endpoints.contracts.release.operation, deal.milestoneIDs,
                    headers: [("Idempotency-Key", "release-\(deal.milestone)-\(number)")])
            }
            #expect(
                answers.allSatisfy { [200, 202, 409, 429, 503].contains($0.status) }, "\(Set(answers.map(\.status)))")
            #expect(answers.contains { $0.status == 200 || $0.status == 202 })
            try await deal.reaches("completed")
            try await stack.advanceClock(seconds: 3 * 86_400 + 60)
            _ = try await eventually("the payout leaves") {
                try await stack.ledger(of: deal.milestone).state == .paid ? true : nil
            }
            let money = try await deal.moneyAtProvider()
            #expect(money.captured == [55_000] && money.transfers == [52_250])
        }

        @Test
        func `Ten simultaneous applications are one`() async throws {
            let deal = try await Deal.make(.posted, in: stack)
            let answers = try await Parallel.run(10) {
                try await deal.worker.session.ask(Endpoints.gigs.apply.operation, deal.gigIDs)
            }
            #expect(answers.count { $0.status == 201 } == 1, "\(answers.map(\.status))")
            #expect(answers.count { $0.status == 409 } == 9)
        }

        @Test
        func `Ten simultaneous negotiations are one`() async throws {
            let deal = try await Deal.make(.shortlisted, in: stack)
            let answers = try await Parallel.run(10) {
                try await deal.client.session.ask(Endpoints.negotiations.create.operation, [:], deal.parties)
            }
            #expect(answers.count { $0.status == 201 } == 1, "\(answers)")
            #expect(answers.count { $0.status == 409 } == 9)
        }

        @Test
        func `Ten simultaneous rounds are the two that were left`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let answers = try await Parallel.run(10) {
                try await deal.worker.session.ask(
                    Endpoints.negotiations.round.operation, deal.negotiationIDs, ["rate_cents": 7_000])
            }
            #expect(answers.count { $0.status == 200 } == 2, "\(answers.map(\.status))")
            #expect(answers.count { $0.status == 409 } == 8)
        }

        @Test
        func `Ten simultaneous agreements make one contract`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let answers = try await Parallel.run(10) {
                try await deal.client.session.ask(Endpoints.negotiations.agree.operation, deal.negotiationIDs)
            }
            #expect(answers.allSatisfy { [200, 409].contains($0.status) }, "\(answers.map(\.status))")
            let contracts = try await deal.client.session.succeed(Endpoints.contracts.list.operation)
            #expect(contracts["contracts"]?.array?.count == 1)
        }

        @Test
        func `Ten simultaneous fundings are one PaymentIntent`() async throws {
            let deal = try await Deal.make(.onboarded, in: stack)
            let answers = try await Parallel.run(10) {
                try await deal.client.session.ask(Endpoints.contracts.fund.operation, deal.milestoneIDs)
            }
            #expect(answers.allSatisfy { [200, 202, 409, 503].contains($0.status) }, "\(answers)")
            #expect(Set(answers.compactMap { $0["payment_intent_id"]?.string }).count == 1)
        }
    }
}
