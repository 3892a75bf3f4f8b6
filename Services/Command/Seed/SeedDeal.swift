import GuildhallClient
import SharedModels

/// One made-up person, signed in.
struct SeedPerson: Sendable {
    let login: String
    let id: AccountID
    let api: PatientClient
}

/// One made-up deal between two people over one gig, played as far as its stage says.
struct SeedDeal: Sendable {
    let world: DemoWorld
    let admin: PatientClient
    let client: SeedPerson
    let worker: SeedPerson
    let gig: GigID
    let stage: SeedStage
    /// Chooses among the words.
    let index: Int

    private static let hours = [4, 8, 10, 12, 16, 20]

    func play() async throws {
        let application = try await worker.api.call(
            Endpoints.gigs.apply, ["message": .string(word(of: SeedWords.applications))], path: ["id": "\(gig)"])
        if stage == .applied { return }
        try await decide(application, stage == .rejected ? "rejected" : "shortlisted")
        if [.rejected, .shortlisted].contains(stage) { return }
        guard let contract = try await negotiate() else { return }
        guard let milestone = try await approve(contract) else { return }
        try await fund(contract, milestone)
        try await work(contract, milestone)
    }

    private func decide(_ application: ApplicationView, _ status: String) async throws {
        _ = try await client.api.call(
            Endpoints.applications.update, ["status": .string(status)],
            path: ["id": "\(gig)", "appId": "\(application.id)"])
    }

    /// - Returns: The contract; `nil` when the deal stops before or there.
    private func negotiate() async throws -> ContractID? {
        let rate = 3_000 + Int64(index % 12) * 500
        let opened = try await client.api.call(
            Endpoints.negotiations.negotiate,
            [
                "gig_id": .string("\(gig)"), "worker_user_id": .string("\(worker.id)"), "rate_cents": .integer(rate),
                "hours_per_week": .integer(Int64(Self.hours[index % Self.hours.count])), "payout_delay_days": 3,
            ])
        let path = ["id": "\(opened.id)"]
        if stage == .offered { return nil }
        if stage == .declined {
            _ = try await worker.api.call(
                Endpoints.negotiations.decline, ["reason": "I am booked until the end of the month."], path: path)
            return nil
        }
        let countered = try await worker.api.call(
            Endpoints.negotiations.round, ["rate_cents": .integer(rate + 500)], path: path)
        if stage == .countered { return nil }
        let agreed = try await client.api.call(
            Endpoints.negotiations.agree, ["round_number": .integer(Int64(countered.roundNumber))], path: path)
        guard let contract = agreed.contractID else { throw DemoFailure("agreeing made no contract") }
        return stage == .agreed ? nil : contract
    }

    /// - Returns: The first milestone; `nil` when the deal stops before it is funded.
    private func approve(_ contract: ContractID) async throws -> MilestoneID? {
        let path = ["id": "\(contract)"]
        _ = try await client.api.call(Endpoints.contracts.approve, path: path)
        if stage == .halfApproved { return nil }
        var approved = try await worker.api.call(Endpoints.contracts.approve, path: path)
        if stage == .onboarding { return nil }
        if approved.status == .pendingFreelancerKYC {
            let link = try await worker.api.call(Endpoints.contracts.connectLink, path: path)
            try await world.open(link.url)
            approved = try await world.eventually("the onboarding of \(worker.login)") {
                let seen = try await worker.api.call(Endpoints.contracts.get, path: path)
                return seen.status == .pendingClientFunding ? seen : nil
            }
        }
        return stage == .awaitingFunding ? nil : approved.milestones.first?.id
    }

    private func fund(_ contract: ContractID, _ milestone: MilestoneID) async throws {
        let funding = try await client.api.call(
            Endpoints.contracts.fund, path: ["id": "\(contract)", "milestoneId": "\(milestone)"])
        if let intent = funding.paymentIntentID { try await world.pay(intent) }
        _ = try await world.eventually("the money of \(client.login)") {
            let seen = try await client.api.call(Endpoints.contracts.get, path: ["id": "\(contract)"])
            return seen.milestones.contains { $0.id == milestone && $0.status == .funded } ? true : nil
        }
    }

    private func work(_ contract: ContractID, _ milestone: MilestoneID) async throws {
        let path = ["id": "\(contract)", "milestoneId": "\(milestone)"]
        if stage == .active { return }
        if stage == .ended { return try await end(contract, path) }
        _ = try await worker.api.call(
            Endpoints.contracts.deliver,
            ["note": "Done, with tests. The read-me says how to run it.", "url": "https://example.com/work"], path: path
        )
        switch stage {
        case .completed, .reviewed:
            _ = try await client.api.call(Endpoints.contracts.release, path: path)
            if stage == .reviewed { try await review(contract) }
        case .extended:
            // Before the first is released, which would complete the contract. It is funded afterwards.
            let added = try await client.api.call(
                Endpoints.contracts.addMilestone, ["title": "The second part", "amount_cents": 42_000],
                path: ["id": "\(contract)"])
            _ = try await client.api.call(Endpoints.contracts.release, path: path)
            try await fund(contract, added.id)
        case .disputed, .responded, .resolved: try await dispute(contract, milestone)
        case .rejected, .applied, .shortlisted, .offered, .countered, .declined, .agreed, .halfApproved, .onboarding,
            .awaitingFunding, .active, .delivered, .ended:
            return
        }
    }

    /// Both say that it ends before anything was delivered: the money goes back.
    private func end(_ contract: ContractID, _ milestone: [String: String]) async throws {
        for party in [client, worker] {
            _ = try await party.api.call(
                Endpoints.contracts.end, ["note": "The plan has changed."], path: ["id": "\(contract)"])
        }
    }

    private func review(_ contract: ContractID) async throws {
        for (party, words) in [(client, SeedWords.clientReviews), (worker, SeedWords.workerReviews)] {
            _ = try await party.api.call(
                Endpoints.reviews.create,
                ["rating": .integer(Int64(5 - index % 3)), "review_text": .string(word(of: words))],
                path: ["id": "\(contract)"])
        }
    }

    private func dispute(_ contract: ContractID, _ milestone: MilestoneID) async throws {
        let opened = try await client.api.call(
            Endpoints.disputes.create,
            [
                "contract_id": .string("\(contract)"), "milestone_id": .string("\(milestone)"),
                "disputing_party": "client", "reason": "Two of the four formats are not read.",
                "evidence": [["type": "build_log", "description": "The test on our own files fails for both."]],
            ])
        if stage == .disputed { return }
        let path = ["id": "\(opened.id)"]
        _ = try await worker.api.call(
            Endpoints.disputes.respond,
            [
                "evidence": [
                    ["type": "contract_requirement", "description": "Only two formats were in the scope we agreed on."]
                ]
            ], path: path)
        _ = try await worker.api.call(Endpoints.disputes.recommend, path: path)
        if stage == .responded { return }
        _ = try await admin.call(
            Endpoints.disputes.resolve,
            ["outcome": "worker", "note": "The scope names two formats, and both are read."], path: path)
    }

    private func word(of words: [String]) -> String { words[index % words.count] }
}
