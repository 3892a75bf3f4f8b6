import OutboundHTTP
import SharedModels
import Testing

/// One deal of ClawConnected in a schedule, and what its parties do.
struct MilestoneMoney: Sendable {
    let plan: MilestonePlan
    /// Whether there may be no money for the payout yet.
    let mayWait: Bool
    let deal: Deal
    let world: ChaosWorld

    private var stack: Stack { world.stack }
    private var milestone: String { deal.milestone }
    private var times: Int { plan.isImpatient ? 3 : 1 }

    static func make(_ plan: MilestonePlan, mayWait: Bool, in world: ChaosWorld) async throws -> MilestoneMoney {
        MilestoneMoney(
            plan: plan, mayWait: mayWait, deal: try await Deal.make(.approved, in: world.stack), world: world)
    }

    func live(through phase: ChaosPlan.Phase) async throws {
        if let outsider = plan.outsider, outsider.phase == phase, outsider.isFirst { try await suffer(outsider) }
        switch phase {
        case .funding:
            try await onboard()
            try await fund()
            if plan.ending.isDelivered { try await deliver() }
        case .held, .captured, .payout:
            if phase == .captured, plan.ending.phase.rawValue >= phase.rawValue { try await awaitCapture() }
            if plan.ending.phase == phase { try await end() }
            if phase == .payout {
                try await payAgain()
                try await awaitPayout()
            }
        }
        if let outsider = plan.outsider, outsider.phase == phase, !outsider.isFirst { try await suffer(outsider) }
    }

    // MARK: - Steps

    private func onboard() async throws {
        await world.plant(plan.faults["onboard"])
        try await world.reach("onboarding", isBound: plan.isPlain) {
            let link = try await deal.worker.session.ask(Endpoints.contracts.connectLink.operation, deal.contractIDs)
            if let url = link["url"]?.string { try await stack.open(url) }
            // Who is onboarded gets no other link.
            return nil
        } until: {
            try await view()["status"]?.string == "pending_client_funding"
        }
    }

    /// As a client with a browser does: asks for the payment, and confirms it.
    private func fund() async throws {
        await world.plant(plan.faults["fund"])
        try await world.reach("funding", isBound: plan.isPlain, times: times) {
            let funding = try await deal.client.session.ask(Endpoints.contracts.fund.operation, deal.milestoneIDs)
            if let intent = funding["payment_intent_id"]?.string { try await pay(intent) }
            return funding
        } until: {
            try await status() != "pending"
        }
    }

    private func pay(_ intent: String) async throws {
        switch try await stack.stripe("/v1/payment_intents/\(intent)")["status"]?.string {
        case "requires_payment_method", "requires_confirmation": _ = try await stack.pay(intent, with: plan.card)
        case "processing", "requires_action":
            try await world.order(
                "stripe/payment_intents/\(intent)", ["bank": plan.bankAccepts ? "accepts" : "declines"])
            if !plan.bankAccepts { _ = try await stack.pay(intent, with: plan.card) }
        default: break
        }
    }

    private func deliver() async throws {
        try await world.reach("delivery", isBound: plan.isPlain) {
            try await deal.worker.session.ask(
                Endpoints.contracts.deliver.operation, deal.milestoneIDs, ["note": "Done."])
        } until: {
            ["delivered", "released"].contains(try await status())
        }
    }

    /// What the client paid came back, and the client pays once more.
    private func payAgain() async throws {
        guard plan.paysAgain, try await world.answer(status) == "pending",
            try await world.answer(view)["status"]?.string == "active"
        else { return }
        try await fund()
        try await deliver()
        try await world.reach("another release", isBound: false, times: times) {
            try await deal.client.session.ask(Endpoints.contracts.release.operation, deal.milestoneIDs)
        } until: {
            try await status() == "released"
        }
    }

    private func awaitCapture() async throws {
        try await world.reach("the capture of a hold", isBound: plan.isPlain) {
            nil
        } until: {
            try await world.books.state(of: milestone) == "escrowed"
        }
    }

    private func end() async throws {
        await world.plant(plan.faults["ending"], for: (try? await world.books.escrow(of: milestone))?.intent)
        switch plan.ending {
        case .releaseHeld, .releaseCaptured:
            try await world.reach("the release", isBound: plan.isPlain, times: times) {
                try await deal.client.session.ask(Endpoints.contracts.release.operation, deal.milestoneIDs)
            } until: {
                try await status() == "released"
            }
        case .deadline:
            try await world.reach("the release at the deadline", isBound: plan.isPlain) {
                nil
            } until: {
                try await status() == "released"
            }
        case .endHeld, .endCaptured:
            try await world.reach("the end by both", isBound: plan.isPlain, times: times) {
                _ = try await deal.worker.session.ask(Endpoints.contracts.end.operation, deal.contractIDs)
                return try await deal.client.session.ask(Endpoints.contracts.end.operation, deal.contractIDs)
            } until: {
                try await view()["status"]?.string == "cancelled"
            }
        // A fee that such a card pays is disputed, too, and no deal has its money: that is an admin's case.
        case .decideForClientHeld, .decideForClientCaptured:
            try await decide(["outcome": "client", "charge_fee": .bool(plan.card != "pm_card_createDispute")])
        case .decideForWorkerHeld:
            try await decide(["outcome": "worker", "charge_fee": .bool(plan.card != "pm_card_createDispute")])
        case .splitHeld, .splitCaptured: try await decide(["outcome": "split", "worker_cents": 20_000])
        }
    }

    private func decide(_ decision: JSONValue) async throws {
        let isOpened = try await world.reach("a dispute", isBound: plan.isPlain) {
            try await deal.client.session.ask(
                Endpoints.disputes.create.operation, [:],
                [
                    "contract_id": .string(deal.contract), "milestone_id": .string(milestone),
                    "disputing_party": "client", "reason": "It does not parse.", "evidence": [],
                ])
        } until: {
            try await dispute() != nil
        }
        guard isOpened, let id = try await world.answer(dispute) else { return }
        try await world.reach("a decision", isBound: plan.isPlain, times: times) {
            return try await world.admin().ask(Endpoints.disputes.resolve.operation, ["id": id], decision)
        } until: {
            let seen = try await deal.client.session.ask(Endpoints.disputes.get.operation, ["id": id])
            return seen["resolution"]?["settled_at"]?.string != nil
        }
    }

    private func awaitPayout() async throws {
        // What was released just now is paid out days later.
        guard plan.ending != .deadline,
            try await world.answer({ try await world.books.state(of: milestone) }) == "released"
        else { return }
        await world.plant(plan.faults["payout"], for: milestone)
        // A refusal of the provider's is asked about again after a day.
        let mayWait = mayWait || plan.faults["payout"]?.mode == "decline"
        try await world.reach("the payout", isBound: plan.isPlain && !mayWait, within: .seconds(mayWait ? 6 : 300)) {
            nil
        } until: {
            try await world.books.state(of: milestone) == "paid"
        }
    }

    private func view() async throws -> Answer {
        let seen = try await deal.client.session.ask(Endpoints.contracts.get.operation, deal.contractIDs)
        guard seen.status == 200 else { throw Unanswered(answer: seen) }
        return seen
    }

    private func dispute() async throws -> String? {
        try await view()["milestones"]?.array?.first?["dispute_id"]?.string
    }

    private func status() async throws -> String? {
        try await view()["milestones"]?.array?.first?["status"]?.string
    }

    // MARK: - What others do

    /// Stripe refuses what cannot be done just now, and its refusal changes nothing.
    private func suffer(_ outsider: Outsider) async throws {
        guard let escrow = try? await world.books.escrow(of: milestone) else { return }
        let intent = escrow.intent.map { JSONValue.string($0) } ?? .null
        switch outsider.deed {
        case .refundPart: await world.outside("refunds", ["payment_intent": intent, "amount": 7_777])
        case .refundAll: await world.outside("refunds", ["payment_intent": intent])
        case .dispute: await world.outside("disputes", ["payment_intent": intent])
        case .capture: await world.outside("captures", ["payment_intent": intent])
        case .capturePart: await world.outside("captures", ["payment_intent": intent, "amount": 33_333])
        case .cancel: await world.outside("cancellations", ["payment_intent": intent])
        case .reverse:
            await world.outside("reversals", ["transfer": escrow.transfer.map { .string($0) } ?? .null])
        case .restrict, .deauthorize, .reject:
            guard let account = try? await world.books.payee(deal.worker.id) else { return }
            let states: [Outsider.Deed: JSONValue] = [.restrict: "restricted", .deauthorize: "deauthorized"]
            await world.outside("accounts/\(account)", ["state": states[outsider.deed] ?? "rejected"])
        }
    }

    /// Banks decide, and a worker whose account was restricted or lost is onboarded again.
    func settle() async throws {
        try await world.settle(try await world.books.payments(of: milestone), plan.outsider?.isWon ?? true)
        guard let outsider = plan.outsider, [.restrict, .deauthorize].contains(outsider.deed), outsider.comesBack,
            let account = try await world.books.payee(deal.worker.id)
        else { return }
        if outsider.deed == .restrict { await world.outside("accounts/\(account)", ["state": "active"]) }
        try await world.reach("another onboarding", isBound: false, within: .seconds(4)) {
            let link = try await deal.worker.session.ask(Endpoints.contracts.connectLink.operation, deal.contractIDs)
            if let url = link["url"]?.string { try await stack.open(url) }
            return link
        } until: {
            try await world.books.isOnboarded(deal.worker.id)
        }
    }
}
