import Postgres
import SharedModels

/// Charges metered credentials to the plan of their account.
struct PlanMeter: Sendable {
    let usage = UsageStore()

    /// How many requests may be made, all credentials of the account together.
    ///
    /// - Parameter input: Tells what is given back of an earlier grant, and the place that is asked for.
    func grant(
        to principal: Principal, _ input: CredentialInput, at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> Grant {
        guard let limits = principal.plan.limits else { return GrantPolicy.unlimited(at: now) }
        let charge = try await usage.charge(
            principal.accountID, limits, unspent: input.unspent, place: input.place, at: now, in: executor)
        return GrantPolicy.grant(charge, under: limits, at: now)
    }
}
