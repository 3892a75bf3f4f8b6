import SharedModels
import Testing

extension Journeys {
    @Suite struct EventData {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        /// `key.expiring`, which comes months after its key, has a separate journey.
        @Test
        func `Every event of the standard set has the data that the document shows for it`() async throws {
            let client = try await stack.client()
            try await Receiver.use(of: client) { receiver in
                try await provoke(by: client)
                for event in EventName.standard {
                    let body = try await eventually("\(event.rawValue) arrives") {
                        receiver.deliveries.first { $0.event == event.rawValue }.map(\.body)
                    }
                    let data = try #require(try JSONValue.parse(body)["data"])
                    #expect(event.event.schema.issues(in: data) == [], "\(event.rawValue): \(data)")
                }
            }
        }

        /// An unpaid deal in which everything happens.
        private func provoke(by client: Account) async throws {
            let worker = try await stack.freelancer()
            func made(
                _ account: Account, _ operation: SharedModels.Operation, _ ids: [String: String],
                _ body: JSONValue
            ) async throws -> String {
                try #require(try await account.session.succeed(operation, ids, body)["id"]?.string)
            }
            let gig = [
                "id": try await made(client, Endpoints.gigs.create.operation, [:], ["title": "A parser"])
            ]
            try await client.session.succeed(Endpoints.gigs.update.operation, gig, ["status": "active"])
            let application = try await made(worker, Endpoints.gigs.apply.operation, gig, [:])
            try await client.session.succeed(
                Endpoints.applications.update.operation, gig.merging(["appId": application]) { $1 },
                ["status": "shortlisted"])
            let negotiation = [
                "id": try await made(
                    client, Endpoints.negotiations.negotiate.operation, [:],
                    [
                        "gig_id": .string(gig["id"] ?? ""), "worker_user_id": .string(worker.id),
                        "rate_cents": 0,
                        "hours_per_week": 10,
                    ])
            ]
            let agreed = try await worker.session.succeed(Endpoints.negotiations.agree.operation, negotiation)
            let contract = ["id": try #require(agreed["contract_id"]?.string)]
            try await client.session.succeed(Endpoints.contracts.approve.operation, contract)
            let approved = try await worker.session.succeed(Endpoints.contracts.approve.operation, contract)
            let first = try #require(approved["milestones"]?.array?.first?["id"]?.string)
            try await client.session.succeed(
                Endpoints.contracts.fund.operation, contract.merging(["milestoneId": first]) { $1 })
            let second = try await made(
                client, Endpoints.contracts.addMilestone.operation, contract,
                ["title": "More", "amount_cents": 0])
            try await client.session.succeed(
                Endpoints.contracts.release.operation, contract.merging(["milestoneId": first]) { $1 })
            try await client.session.succeed(
                Endpoints.contracts.fund.operation, contract.merging(["milestoneId": second]) { $1 })
            try await client.session.succeed(
                Endpoints.disputes.create.operation, [:],
                [
                    "contract_id": .string(contract["id"] ?? ""), "milestone_id": .string(second),
                    "disputing_party": "client", "reason": "Nothing came.", "evidence": [],
                ])
            let other = try await made(client, Endpoints.gigs.create.operation, [:], ["title": "Not wanted"])
            try await client.session.succeed(Endpoints.gigs.delete.operation, ["id": other])
        }
    }
}
