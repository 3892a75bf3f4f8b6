import Postgres
import ServiceKit
import SharedModels

/// Advice on a dispute: asked for by a party, stored on the dispute, and followed by nothing.
struct RecommendationWorkflow: Sendable {
    /// Asked once for each advice, before the advisor is, with whoever wants it; throws to refuse.
    typealias Allowance = @Sendable (Principal) async throws -> Void

    let context: DealContext
    let advisor: any DisputeAdvisor
    let allowance: Allowance

    /// A party asks for advice; a new one replaces the last.
    ///
    /// - Throws: ``ContractsError/noAdvice(reason:)`` and what ``allowance`` throws; the dispute is as it was
    ///   then.
    func recommend(
        on id: DisputeID, by caller: Principal, expecting check: VersionCheck
    ) async throws -> (Dispute, Contract) {
        let (dispute, contract) = try await context.find(id)
        let role = try contract.role(inDisputeOf: caller.accountID)
        try check(dispute.version)
        try dispute.require(.recommend, by: role, at: context.clock.now)
        let evidence = try await context.evidence.of(id, in: context.database)
        try await allowance(caller)
        let advice = try await advisor.advice(
            on: CaseFile(
                dispute, over: contract.milestone(dispute.milestoneID), of: contract, evidence,
                at: context.clock.now))
        return try await store(advice, on: dispute, for: role)
    }

    private func store(
        _ advice: Advice, on seen: Dispute, for role: PartyRole
    ) async throws -> (Dispute, Contract) {
        try await context.database.transaction { tx in
            let now = context.clock.now
            var (dispute, contract) = try await context.lock(seen.id, in: tx)
            try dispute.require(.recommend, by: role, at: now)
            guard dispute.status == seen.status else {
                throw ContractsError.outdatedAdvice(allowed: dispute.nextActions(at: now).names(for: role))
            }
            try dispute.note(advice, at: now)
            try await context.disputes.update(dispute, in: tx)
            return (dispute, contract)
        }
    }
}
