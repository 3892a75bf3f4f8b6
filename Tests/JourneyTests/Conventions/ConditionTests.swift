import Foundation
import SharedModels
import Testing

extension Journeys {
    /// Every write takes an idempotency key, and everything with versions takes a condition.
    @Suite struct Conditions {
        private static let writing = Catalogue.published.filter { operation in
            guard case .account = operation.access else { return false }
            return operation.method != .get
        }
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        private func caller(
            of operation: SharedModels.Operation, _ row: GuardRow, in world: GuardedWorld
        ) async throws -> Caller {
            guard case .account(let rule) = operation.access else { return stack.anyone }
            return try #require(try await world.rightful(rule, row.owner).first)
        }

        @Test
        func `A repeat of what has succeeded gets the first answer; the same key for another request is 422`()
            async throws
        {
            let world = try await GuardedWorld.make(in: stack)
            var repeated: Set<String> = []
            // Deletions come last.
            let removing = Self.writing.filter { $0.method == .delete }
            for operation in Self.writing.filter({ $0.method != .delete && $0.file == nil }) + removing {
                let row = try #require(GuardRow.all[operation.id])
                let caller = try await caller(of: operation, row, in: world)
                let target = row.target(world)
                let body = target.body ?? operation.inputExample
                let key = [(name: "Idempotency-Key", value: UUID().uuidString)]
                let first = try await caller.ask(operation, target.ids, body, headers: key)
                guard first.status < 300 else { continue }
                let again = try await caller.ask(operation, target.ids, body, headers: key)
                // The first ended the credential.
                guard again.status != 401 else { continue }
                let comment: Comment = "\(operation.id): \(again)"
                #expect(first.header("idempotent-replayed") == nil, comment)
                #expect(again.header("idempotent-replayed") == "true", comment)
                #expect(again.status == first.status && again.bytes == first.bytes, comment)
                #expect(again.header("etag") == first.header("etag"), comment)
                repeated.insert(operation.id)
                let other = try await caller.ask(operation, target.ids, Self.other(than: body), headers: key)
                // The news that the credential has ended may arrive after the repeat.
                guard other.status != 401 else { continue }
                #expect(
                    other.status == 422 && other.code == "IDEMPOTENCY_MISMATCH", "\(operation.id): \(other)")
            }
            // For each method one endpoint that uses only its own database, and one that goes beyond it.
            #expect(
                repeated.isSuperset(of: [
                    "gigs.create", "gigs.update", "webhooks.delete", "profile.update",
                    "profile.resume.remove", "contracts.fund",
                ]), "\(repeated)")
        }

        /// A different body, good or bad. Nobody looks at it any more. An empty object would be the same as no body.
        private static func other(than body: JSONValue?) -> JSONValue {
            .object((body?.object ?? []) + [JSONMember("surprise", 1)])
        }

        @Test
        func `The steps of a deal that move it, each repeated with its key, are done once`() async throws {
            let deal = try await Deal.make(.negotiating, in: stack)
            func twice(
                _ operation: SharedModels.Operation, _ ids: [String: String], _ body: JSONValue? = nil,
                by account: Account
            ) async throws -> Answer {
                let key = [(name: "Idempotency-Key", value: UUID().uuidString)]
                let first = try await account.session.succeed(operation, ids, body, headers: key)
                let again = try await account.session.succeed(operation, ids, body, headers: key)
                #expect(
                    again.header("idempotent-replayed") == "true" && again.bytes == first.bytes,
                    "\(operation.id)")
                return first
            }
            let (client, worker) = (deal.client, deal.worker)
            _ = try await twice(
                Endpoints.negotiations.round.operation, deal.negotiationIDs, ["rate_cents": 0], by: worker)
            let agreed = try await twice(
                Endpoints.negotiations.agree.operation, deal.negotiationIDs, by: client)
            let contract = ["id": try #require(agreed["contract_id"]?.string)]
            _ = try await twice(Endpoints.contracts.approve.operation, contract, by: client)
            _ = try await twice(
                Endpoints.contracts.revise.operation, contract, ["notes": "Not yet."], by: client)
            _ = try await twice(
                Endpoints.negotiations.round.operation, deal.negotiationIDs, ["rate_cents": 0], by: worker)
            _ = try await twice(Endpoints.negotiations.agree.operation, deal.negotiationIDs, by: client)
            _ = try await twice(Endpoints.contracts.approve.operation, contract, by: client)
            let seen = try await twice(Endpoints.contracts.approve.operation, contract, by: worker)
            var milestone = contract
            milestone["milestoneId"] = seen["milestones"]?.array?.first?["id"]?.string
            _ = try await twice(Endpoints.contracts.fund.operation, milestone, by: client)
            let new: JSONValue = ["title": "More", "amount_cents": 0]
            _ = try await twice(Endpoints.contracts.addMilestone.operation, contract, new, by: client)
            _ = try await twice(Endpoints.contracts.deliver.operation, milestone, ["note": "Done."], by: worker)
            let released = try await twice(Endpoints.contracts.release.operation, milestone, by: client)
            #expect(released["status"] == "released")
            let whole = try await client.session.succeed(Endpoints.contracts.get.operation, contract)
            #expect(whole["milestones"]?.array?.count == 2)
        }

        @Test
        func `A change of a version that no longer stands is 412, everywhere, and changes nothing`() async throws {
            let world = try await GuardedWorld.make(in: stack)
            let before = try await world.look()
            var tried: Set<String> = []
            for operation in Self.writing
            where operation.errors.contains(.preconditionFailed) && operation.file == nil {
                let row = try #require(GuardRow.all[operation.id])
                // Nothing is left to deliver or fund, so a repeat changes nothing.
                guard operation.id != "contracts.fund" else { continue }
                let caller = try await caller(of: operation, row, in: world)
                let target = row.target(world)
                let answer = try await caller.ask(
                    operation, target.ids, target.body ?? operation.inputExample,
                    headers: [("If-Match", "\"v0\"")])
                #expect(
                    answer.status == 412 && answer.code == "PRECONDITION_FAILED", "\(operation.id): \(answer)"
                )
                tried.insert(operation.id)
            }
            #expect(
                tried.isSuperset(of: [
                    "gigs.update", "gigs.delete", "profile.update", "negotiations.round",
                    "negotiations.agree",
                    "contracts.approve", "contracts.revise", "contracts.deliver", "contracts.release",
                    "webhooks.delete",
                    "notifications.delete",
                ]))
            let changes = try await world.changes(since: before)
            #expect(changes == [])
        }

        @Test
        func `Money moves on the version that was seen, and on no other`() async throws {
            let deal = try await Deal.make(.onboarded, in: stack)
            let client = deal.client.session
            let old = try #require(try await deal.view().header("etag"))
            let fund = Endpoints.contracts.fund.operation
            let stale = try await client.ask(fund, deal.milestoneIDs, headers: [("If-Match", "\"v0\"")])
            #expect(stale.status == 412, "\(stale)")
            try await client.succeed(fund, deal.milestoneIDs, headers: [("If-Match", old)])
        }

        @Test
        func `What has a version says so in each answer that shows it`() async throws {
            let world = try await GuardedWorld.make(in: stack)
            let shown = ["gigs.get", "profile.me", "negotiations.get", "contracts.get", "disputes.get"]
            for operation in Catalogue.published where shown.contains(operation.id) {
                let ids = try #require(GuardRow.all[operation.id]).target(world).ids
                let answer = try await world.deal.client.session.succeed(operation, ids)
                let tag = try #require(answer.header("etag"), "\(operation.id)")
                let known = try await world.deal.client.session.ask(
                    operation, ids, headers: [("If-None-Match", tag)])
                #expect(known.status == 304 && known.bytes.isEmpty, "\(operation.id): \(known)")
            }
        }
    }
}
