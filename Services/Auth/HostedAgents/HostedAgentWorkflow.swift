import Postgres
import ServiceKit
import SharedModels

/// An account's actions on its hosted agents, and the agents' spending.
struct HostedAgentWorkflow: Sendable {
    /// Maximum number of agents per account.
    static let limit = 100

    let database: Database
    let clock: any DomainClock
    let accounts: AccountStore
    let keys: KeyStore
    let revocations: RevocationStore
    let agents = HostedAgentStore()

    func create(_ input: HostedAgentInput, for account: AccountID) async throws -> HostedAgent {
        let now = clock.now
        let agent = HostedAgent(
            id: .make(at: now), accountID: account, name: input.name,
            monthlyLimit: input.llmMonthlyLimit ?? HostedAgent.initialLimit, version: 1, createdAt: now,
            updatedAt: now)
        try await database.transaction { tx in
            try await accounts.lockActive(account, in: tx)
            guard try await agents.count(of: account, in: tx) < Self.limit else {
                throw HostedAgentError.tooMany
            }
            try await agents.insert(agent, in: tx)
        }
        return agent
    }

    /// The agents, each with what it has spent this month.
    func page(
        of account: AccountID, after cursor: PageCursor?, limit: Int
    ) async throws -> Page<(agent: HostedAgent, used: Int)> {
        try await agents.page(
            of: account, after: cursor, limit: limit, spentIn: CalendarMonth(of: clock.now), in: database)
    }

    /// - Returns: The agent, and what it has spent this month.
    func update(
        _ id: HostedAgentID, _ update: HostedAgentUpdate, of account: AccountID,
        expecting check: VersionCheck
    ) async throws -> (agent: HostedAgent, used: Int) {
        let now = clock.now
        return try await database.transaction { tx in
            guard let agent = try await agents.lock(id, of: account, in: tx) else {
                throw HostedAgentError.notFound(id)
            }
            try check(agent.version)
            let changed = agent.applying(update, at: now)
            if changed != agent { try await agents.save(changed, in: tx) }
            return (changed, try await agents.countSpendings(of: id, in: CalendarMonth(of: now), in: tx))
        }
    }

    /// Removes an agent, and ends its keys in every service.
    func delete(_ id: HostedAgentID, of account: AccountID, expecting check: VersionCheck) async throws {
        let now = clock.now
        try await database.transaction { tx in
            // Making a key also locks the account, so no key is missed.
            try await accounts.lockActive(account, in: tx)
            guard let agent = try await agents.lock(id, of: account, in: tx) else {
                throw HostedAgentError.notFound(id)
            }
            try check(agent.version)
            try await agents.delete(id, at: now, in: tx)
            for digest in try await keys.revokeAll(of: id, at: now, in: tx) {
                try await revocations.announce(.credential(sha256: digest), in: tx)
            }
        }
    }
}

// Questions of other services.
extension HostedAgentWorkflow {
    /// Spends one recommendation of the current month. A repeat with the same `spending` spends nothing more.
    ///
    /// It holds the agent's lock, so the limit is exact however many requests come at once.
    ///
    /// - Throws: ``HostedAgentError/paused(until:)``, also for a deleted agent.
    func spend(_ spending: SpendingID, of id: HostedAgentID) async throws {
        let now = clock.now
        let month = CalendarMonth(of: now)
        let paused = HostedAgentError.paused(until: month.end - now)
        try await database.transaction { tx in
            guard let agent = try await agents.lock(id, in: tx) else { throw paused }
            guard try await !agents.hasSpent(spending, of: id, in: tx) else { return }
            guard try await agents.countSpendings(of: id, in: month, in: tx) < agent.monthlyLimit else { throw paused }
            try await agents.spend(spending, of: id, in: month, at: now, in: tx)
        }
    }

    /// Undoes a spending that led to no advice. A repeat changes nothing.
    func giveBack(_ spending: SpendingID, of id: HostedAgentID) async throws {
        try await agents.giveBack(spending, of: id, in: database)
    }
}
