import Postgres
import SharedModels

/// Charges metered credentials to the plan of their account.
struct PlanMeter: Sendable {
    let usage = UsageStore()

    /// How many requests may be made, all credentials of the account together.
    ///
    /// - Parameter unspent: What is given back of an earlier grant.
    func grant(
        to principal: Principal, unspent: Int, at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> Grant {
        guard let limits = principal.plan.limits else { return GrantPolicy.unlimited(at: now) }
        let charge = try await usage.charge(principal.accountID, limits, unspent: unspent, at: now, in: executor)
        return GrantPolicy.grant(charge, under: limits, at: now)
    }
}
