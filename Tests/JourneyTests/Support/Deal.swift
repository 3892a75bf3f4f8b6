import SharedModels
import Testing

/// A deal between two new accounts, brought as far as a test needs it.
struct Deal: Sendable {
    enum Stage: Int, Comparable {
        case posted, applied, shortlisted, negotiating, agreed, approved, onboarded, funded, delivered
        static func < (one: Stage, other: Stage) -> Bool { one.rawValue < other.rawValue }
    }

    let stack: Stack
    let client: Account
    let worker: Account
    private(set) var gig = ""
    private(set) var application = ""
    private(set) var negotiation = ""
    private(set) var contract = ""
    private(set) var milestone = ""
    private(set) var paymentIntent = ""

    /// - Parameters:
    ///   - client: A new one when `nil`.
    ///   - rateCents: US cents an hour; the milestone is ten hours.
    static func make(
        _ stage: Stage, by client: Account? = nil, rateCents: Int64 = 5_500, in stack: Stack
    ) async throws -> Deal {
        var owner = client
        if owner == nil { owner = try await stack.client() }
        var deal = Deal(stack: stack, client: try #require(owner), worker: try await stack.freelancer())
        try await deal.post()
        if stage >= .applied { try await deal.apply() }
        if stage >= .shortlisted { try await deal.shortlist() }
        if stage >= .negotiating { try await deal.negotiate(rateCents: rateCents) }
        if stage >= .agreed { try await deal.agree() }
        if stage >= .approved { try await deal.approve() }
        if stage >= .onboarded { try await deal.onboard() }
        if stage >= .funded { try await deal.fund() }
        if stage >= .delivered { try await deal.deliver() }
        return deal
    }

    var gigIDs: [String: String] { ["id": gig] }
    var applicationIDs: [String: String] { ["id": gig, "appId": application] }
    var negotiationIDs: [String: String] { ["id": negotiation] }
    var contractIDs: [String: String] { ["id": contract] }
    var milestoneIDs: [String: String] { ["id": contract, "milestoneId": milestone] }
    var parties: JSONValue { ["gig_id": .string(gig), "worker_user_id": .string(worker.id)] }

    private init(stack: Stack, client: Account, worker: Account) {
        self.stack = stack
        self.client = client
        self.worker = worker
    }

    private mutating func post() async throws {
        let made = try await client.session.succeed(
            Endpoints.gigs.create.operation, [:], ["title": "A parser", "rate_cents": 5_000, "status": "active"])
        gig = try #require(made["id"]?.string)
    }

    private mutating func apply() async throws {
        let made = try await worker.session.succeed(Endpoints.gigs.apply.operation, gigIDs, ["message": "I can."])
        application = try #require(made["id"]?.string)
    }

    private func shortlist() async throws {
        try await client.session.succeed(
            Endpoints.applications.update.operation, applicationIDs, ["status": "shortlisted"])
    }

    private mutating func negotiate(rateCents: Int64) async throws {
        let made = try await client.session.succeed(
            Endpoints.negotiations.negotiate.operation, [:],
            [
                "gig_id": .string(gig), "worker_user_id": .string(worker.id), "rate_cents": .integer(rateCents),
                "hours_per_week": 10, "payout_delay_days": 3,
            ])
        negotiation = try #require(made["id"]?.string)
    }

    private mutating func agree() async throws {
        let agreed = try await worker.session.succeed(Endpoints.negotiations.agree.operation, negotiationIDs)
        contract = try #require(agreed["contract_id"]?.string)
        let seen = try await view()
        milestone = try #require(seen["milestones"]?.array?.first?["id"]?.string)
    }

    func approve() async throws {
        try await client.session.succeed(Endpoints.contracts.approve.operation, contractIDs)
        try await worker.session.succeed(Endpoints.contracts.approve.operation, contractIDs)
    }

    private func onboard() async throws {
        let link = try await worker.session.succeed(Endpoints.contracts.connectLink.operation, contractIDs)
        try await stack.open(try #require(link["url"]?.string))
        try await reaches("pending_client_funding")
    }

    private mutating func fund() async throws {
        let funding = try await client.session.succeed(Endpoints.contracts.fund.operation, milestoneIDs)
        paymentIntent = try #require(funding["payment_intent_id"]?.string)
        try await stack.confirm(paymentIntent)
        try await reaches("active")
    }

    func deliver() async throws {
        try await worker.session.succeed(Endpoints.contracts.deliver.operation, milestoneIDs, ["note": "Done."])
    }

    /// The contract as the client sees it.
    func view() async throws -> Answer {
        try await client.session.succeed(Endpoints.contracts.get.operation, contractIDs)
    }

    /// Waits until the contract has that status.
    @discardableResult
    func reaches(
        _ status: String, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Answer {
        try await eventually("the contract becomes \(status)", sourceLocation: sourceLocation) {
            let seen = try await view()
            return seen["status"]?.string == status ? seen : nil
        }
    }

    /// The provider's captured payments and transfers of this deal.
    func moneyAtProvider() async throws -> (captured: [Int64], transfers: [Int64]) {
        let intents = try await stack.provider("payment_intents").filter { $0["id"]?.string == paymentIntent }
        let transfer = try await stack.ledger(of: milestone).transferID
        let transfers = try await stack.provider("transfers").filter {
            $0["id"]?.string == transfer || $0["transfer_group"]?.string == milestone
        }
        return (
            intents.compactMap { $0["amount_received"]?.integer }.filter { $0 > 0 },
            transfers.compactMap { $0["amount"]?.integer }
        )
    }
}
