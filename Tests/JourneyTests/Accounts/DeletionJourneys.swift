import SharedModels
import Testing

extension Journeys {
    /// The deletion of an account, as its owner and its partners see it.
    @Suite struct Deletions {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private func delete(_ account: Account) async throws -> Answer {
            try await account.session.ask(Endpoints.account.delete.operation, [:], ["reason": "enough"])
        }

        /// One endpoint of each service that takes a key as well as a session.
        private let doors = [
            Endpoints.keys.list.operation, Endpoints.profiles.me.operation, Endpoints.gigs.list.operation,
            Endpoints.contracts.list.operation, Endpoints.credits.balance.operation,
            Endpoints.notifications.listWebhooks.operation,
        ]

        @Test
        func `Afterwards session and key are 401 on every service, and the account is not there for anybody`()
            async throws
        {
            let (gone, stays) = (try await stack.freelancer(), try await stack.client())
            let key = try await gone.key()
            for door in doors {
                try await gone.session.at(door.service).succeed(door)
                try await key.caller.at(door.service).succeed(door)
            }
            let answer = try await delete(gone)
            #expect(answer.status == 200, "\(answer)")
            #expect(answer["deleted"] == true)
            #expect(answer.header("set-cookie")?.hasPrefix("guildhall_session=; ") == true)
            for door in doors {
                for caller in [gone.session, key.caller] {
                    try await caller.at(door.service).waitUntilRefused(at: door)
                }
            }
            let again = try await delete(gone)
            #expect(again.status == 401, "\(again)")
            _ = try await eventually("the profile is gone") {
                let seen = try await stays.session.ask(Endpoints.profiles.get.operation, ["userId": gone.id])
                return seen.status == 404 ? true : nil
            }
        }

        @Test
        func `Who signs up again has no new credits, and goes on with the day that was begun`() async throws {
            let first = try await stack.freelancer()
            let key = try await first.key()
            let start = ContinuousClock.now
            for _ in 0..<30 { try await key.caller.succeed(Endpoints.credits.balance.operation) }
            let used = try await delete(first)
            #expect(used.status == 200, "\(used)")
            let again = try await stack.account(.freelancer, login: first.login)
            #expect(again.id != first.id)
            let credits = try await again.session.succeed(Endpoints.credits.balance.operation)
            #expect(credits["credits_balance"] == 0)
            let spend = try await again.session.ask(
                Endpoints.credits.deduct.operation, [:], ["amount": 1, "reason": "match_deduction"])
            #expect(spend.status == 409, "\(spend)")
            let seen = try await again.key().caller.succeed(Endpoints.credits.balance.operation)
            let remaining = try #require(seen.header("x-ratelimit-remaining").flatMap { Int($0) })
            // Each second gives one back.
            let seconds = Int((ContinuousClock.now - start) / .seconds(1))
            #expect(remaining < 40 + seconds, "\(remaining) of the minute are left after \(seconds) s")
        }

        @Test
        func `A key does not delete its account`() async throws {
            let account = try await stack.client()
            let answer = try await account.key().caller.ask(Endpoints.account.delete.operation, [:], [:])
            #expect(answer.status == 401, "\(answer)")
            try await account.session.succeed(Endpoints.session.current.operation)
        }

        @Test
        func `Held money, a dispute and a payout on its way are each named, and then nothing is in the way`()
            async throws
        {
            let deal = try await Deal.make(.delivered, in: stack)
            for account in [deal.client, deal.worker] {
                let answer = try await delete(account)
                #expect(answer.status == 409, "\(answer)")
                #expect(answer.code == "CONFLICT")
                #expect(answer.issuePaths == ["milestones.\(deal.milestone)"])
            }
            // The attempts blocked nobody in the deal.
            try await deal.client.session.succeed(Endpoints.contracts.release.operation, deal.milestoneIDs)
            try await deal.reaches("completed")
            let waiting = try await delete(deal.worker)
            #expect(waiting.status == 409, "\(waiting)")
            #expect(waiting.issuePaths == ["payouts.\(deal.milestone)"])
            // Not the client's any more.
            let client = try await delete(deal.client)
            #expect(client.status == 200, "\(client)")
            try await stack.advanceClock(seconds: 3 * 86_400 + 60)
            _ = try await eventually("the payout has left") {
                try await stack.ledger(of: deal.milestone).state == .paid ? true : nil
            }
            let worker = try await delete(deal.worker)
            #expect(worker.status == 200, "\(worker)")
        }

        @Test
        func `A dispute is named to both sides`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let opened = try await deal.worker.session.succeed(
                Endpoints.disputes.create.operation, [:],
                [
                    "contract_id": .string(deal.contract), "milestone_id": .string(deal.milestone),
                    "disputing_party": "worker", "reason": "They do not answer.", "evidence": [],
                ])
            let dispute = try #require(opened["id"]?.string)
            for account in [deal.client, deal.worker] {
                let answer = try await delete(account)
                #expect(answer.status == 409, "\(answer)")
                #expect(answer.issuePaths.contains("disputes.\(dispute)"))
            }
        }

        @Test
        func `The other side sees the contract cancelled and the negotiation over, and is told`() async throws {
            let deal = try await Deal.make(.onboarded, in: stack)
            let funding = try await deal.client.session.succeed(
                Endpoints.contracts.fund.operation, deal.milestoneIDs)
            let intent = try #require(funding["payment_intent_id"]?.string)
            let other = try await Deal.make(.agreed, in: stack)
            try await Receiver.use(of: deal.client) { clients in
                let answer = try await delete(deal.worker)
                #expect(answer.status == 200, "\(answer)")
                let seen = try await deal.reaches("cancelled")
                #expect(seen.nextActions.isEmpty)
                _ = try await eventually("the client is told") {
                    clients.messages(of: .contractUpdated).isEmpty ? nil : true
                }
            }
            _ = try await eventually("the payment that was begun is let go") {
                try await stack.provider("payment_intents").contains {
                    $0["id"]?.string == intent && $0["status"] == "canceled"
                } ? true : nil
            }
            let fund = try await deal.client.session.ask(Endpoints.contracts.fund.operation, deal.milestoneIDs)
            #expect(fund.status == 409, "\(fund)")

            let answer = try await delete(other.client)
            #expect(answer.status == 200, "\(answer)")
            _ = try await eventually("the negotiation is over") {
                let seen = try await other.worker.session.succeed(
                    Endpoints.negotiations.get.operation, other.negotiationIDs)
                return seen["state"] == "expired" && seen.nextActions.isEmpty ? true : nil
            }
            let approve = try await other.worker.session.ask(
                Endpoints.contracts.approve.operation, other.contractIDs)
            #expect(approve.status == 409, "\(approve)")
        }

        @Test
        func `The payment provider forgets the cards`() async throws {
            let deal = try await Deal.make(.delivered, in: stack)
            let customer = try #require(
                try await stack.provider("customers").first {
                    $0["metadata"]?["account_id"]?.string == deal.client.id
                }?["id"])
            try await deal.client.session.succeed(Endpoints.contracts.release.operation, deal.milestoneIDs)
            let answer = try await delete(deal.client)
            #expect(answer.status == 200, "\(answer)")
            _ = try await eventually("the customer is gone") {
                try await stack.provider("customers").contains { $0["id"] == customer && $0["deleted"] == true }
                    ? true : nil
            }
        }

        @Test
        func `Gigs leave the market and applications come to an end`() async throws {
            let deal = try await Deal.make(.applied, in: stack)
            let answer = try await delete(deal.client)
            #expect(answer.status == 200, "\(answer)")
            _ = try await eventually("the application is rejected") {
                let own = try await deal.worker.session.succeed(Endpoints.applications.mine.operation)
                return own["applications"]?.array?.first?["status"] == "rejected" ? true : nil
            }
            let gig = try await deal.worker.session.ask(Endpoints.gigs.get.operation, deal.gigIDs)
            #expect(gig.status == 404, "\(gig)")
        }

        @Test
        func `Who comes back is somebody new with the score they left with`() async throws {
            let deal = try await Deal.make(.delivered, in: stack)
            let client = deal.client
            try await client.session.succeed(Endpoints.contracts.release.operation, deal.milestoneIDs)
            _ = try await eventually("the score has moved") {
                let me = try await client.session.succeed(Endpoints.profiles.me.operation)
                return me["ghost_score"] == 55 ? true : nil
            }
            let answer = try await delete(client)
            #expect(answer.status == 200, "\(answer)")
            let back = try await stack.account(.client, login: client.login)
            #expect(back.id != client.id)
            _ = try await eventually("the score is inherited") {
                let me = try await back.session.succeed(Endpoints.profiles.me.operation)
                return me["ghost_score"] == 55 ? true : nil
            }
            #expect(try await back.session.succeed(Endpoints.keys.list.operation)["keys"] == [])
        }

        @Test
        func `Parallel deletions end the account once`() async throws {
            let account = try await stack.client()
            let answers = try await Parallel.run(5) { try await delete(account) }
            #expect(answers.count { $0.status == 200 } == 1, "\(answers)")
            #expect(answers.allSatisfy { [200, 401].contains($0.status) }, "\(answers)")
        }
    }
}
