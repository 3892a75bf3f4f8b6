import OutboundHTTP
import SharedModels
import Testing

/// One contract of Skillhouse in a schedule, and what its parties do.
struct HireMoney: Sendable {
    let plan: HirePlan
    let client: Account
    let freelancer: Account
    let job: String
    let contract: String
    let world: ChaosWorld

    private var stack: Stack { world.stack }
    private var contractIDs: [String: String] { ["contractId": contract] }

    /// A contract that its freelancer has approved and nobody has paid for.
    static func make(_ plan: HirePlan, by admin: Caller, in world: ChaosWorld) async throws -> HireMoney {
        let (client, freelancer) = (try await world.stack.client(), try await world.stack.freelancer())
        let job = try await client.session.postJob(
            of: admin.named(Endpoints.categories.add.operation), asking: admin.named(Endpoints.skills.add.operation))
        let contract = try await client.session.hire(freelancer, for: job)
        try await freelancer.session.succeed(
            Endpoints.freelancerContracts.approve.operation,
            ["contractId": contract, "freelancerId": freelancer.id])
        return HireMoney(
            plan: plan, client: client, freelancer: freelancer, job: job, contract: contract, world: world)
    }

    func live(through phase: ChaosPlan.Phase) async throws {
        if let outsider = plan.outsider, outsider.phase == phase, outsider.isFirst { try await suffer(outsider) }
        switch phase {
        case .funding: try await pay()
        case .held: try await end()
        case .captured, .payout: break
        }
        if let outsider = plan.outsider, outsider.phase == phase, !outsider.isFirst { try await suffer(outsider) }
    }

    // MARK: - Steps

    private func pay() async throws {
        await world.plant(plan.faults["page"])
        if plan.ending == .cancelUnpaid {
            try await world.reach("a page", isBound: plan.isPlain) {
                try await page()
            } until: {
                try await world.books.checkout(of: job)?.session != nil
            }
            try await cancel()
        }
        if plan.ending == .secondPage {
            _ = try? await page()
            _ = try? await page()
        }
        await world.plant(plan.faults["pay"])
        // A client who pays for a contract that was canceled gets the money back.
        let goals = plan.ending == .cancelUnpaid ? ["returning", "returned", "ended"] : ["funded"]
        try await world.reach("the payment", isBound: plan.isPlain, times: plan.isImpatient ? 3 : 1) {
            if let known = try await world.books.checkout(of: job), let session = known.session {
                if ["open", "processing"].contains(known.state) { try await pay(session) }
                return nil
            }
            return plan.ending == .cancelUnpaid ? nil : try await page()
        } until: {
            goals.contains(try await world.books.checkout(of: job)?.state ?? "")
        }
    }

    private func page() async throws -> Answer {
        try await client.session.ask(
            Endpoints.checkouts.pay.operation, ["jobId": job], PaidHire.payment(1500, for: freelancer))
    }

    private func pay(_ session: String) async throws {
        let paid = try await stack.payPage(session, with: plan.card, isDelayed: plan.isDelayed)
        let intent = try await stack.stripe("/v1/checkout/sessions/\(session)")["payment_intent"]?.string
        guard paid.status != 200 || plan.isDelayed, let intent else { return }
        if ["processing", "requires_action"].contains(
            try await stack.stripe("/v1/payment_intents/\(intent)")["status"]?.string)
        {
            try await world.order("stripe/payment_intents/\(intent)", ["bank": "accepts"])
        }
    }

    private func cancel() async throws {
        try await world.reach("the cancellation", isBound: plan.isPlain) {
            try await freelancer.session.ask(Endpoints.clientContracts.cancel.operation, contractIDs, [:])
        } until: {
            try await status() == "Canceled"
        }
    }

    private func end() async throws {
        guard plan.ending != .cancelUnpaid else { return }
        for wanted in plan.ending == .refundStarted ? [] : ["Ongoing", "Completed"] {
            if wanted == "Completed", plan.ending == .refundOngoing { break }
            try await world.reach("\(wanted) work", isBound: plan.isPlain) {
                try await freelancer.session.ask(
                    Endpoints.freelancerContracts.setStatus.operation, contractIDs, ["status": .string(wanted)])
            } until: {
                try await status() == wanted
            }
        }
        await world.plant(plan.faults["ending"], for: (try? await world.books.checkout(of: job))?.intent)
        switch plan.ending {
        case .refundStarted, .refundOngoing:
            try await world.reach("the refund", isBound: plan.isPlain, times: plan.isImpatient ? 3 : 1) {
                try await client.session.ask(
                    Endpoints.escrow.refund.operation, ["contractId": contract, "clientId": client.id],
                    ["cancelReason": "We found another way."])
            } until: {
                try await world.books.checkout(of: job)?.state == "refunded"
            }
        case .release, .secondPage, .cancelUnpaid:
            try await world.reach(
                "the release of a contract's money", isBound: plan.isPlain, times: plan.isImpatient ? 3 : 1
            ) {
                _ = try await client.session.ask(Endpoints.clientContracts.requestRelease.operation, contractIDs)
                return try await world.admin().ask(Endpoints.escrow.release.operation, contractIDs)
            } until: {
                try await world.books.checkout(of: job)?.state == "released"
            }
        }
    }

    private func status() async throws -> String? {
        let seen = try await client.session.ask(
            Endpoints.freelancerContracts.get.operation, ["contractId": contract])
        return seen["contract"]?["status"]?.string
    }

    // MARK: - What others do

    private func suffer(_ outsider: Outsider) async throws {
        guard let intent = try? await world.books.checkout(of: job)?.intent else { return }
        switch outsider.deed {
        case .refundPart: await world.outside("refunds", ["payment_intent": .string(intent), "amount": 12_345])
        case .refundAll: await world.outside("refunds", ["payment_intent": .string(intent)])
        case .dispute: await world.outside("disputes", ["payment_intent": .string(intent)])
        case .capture, .capturePart, .cancel, .reverse, .restrict, .deauthorize, .reject: break
        }
    }

    func settle() async throws {
        let intents = try await world.books.checkout(of: job)?.intent.map { [$0] } ?? []
        try await world.settle(intents, plan.outsider?.isWon ?? true)
    }
}
