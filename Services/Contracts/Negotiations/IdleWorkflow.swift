import Postgres
import ServiceKit
import SharedModels

/// Ends idle negotiations, so that both sides are free for others.
struct IdleWorkflow: Sendable {
    /// As long as a delivered milestone can be disputed. Two weeks are longer than most holidays.
    static let limit = Duration.days(14)

    let database: Database
    let clock: any DomainClock
    let book: DealBook
    let negotiations = NegotiationStore()

    /// Expires a negotiation whose last change was ``limit`` ago, unless it was agreed on.
    ///
    /// - Returns: When to look again, if it changed in the meantime.
    func expire(_ id: NegotiationID) async throws -> ScheduledOutcome {
        try await database.transaction { tx in
            guard let negotiation = try await negotiations.lock(id, in: tx),
                negotiation.state.allows(.idle)
            else { return .done }
            let due = negotiation.updatedAt + Self.limit
            guard due <= clock.now else { return .again(at: due) }
            _ = try await book.expire(negotiation, by: .silence, of: nil, in: tx)
            return .done
        }
    }
}
