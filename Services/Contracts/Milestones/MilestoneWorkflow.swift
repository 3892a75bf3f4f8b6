import Postgres
import ServiceKit
import SharedModels

/// Adding milestones, funding them and delivering their work.
struct MilestoneWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let scheduler: Scheduler
    let book: DealBook
    let peers: any DealPeers
    let funding: FundingWorkflow
    let prices: PriceRule
    let contracts = ContractStore()

    /// The client adds a milestone to an active contract.
    ///
    /// - Returns: The contract, with the new milestone as its last.
    func add(
        _ input: MilestoneInput, to contractID: ContractID, by caller: AccountID,
        expecting check: VersionCheck
    ) async throws -> (Contract, Milestone) {
        guard prices.allows(.usd(cents: input.amountCents)) else { throw MilestoneError.notPayable(prices) }
        return try await database.transaction { tx in
            var (contract, role) = try await book.lock(contractID, for: caller, in: tx)
            try check(contract.version)
            try contract.requireRoomForMilestone(by: role, at: clock.now)
            let milestone = contract.add(input, at: clock.now)
            try await contracts.insert(milestone, of: contractID, in: tx)
            try await book.save(&contract, announcing: ContractUpdated.self, in: tx)
            return (contract, milestone)
        }
    }

    /// The client pays for a milestone. A repeat continues with the same payment.
    ///
    /// - Throws: `PeerRefusal` or `OutboundError` when payments cannot begin it at the moment. Nothing is lost then.
    func fund(
        _ id: MilestoneID, of contractID: ContractID, by caller: AccountID,
        expecting check: VersionCheck = { _ in }
    ) async throws -> Funding {
        let contract = try await database.transaction { tx in
            var (contract, role) = try await book.lock(contractID, for: caller, in: tx)
            let milestone = try contract.milestone(id)
            // A repeat after success. Only the client may do it, like the first time.
            guard milestone.status == .pending || role != .client else { return contract }
            try check(contract.version)
            try contract.require(.fund, with: milestone, by: role, at: clock.now)
            if !milestone.isPaid { try await funding.fund(id, of: &contract, in: tx) }
            return contract
        }
        let milestone = try contract.milestone(id)
        guard milestone.status == .pending else {
            return Funding(status: milestone.status)
        }
        let escrow = try await peers.fund(
            id,
            EscrowInput(
                contractID: contractID, clientUserID: contract.parties.client,
                workerUserID: contract.parties.worker,
                amountCents: milestone.amount.minorUnits, payoutDelayDays: contract.payoutDelayDays))
        let status = try await database.transaction { try await note(escrow, of: contractID, in: $0) }
        guard let status else { throw MilestoneError.notFound }
        return Funding(
            status: status, clientSecret: status == .pending ? escrow.clientSecret : nil,
            paymentIntentID: escrow.paymentIntentID)
    }

    /// Stores the result of a funding as payments reports it, and what its release will cost.
    ///
    /// - Returns: `nil` when the milestone was withdrawn in the meantime. Its payment is cancelled then.
    private func note(
        _ escrow: EscrowView, of id: ContractID, in tx: Transaction
    ) async throws -> MilestoneStatus? {
        guard var contract = try await contracts.lock(id, in: tx) else { throw ContractError.notFound }
        guard contract.has(escrow.milestoneID) else {
            try await funding.drop(escrow.milestoneID, in: tx)
            return nil
        }
        let milestone = try contract.milestone(escrow.milestoneID)
        let quote = Money.usd(cents: escrow.platformFeeCents)
        if milestone.amount == .usd(cents: escrow.amountCents), milestone.quotedFee != quote {
            try contract.change(milestone.id) { $0.quotedFee = quote }
            // Nobody has seen it yet, so no new version is needed.
            try await contracts.save(&contract, in: tx)
        }
        switch escrow.state {
        case .held, .escrowed, .released, .paid:
            try await funding.funded(escrow.milestoneID, in: tx)
            // It may have lapsed since payments answered.
            try await funding.heard(of: escrow.milestoneID, in: tx)
        case .unfunded, .authorizing:
            let before = contract.status
            guard milestone.status == .pending, before.allows(.startFunding) else { break }
            try contract.move(.startFunding)
            if contract.status != before {
                try await book.save(&contract, announcing: ContractUpdated.self, in: tx)
            }
        }
        guard let contract = try await contracts.lock(id, in: tx) else { throw ContractError.notFound }
        return try contract.milestone(escrow.milestoneID).status
    }

    /// Whether a milestone's hold must be captured before it lapses: when its contract is active, or when a dispute is
    /// to decide about the money. A contract that is not active by its deadline cancels the hold, and that happens
    /// first.
    ///
    /// - Throws: ``ContractError/notFound`` for an unknown milestone.
    func needsHold(_ id: MilestoneID) async throws -> Bool {
        guard let contractID = try await contracts.contract(of: id, in: database),
            let contract = try await contracts.find(contractID, in: database)
        else { throw ContractError.notFound }
        return contract.status == .active || contract.isDisputed
    }

    /// The worker delivers the work.
    func deliver(
        _ delivery: DeliveryInput, for id: MilestoneID, of contractID: ContractID, by caller: AccountID,
        expecting check: VersionCheck
    ) async throws -> Contract {
        try await database.transaction { tx in
            var (contract, role) = try await book.lock(contractID, for: caller, in: tx)
            try check(contract.version)
            try contract.require(.deliver, with: contract.milestone(id), by: role, at: clock.now)
            try contract.change(id) { try $0.deliver(delivery, at: clock.now) }
            try await book.save(&contract, announcing: ContractUpdated.self, in: tx)
            let deadline = clock.now + Dispute.windowAfterDelivery
            try await scheduler.schedule(ReleaseUndisputed(id), at: deadline, in: tx)
            try await scheduler.schedule(RemindOfRelease(id), at: deadline - DeadlineWorkflow.reminder, in: tx)
            return contract
        }
    }
}
