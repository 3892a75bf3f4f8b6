import Postgres
import ServiceKit
import SharedModels

/// Opening a dispute, answering it and reading it.
struct DisputeWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let outbox: Outbox
    let scheduler: Scheduler
    let book: DealBook
    let disputes = DisputeStore()
    let contracts = ContractStore()
    let evidence = EvidenceStore()

    /// A party disputes a milestone. Its money stays where it is until an admin has decided.
    func open(_ input: DisputeInput, by caller: AccountID) async throws -> (Dispute, Contract) {
        try input.evidence.requireSubstance()
        return try await database.transaction { tx in
            let now = clock.now
            var (contract, role) = try await book.lock(input.contractID, for: caller, in: tx)
            let milestone = try contract.milestone(input.milestoneID)
            guard input.disputingParty == role else { throw DisputeError.notYourSide(role) }
            try contract.require(.dispute, with: milestone, by: role, at: now)
            let dispute = Dispute(
                opening: milestone.id, of: contract.id, by: role, reason: input.reason, at: now)
            try await disputes.insert(dispute, in: tx)
            try await evidence.insert(
                input.evidence.submitted(by: role, at: now), for: dispute.id, in: tx)
            try await scheduler.schedule(
                ReviewUnanswered(dispute.id), at: dispute.standing.responseDeadline, in: tx)
            try await book.save(&contract, in: tx)
            try await outbox.append(
                Announcement(
                    DisputeCreated.self, of: dispute.id, sequence: dispute.version, to: contract.parties.all,
                    dispute.view(of: contract, for: nil, at: now), at: now
                ).adding("client_user_id", .string("\(contract.parties.client)"))
                    .adding("worker_user_id", .string("\(contract.parties.worker)")),
                in: tx)
            return (dispute, contract)
        }
    }

    /// The other party submits its evidence, once and in time.
    func respond(
        to id: DisputeID, with evidence: [EvidenceInput], by caller: AccountID, expecting check: VersionCheck
    ) async throws -> (Dispute, Contract) {
        try evidence.requireSubstance()
        return try await database.transaction { tx in
            let now = clock.now
            var (dispute, contract) = try await book.lock(id, in: tx)
            let role = try contract.role(inDisputeOf: caller)
            try check(dispute.version)
            try dispute.require(.respond, by: role, at: now)
            try dispute.respond(at: now)
            try await self.evidence.insert(evidence.submitted(by: role, at: now), for: id, in: tx)
            try await book.save(dispute, of: &contract, in: tx)
            try await scheduler.cancel(ReviewUnanswered(id), in: tx)
            return (dispute, contract)
        }
    }

    /// A dispute, for its parties and for admins, with the evidence on request.
    func get(
        _ id: DisputeID, by caller: Principal, withEvidence: Bool
    ) async throws -> (dispute: Dispute, contract: Contract, evidence: [Evidence]?) {
        let (dispute, contract) = try await book.find(id, in: database)
        if !caller.isAdmin { _ = try contract.role(inDisputeOf: caller.accountID) }
        let evidence = withEvidence ? try await self.evidence.find(of: id, in: database) : nil
        return (dispute, contract, evidence)
    }

    /// A page of the caller's disputes with their contracts, or of everybody's for an admin.
    func page(
        for caller: Principal, in status: DisputeStatus?, after cursor: DisputeCursor?, limit: Int
    ) async throws -> Page<(dispute: Dispute, contract: Contract)> {
        let page = try await disputes.page(
            of: caller.isAdmin ? nil : caller.accountID, in: status, after: cursor, limit: limit, in: database)
        let found = try await contracts.find(Array(Set(page.items.map(\.contractID))), in: database)
        let byID = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        return page.compactMap { dispute in byID[dispute.contractID].map { (dispute, $0) } }
    }

    /// The response deadline has come. An unanswered dispute continues without the answer.
    func reviewUnanswered(_ id: DisputeID) async throws {
        try await database.transaction { tx in
            let now = clock.now
            var (dispute, contract) = try await book.lock(id, in: tx)
            guard dispute.status.allows(.overdue), now >= dispute.standing.responseDeadline else { return }
            try dispute.move(.overdue, at: now)
            try await book.save(dispute, of: &contract, in: tx)
        }
    }
}

extension [EvidenceInput] {
    /// - Throws: ``DisputeError/invalid(_:)`` for items without content.
    fileprivate func requireSubstance() throws {
        let issues = enumerated().filter { $0.element.url == nil && $0.element.description == nil }.map {
            InputIssue(path: "evidence.\($0.offset)", message: "must have a url or a description")
        }
        guard issues.isEmpty else { throw DisputeError.invalid(issues) }
    }

    fileprivate func submitted(by role: PartyRole, at now: Timestamp) -> [Evidence] {
        map {
            Evidence(
                id: .make(at: now), by: role, type: $0.type, url: $0.url, description: $0.description,
                createdAt: now)
        }
    }
}

extension Contract {
    /// - Throws: ``DisputeError/notFound`` for a stranger.
    func role(inDisputeOf caller: AccountID) throws -> PartyRole {
        guard let role = parties.role(of: caller) else { throw DisputeError.notFound }
        return role
    }
}
