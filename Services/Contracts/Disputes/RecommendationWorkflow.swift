import Logging
import Postgres
import ServiceKit
import SharedModels

/// Advice on a dispute: asked for by a party, stored on the dispute, and followed by nothing.
///
/// Asked for with a hosted agent's key it spends one of the agent's month, before the advisor is asked. It is
/// given back when no advice was stored, also when it came too late. What a process had spent that died
/// before its answer stays spent: the limit is never passed.
struct RecommendationWorkflow: Sendable {
    let database: Database
    let clock: any DomainClock
    let book: DealBook
    let peers: any DealPeers
    let logger: Logger
    let disputes = DisputeStore()
    let evidence = EvidenceStore()
    let advisor: any DisputeAdvisor

    /// A party asks for advice; a new one replaces the last.
    ///
    /// - Throws: ``NoAdvice``, and `PeerRefusal` with `agentPaused` for an agent that
    ///   has used up its month; the dispute is as it was then.
    func recommend(
        on id: DisputeID, by caller: Principal, expecting check: VersionCheck
    ) async throws -> (Dispute, Contract) {
        let (dispute, contract) = try await book.find(id, in: database)
        let role = try contract.role(inDisputeOf: caller.accountID)
        try check(dispute.version)
        try dispute.require(.recommend, by: role, at: clock.now)
        let evidence = try await self.evidence.find(of: id, in: database)
        let file = CaseFile(
            dispute, over: try contract.milestone(dispute.milestoneID), of: contract, evidence,
            at: clock.now)
        return try await spending(of: caller.hostedAgentID) {
            try await store(advisor.advice(on: file), on: dispute, for: role)
        }
    }

    /// Spends one of the agent's month on what `body` does, and gives it back when that fails, or when auth
    /// did not answer: it may have noted the spending all the same.
    private func spending<Result>(
        of agent: HostedAgentID?, _ body: () async throws -> Result
    ) async throws -> Result {
        guard let agent else { return try await body() }
        let spending = SpendingID.make(at: clock.now)
        do {
            try await peers.spendAdvice(spending, of: agent)
            return try await body()
        } catch let refusal as PeerRefusal where refusal.code == .agentPaused {
            // Nothing was spent.
            throw refusal
        } catch {
            await giveBack(spending, of: agent)
            throw error
        }
    }

    /// In a task of its own, since the caller may be gone. Where this fails one too many counts as spent.
    private func giveBack(_ spending: SpendingID, of agent: HostedAgentID) async {
        await Task {
            do {
                // What could not be stored is undone, and its transaction may still be open.
                try await CommitScope.current?.commit()
                try await peers.giveAdviceBack(spending, of: agent)
            } catch {
                logger.warning(
                    "a recommendation that was not given stays spent",
                    metadata: ["agent": "\(agent)", "error": "\(error)"])
            }
        }.value
    }

    private func store(
        _ advice: Advice, on seen: Dispute, for role: PartyRole
    ) async throws -> (Dispute, Contract) {
        try await database.transaction { tx in
            let now = clock.now
            var (dispute, contract) = try await book.lock(seen.id, in: tx)
            try dispute.require(.recommend, by: role, at: now)
            guard dispute.status == seen.status else {
                throw DisputeError.outdatedAdvice(allowed: dispute.nextActions(at: now).names(for: role))
            }
            try dispute.note(advice, at: now)
            try await disputes.save(dispute, in: tx)
            return (dispute, contract)
        }
    }
}
