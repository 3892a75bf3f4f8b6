import SharedModels
import Testing

/// A contract on Skillhouse, made for its own job, approved by its freelancer and paid by its client.
struct PaidHire: Sendable {
    let client: Account
    let freelancer: Account
    let job: String
    let contract: String
    /// Stripe's id of the page on which it was paid.
    let session: String

    var contractIDs: [String: String] { ["contractId": contract] }
    /// For the refund, which names the client.
    var refundIDs: [String: String] { ["contractId": contract, "clientId": client.id] }
    var payment: JSONValue { Self.payment(1500, for: freelancer) }

    static func payment(
        _ rate: JSONValue, for freelancer: Account, _ title: String = "A parser for invoices"
    ) -> JSONValue {
        ["title": .string(title), "rate": rate, "freelancerId": .string(freelancer.id)]
    }

    /// - Parameter admin: Names a category and a skill, and sees when the money is there.
    static func make(by client: Account, with freelancer: Account, seenBy admin: Caller) async throws -> PaidHire {
        let hire = try await unpaid(by: client, with: freelancer, named: admin)
        let paid = try await client.session.stack.payPage(hire.session)
        try #require(paid.status == 200, "\(paid)")
        try await hire.reaches("funded", seenBy: admin)
        return hire
    }

    /// Approved, with an open page.
    static func unpaid(by client: Account, with freelancer: Account, named admin: Caller) async throws -> PaidHire {
        let job = try await client.session.postJob(
            of: admin.named(Endpoints.categories.add.operation), asking: admin.named(Endpoints.skills.add.operation))
        try await freelancer.session.succeed(Endpoints.jobApplications.apply.operation, ["jobId": job], [:])
        let made = try await client.session.succeed(
            Endpoints.clientContracts.create.operation, ["jobId": job],
            ["freelancerId": .string(freelancer.id), "amount": 1500])
        let contract = try #require(made["contract"]?["_id"]?.string)
        try await freelancer.session.succeed(
            Endpoints.freelancerContracts.approve.operation,
            ["contractId": contract, "freelancerId": freelancer.id])
        let page = try await client.session.succeed(
            Endpoints.checkouts.pay.operation, ["jobId": job], payment(1500, for: freelancer))
        return PaidHire(
            client: client, freelancer: freelancer, job: job, contract: contract,
            session: try #require(page["id"]?.string))
    }

    /// Waits until the escrow record has that status.
    func reaches(_ status: String, seenBy admin: Caller) async throws {
        _ = try await eventually("the money of \(contract) is \(status)") {
            try await record(seenBy: admin)?["status"]?.string == status ? true : nil
        }
    }

    func record(seenBy admin: Caller) async throws -> JSONValue? {
        let list = try await admin.succeed(Endpoints.escrow.transactions.operation, query: "?limit=100")
        return list["data"]?.array?.first { $0["contractId"]?["_id"]?.string == contract }
    }

    /// The freelancer says how far the work is.
    func set(_ status: String) async throws {
        try await freelancer.session.succeed(
            Endpoints.freelancerContracts.setStatus.operation, contractIDs, ["status": .string(status)])
    }

    func wallet(of account: Account) async throws -> JSONValue? {
        let answer = try await account.session.succeed(
            Endpoints.wallets.earnings.operation, ["userId": account.id])
        return answer["data"]
    }
}
