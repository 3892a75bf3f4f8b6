import Postgres
import ServiceKit
import SharedModels

/// Ends negotiations in which nobody does anything any more, so that both sides are free for others.
struct IdleWorkflow: Sendable {
    /// The scheduled item that looks; its key is the negotiation's id.
    static let deadline = "negotiation.idle"
    /// As long as a delivered milestone can be disputed: two weeks are more than a holiday.
    static let limit = Duration.days(14)

    let context: DealContext

    /// Expires a negotiation whose last change is ``limit`` ago, unless it was agreed on.
    ///
    /// - Returns: When to look again, after something was done in it meanwhile.
    func expire(_ id: NegotiationID) async throws -> ScheduledOutcome {
        try await context.database.transaction { tx in
            guard let negotiation = try await context.negotiations.lock(id, in: tx),
                negotiation.state.allows(.idle)
            else { return .done }
            let due = negotiation.updatedAt + Self.limit
            guard due <= context.clock.now else { return .again(at: due) }
            _ = try await context.expire(negotiation, by: .idle, of: nil, in: tx)
            return .done
        }
    }
}

extension DealContext {
    /// Ends a negotiation without an agreement, and with it the contract that a revision had left waiting.
    ///
    /// - Parameter actor: `nil` for the system, at a deadline.
    func expire(
        _ before: Negotiation, by event: NegotiationEvent, of actor: AccountID?, in tx: Transaction
    ) async throws -> Negotiation {
        var negotiation = before
        try negotiation.expire(by: event, at: clock.now)
        try await AuditStore().note(.stateChange, negotiation, from: before.state, by: actor, in: tx)
        try await save(negotiation, announcing: .negotiationUpdated, in: tx)
        if let contractID = negotiation.contractID,
            var contract = try await contracts.lock(contractID, in: tx)
        {
            // Nobody can approve it any more.
            try contract.move(.cancel)
            try await save(&contract, announcing: .contractUpdated, in: tx)
        }
        return negotiation
    }
}
