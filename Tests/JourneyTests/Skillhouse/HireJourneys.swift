import OutboundHTTP
import SharedModels
import Testing

extension Journeys {
    /// Skillhouse's contracts, from the hire to the review.
    @Suite struct Hires {
        private let stack: Stack

        init() throws { stack = try Stack.current() }

        /// A client with an open job that a freelancer has applied to.
        private struct Scene: Sendable {
            let client: Account
            let freelancer: Account
            let job: String
        }

        private func scene() async throws -> Scene {
            let admin = try await stack.admin().caller
            let (client, freelancer) = (try await stack.client(), try await stack.freelancer())
            let job = try await client.session.postJob(
                of: try await admin.named(Endpoints.categories.add.operation),
                asking: try await admin.named(Endpoints.skills.add.operation), rate: 1000)
            return Scene(client: client, freelancer: freelancer, job: job)
        }

        private func view(_ contract: String, by account: Account) async throws -> JSONValue {
            let seen = try await account.session.succeed(
                Endpoints.freelancerContracts.get.operation, ["contractId": contract])
            return try #require(seen["contract"])
        }

        private func reaches(_ status: String, _ contract: String, by account: Account) async throws {
            _ = try await eventually("the contract is \(status)") {
                try await view(contract, by: account)["status"]?.string == status ? true : nil
            }
        }

        private func jobReaches(_ status: String, _ scene: Scene) async throws {
            _ = try await eventually("the job is \(status)") {
                let job = try await scene.client.session.succeed(Endpoints.jobs.get.operation, ["id": scene.job])
                return job["data"]?["status"]?.string == status ? true : nil
            }
        }

        private func pay(_ scene: Scene, rate: JSONValue = 1000) async throws {
            let page = try await scene.client.session.succeed(
                Endpoints.checkouts.pay.operation, ["jobId": scene.job],
                ["title": "A parser", "rate": rate, "freelancerId": .string(scene.freelancer.id)])
            let session = try #require(page["id"]?.string)
            let paid = try await stack.send(
                OutboundRequest(.post, "\(stack.sandbox)/stripe/checkout/\(session)/pay"))
            #expect(paid.status < 400, "\(paid)")
        }

        @Test
        func `A hire is approved, paid, worked on, released and reviewed`() async throws {
            let scene = try await scene()
            let (client, freelancer) = (scene.client, scene.freelancer)
            let contract = try await client.session.hire(freelancer, for: scene.job, amount: 1000)
            try await jobReaches("Ongoing", scene)
            let second = try await client.session.ask(
                Endpoints.clientContracts.createAlias.operation, ["jobId": scene.job],
                ["freelancerId": .string(freelancer.id), "amount": 1000])
            #expect(second.status == 400 && second.json["status"] == 400, "\(second)")

            let ids = ["contractId": contract, "freelancerId": freelancer.id]
            let approved = try await freelancer.session.succeed(Endpoints.freelancerContracts.approve.operation, ids)
            #expect(approved["contract"]?["isApproved"] == true && approved["contract"]?["status"] == "Pending")
            try await pay(scene)
            try await reaches("Started", contract, by: client)

            let canceled = try await client.session.ask(
                Endpoints.clientContracts.cancel.operation, ["contractId": contract])
            #expect(canceled.status == 400 && canceled.allowed == ["refund"], "\(canceled)")
            let tooEarly = try await freelancer.session.ask(
                Endpoints.freelancerContracts.setStatus.operation, ids, ["status": "Completed"])
            #expect(tooEarly.status == 400 && tooEarly.allowed == ["Ongoing"], "\(tooEarly)")
            for status in ["Started", "Ongoing", "Completed"] {
                try await freelancer.session.succeed(
                    Endpoints.freelancerContracts.setStatus.operation, ids, ["status": .string(status)])
            }
            let admin = try await stack.admin().caller
            let unasked = try await admin.ask(Endpoints.escrow.release.operation, ids)
            #expect(unasked.status == 400, "\(unasked)")
            try await client.session.succeed(
                Endpoints.clientContracts.requestReleaseAlias.operation, ["contractId": contract])
            try await admin.succeed(Endpoints.escrow.release.operation, ids)

            let seen = try await view(contract, by: freelancer)
            #expect(seen["releaseFundStatus"] == "Approved" && seen["escrowPaid"] == true && seen["amount"] == 1000)
            #expect(
                seen["statusHistory"]?.array?.compactMap { $0["status"]?.string } == [
                    "Started", "Ongoing", "Completed",
                ])
            #expect(seen["clientId"]?["_id"] != nil && seen["jobId"]?["title"]?.string == "A parser for invoices")
            let wallet = try await freelancer.session.succeed(
                Endpoints.wallets.earnings.operation, ["userId": freelancer.id])
            #expect(wallet["data"]?["balance"] == 900)
            try await jobReaches("Closed", scene)

            let rating: JSONValue = [
                "contractId": .string(contract), "freelancerId": .string(freelancer.id), "rating": 5,
                "description": "On time.",
            ]
            try await client.session.succeed(
                Endpoints.clientReviews.rate.operation, ["clientId": client.id], rating)
            let again = try await client.session.ask(
                Endpoints.clientReviews.rate.operation, ["clientId": client.id], rating)
            #expect(again.status == 409, "\(again)")
            let reviews = try await stack.anyone.succeed(
                Endpoints.clientReviews.list.operation, ["freelancerId": freelancer.id])
            #expect(reviews["count"] == 1 && reviews["data"]?.array?.first?["rating"] == 5)
            #expect(reviews["data"]?.array?.first?["clientId"]?["email"] == nil)
            let works = try await stack.anyone.succeed(
                Endpoints.freelancerContracts.completed.operation, ["freelancerId": freelancer.id])
            #expect(works["count"] == 1 && works["contracts"]?.array?.first?["_id"]?.string == contract)
            let elsewhere = try await client.session.succeed(
                Endpoints.reviews.list.operation, ["userId": freelancer.id])
            #expect(elsewhere["reviews"]?.array?.count == 1)
        }

        @Test
        func `Who pays first has the contract made by the payment`() async throws {
            let scene = try await scene()
            try await scene.freelancer.session.succeed(
                Endpoints.jobApplications.apply.operation, ["jobId": scene.job], [:])
            try await pay(scene)
            let made = try await eventually("the contract is there") {
                let answer = try await scene.client.session.succeed(
                    Endpoints.clientContracts.isCreated.operation,
                    ["jobId": scene.job, "clientId": scene.client.id])
                return answer["contract"]?["_id"]?.string
            }
            let before = try await view(made, by: scene.freelancer)
            #expect(before["status"] == "Pending" && before["escrowPaid"] == true)
            try await scene.freelancer.session.succeed(
                Endpoints.freelancerContracts.approve.operation,
                ["contractId": made, "freelancerId": scene.freelancer.id])
            #expect(try await view(made, by: scene.client)["status"] == "Started")
        }

        @Test
        func `A canceled hire opens its job again, and lists leave it out`() async throws {
            let scene = try await scene()
            let contract = try await scene.client.session.hire(scene.freelancer, for: scene.job)
            try await scene.freelancer.session.succeed(
                Endpoints.clientContracts.cancel.operation, ["contractId": contract],
                ["cancelReason": "I am booked."])
            try await jobReaches("Open", scene)
            let list = try await scene.client.session.succeed(
                Endpoints.clientContracts.list.operation, ["clientId": scene.client.id])
            #expect(list["count"] == 0 && list["data"] == [])
            let seen = try await view(contract, by: scene.client)
            #expect(seen["status"] == "Canceled" && seen["canceledBy"] == "Freelancer" && seen["isDeleted"] == true)
        }

        @Test
        func `Others' paths are 403, malformed ids 400, and the other flow's contracts 404`() async throws {
            let scene = try await scene()
            let contract = try await scene.client.session.hire(scene.freelancer, for: scene.job)
            let other = try await stack.client()
            let foreign = try await other.session.ask(
                Endpoints.clientContracts.list.operation, ["clientId": scene.client.id])
            #expect(foreign.status == 403, "\(foreign)")
            let stranger = try await other.session.ask(
                Endpoints.freelancerContracts.get.operation, ["contractId": contract])
            #expect(stranger.status == 404, "\(stranger)")
            let malformed = try await scene.client.session.ask(
                Endpoints.freelancerContracts.get.operation, ["contractId": "nonsense"])
            #expect(malformed.status == 400 && malformed.issuePaths == ["contractId"], "\(malformed)")
            let onClawConnected = try await scene.client.session.ask(
                Endpoints.contracts.get.operation, ["id": contract])
            #expect(onClawConnected.status == 404, "\(onClawConnected)")
            let all = try await scene.client.session.ask(Endpoints.clientContracts.all.operation)
            #expect(all.status == 403, "\(all)")
        }
    }
}
