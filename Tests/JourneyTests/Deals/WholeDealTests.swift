import GuildhallClient
import Testing

@testable import SharedModels

extension Journeys {
    @Suite struct WholeDeal {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        @Test
        func `A deal goes from posting to payout, and every figure agrees`() async throws {
            let deal = try await Deal.make(.delivered, in: stack)
            let release = try await deal.client.session.succeed(
                Endpoints.contracts.release.operation, deal.milestoneIDs)
            #expect(release["status"] == "released")
            #expect(release["amount_cents"] == 55_000)
            #expect(release["platform_fee_cents"] == 2_750)
            #expect(release["transfer_cents"] == 52_250)
            #expect(try await deal.view()["status"] == "completed")

            try await stack.advanceClock(seconds: 3 * 86_400 + 60)
            let ledger = try await eventually("the payout leaves") {
                let ledger = try await stack.ledger(of: deal.milestone)
                return ledger.state == .paid ? ledger : nil
            }
            let transactions = Dictionary(grouping: ledger.entries, by: \.transactionID)
            #expect(!transactions.isEmpty)
            #expect(transactions.values.allSatisfy { $0.map(\.amountMinor).reduce(0, +) == 0 })
            let money = try await deal.moneyAtProvider()
            #expect(money.captured == [55_000])
            #expect(money.transfers == [52_250])
        }

        @Test
        func `The payout does not leave before its delay is over`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            try await deal.client.session.succeed(Endpoints.contracts.release.operation, deal.milestoneIDs)
            try await stack.advanceClock(seconds: 3 * 86_400 - 600)
            // A later deal's release has passed all queues; the earlier one's transfer is still to come.
            let other = try await Deal.make(.funded, in: stack)
            try await other.client.session.succeed(Endpoints.contracts.release.operation, other.milestoneIDs)
            #expect(try await stack.ledger(of: deal.milestone).state != .paid)
            try await stack.advanceClock(seconds: 1_200)
            _ = try await eventually("the payout leaves") {
                try await stack.ledger(of: deal.milestone).state == .paid ? true : nil
            }
            #expect(try await stack.ledger(of: other.milestone).state != .paid)
        }

        @Test
        func `A deal for nothing needs neither onboarding nor payment`() async throws {
            let deal = try await Deal.make(.agreed, rateCents: 0, in: stack)
            try await deal.approve()
            #expect(try await deal.view()["status"] == "pending_client_funding")
            let funding = try await deal.client.session.succeed(Endpoints.contracts.fund.operation, deal.milestoneIDs)
            #expect(funding["status"] == "funded")
            #expect(funding["client_secret"]?.isNull ?? true)
            #expect(try await deal.view()["status"] == "active")
            try await deal.deliver()
            let release = try await deal.client.session.succeed(
                Endpoints.contracts.release.operation, deal.milestoneIDs)
            #expect(release["status"] == "released")
            #expect(release["transfer_cents"] == 0)
            #expect(try await deal.view()["status"] == "completed")
        }

        @Test
        func `The typed client plays the same part as any other caller`() async throws {
            let guildhall = GuildhallClient(url: stack.gateway)
            let key = try await stack.client().key()
            let client = guildhall.signedIn(as: .key(key.text))
            let gig = try await client.call(Endpoints.gigs.create, GigInput(title: "A lexer", rateCents: 4_200))
            #expect(try await client.call(Endpoints.gigs.get, path: ["id": gig.id.description]).rateCents == 4_200)
            let refusal = await #expect(throws: GuildhallRefusal.self) {
                try await client.call(Endpoints.gigs.create, GigInput(title: ""))
            }
            #expect(refusal?.status == 400)
            #expect(refusal?.issues.map(\.path) == ["title"])
            await guildhall.close()
        }
    }
}
