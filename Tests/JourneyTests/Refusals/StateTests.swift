import SharedModels
import Testing

extension Journeys {
    /// Who may do what, and when. None of these calls changes the deal.
    @Suite struct Refusals {
        private typealias Step = (operation: SharedModels.Operation, ids: [String: String], body: JSONValue?)
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private func steps(_ deal: Deal) -> [Step] {
            [
                (Endpoints.negotiations.get.operation, deal.negotiationIDs, nil),
                (Endpoints.negotiations.round.operation, deal.negotiationIDs, ["rate_cents": 1]),
                (Endpoints.negotiations.agree.operation, deal.negotiationIDs, nil),
                (Endpoints.contracts.get.operation, deal.contractIDs, nil),
                (Endpoints.contracts.approve.operation, deal.contractIDs, nil),
                (Endpoints.contracts.connectLink.operation, deal.contractIDs, nil),
                (Endpoints.contracts.revise.operation, deal.contractIDs, ["notes": "No."]),
                (Endpoints.contracts.fund.operation, deal.milestoneIDs, nil),
                (Endpoints.contracts.deliver.operation, deal.milestoneIDs, ["note": "Done."]),
                (Endpoints.contracts.release.operation, deal.milestoneIDs, nil),
            ]
        }

        @Test
        func `To a stranger a deal does not exist: the answer is that of a missing one`() async throws {
            let deal = try await Deal.make(.funded, in: stack)
            let before = try await deal.view()
            for stranger in [try await stack.client(), try await stack.freelancer()] {
                for step in steps(deal) {
                    let answer = try await stranger.session.ask(step.operation, step.ids, step.body)
                    #expect(answer.status == 404, "\(step.operation.id): \(answer)")
                    let missing = try await stranger.session.ask(
                        step.operation, step.ids.mapValues { _ in "01890000-0000-7000-8000-000000000000" }, step.body)
                    #expect(missing.json["error"] == answer.json["error"], "\(step.operation.id)")
                }
                for list in [Endpoints.negotiations.list.operation, Endpoints.contracts.list.operation] {
                    let seen = try await stranger.session.succeed(list)
                    #expect(seen[list.id.hasPrefix("neg") ? "negotiations" : "contracts"] == [])
                }
            }
            #expect(try await deal.view().json == before.json)
        }

        @Test
        func `Within a deal the other side's step is 403`() async throws {
            let deal = try await Deal.make(.approved, in: stack)
            let before = try await deal.view()
            let client = deal.client.session
            let worker = deal.worker.session
            let wrong: [(Caller, SharedModels.Operation, [String: String])] = [
                (client, Endpoints.contracts.connectLink.operation, deal.contractIDs),
                (worker, Endpoints.contracts.fund.operation, deal.milestoneIDs),
                (client, Endpoints.contracts.deliver.operation, deal.milestoneIDs),
                (worker, Endpoints.contracts.release.operation, deal.milestoneIDs),
            ]
            for (caller, operation, ids) in wrong {
                let answer = try await caller.ask(operation, ids)
                #expect(answer.status == 403, "\(operation.id): \(answer)")
                #expect(answer.code == "FORBIDDEN")
            }
            #expect(try await deal.view().json == before.json)
        }

        @Test(arguments: [
            Deal.Stage.agreed, .approved, .funded,
        ])
        func `What the present state does not allow is 409, and says what it allows`(stage: Deal.Stage) async throws {
            let deal = try await Deal.make(stage, in: stack)
            let before = try await deal.view()
            let client = deal.client.session
            let worker = deal.worker.session
            var wrong: [(Caller, Step)] = [
                (worker, (Endpoints.negotiations.round.operation, deal.negotiationIDs, ["rate_cents": 1])),
                (client, (Endpoints.negotiations.agree.operation, deal.negotiationIDs, nil)),
            ]
            if stage == .agreed {
                wrong.append((client, (Endpoints.contracts.fund.operation, deal.milestoneIDs, nil)))
                wrong.append((worker, (Endpoints.contracts.connectLink.operation, deal.contractIDs, nil)))
            }
            if stage < .funded {
                wrong.append((worker, (Endpoints.contracts.deliver.operation, deal.milestoneIDs, ["note": "Done."])))
                wrong.append((client, (Endpoints.contracts.release.operation, deal.milestoneIDs, nil)))
            } else {
                wrong.append((client, (Endpoints.contracts.revise.operation, deal.contractIDs, ["notes": "Too late."])))
                wrong.append((worker, (Endpoints.contracts.connectLink.operation, deal.contractIDs, nil)))
            }
            for (caller, step) in wrong {
                let answer = try await caller.ask(step.operation, step.ids, step.body)
                #expect(answer.status == 409, "\(step.operation.id): \(answer)")
                #expect(answer.code == "CONFLICT", "\(step.operation.id)")
                #expect(answer.allowed != nil, "\(step.operation.id): \(answer)")
            }
            #expect(try await deal.view().json == before.json)
        }

        @Test
        func `A gig's stages refuse what is out of turn`() async throws {
            let deal = try await Deal.make(.applied, in: stack)
            let client = deal.client.session
            let worker = deal.worker.session
            let early = try await client.ask(Endpoints.negotiations.create.operation, [:], deal.parties)
            #expect(early.status == 409, "not shortlisted: \(early)")
            #expect(try await worker.ask(Endpoints.gigs.apply.operation, deal.gigIDs).status == 409)
            let stranger = try await stack.client().session
            let strangers: [Step] = [
                (Endpoints.applications.received.operation, deal.gigIDs, nil),
                (Endpoints.applications.update.operation, deal.applicationIDs, ["status": "rejected"]),
                (Endpoints.gigs.update.operation, deal.gigIDs, ["title": "Mine"]),
                (Endpoints.gigs.delete.operation, deal.gigIDs, nil),
                (Endpoints.negotiations.create.operation, [:], deal.parties),
            ]
            for step in strangers {
                let answer = try await stranger.ask(step.operation, step.ids, step.body)
                #expect([403, 404].contains(answer.status), "\(step.operation.id): \(answer)")
            }
            try await client.succeed(Endpoints.gigs.update.operation, deal.gigIDs, ["status": "closed"])
            let late = try await stack.freelancer().session
            #expect([404, 409].contains(try await late.ask(Endpoints.gigs.apply.operation, deal.gigIDs).status))
            #expect(try await late.ask(Endpoints.gigs.get.operation, deal.gigIDs).status == 404)
            let mine = try await worker.succeed(Endpoints.applications.mine.operation)
            #expect(mine["applications"]?.array?.first?["status"] == "applied")
        }

        @Test
        func `One worker has one live negotiation on a gig, and its gig cannot be deleted`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            let second = try await deal.client.session.ask(Endpoints.negotiations.create.operation, [:], deal.parties)
            #expect(second.status == 409, "\(second)")
            _ = try await eventually("the gig is known to be under negotiation") {
                try await deal.client.session.ask(
                    Endpoints.applications.update.operation, deal.applicationIDs, ["status": "rejected"]
                ).status == 409 ? true : nil
            }
            let deleted = try await deal.client.session.ask(Endpoints.gigs.delete.operation, deal.gigIDs)
            #expect(deleted.status == 409, "\(deleted)")
        }
    }
}
