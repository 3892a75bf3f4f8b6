import Postgres
import SharedModels

/// Every statement on the table `engagements`.
struct EngagementStore: Sendable {
    /// Reserves an application for a negotiation about to be opened; harmless when it is reserved for it already.
    ///
    /// - Returns: `false` when another negotiation holds the application.
    func reserve(
        _ negotiation: NegotiationID, for application: Application, at now: Timestamp, in tx: Transaction
    ) async throws -> Bool {
        try await tx.execute(
            """
            DELETE FROM engagements
             WHERE application_id = \(application.id) AND NOT is_confirmed AND reserved_at < \(now - Engagement.reservation)
            """
        )
        try await tx.execute(
            """
            INSERT INTO engagements
                (negotiation_id, application_id, gig_id, is_confirmed, is_live, reserved_at, state, round_number, sequence)
            VALUES (\(negotiation), \(application.id), \(application.gigID), false, true, \(now), 'pending', 0, 0)
            ON CONFLICT DO NOTHING
            """
        )
        return try await tx.one(
            """
            SELECT EXISTS (SELECT FROM engagements WHERE negotiation_id = \(negotiation) AND is_live) AS is_reserved
            """
        ) { try $0.decode("is_reserved") }
    }

    /// Takes over what an event says of a negotiation; an older event than the last changes nothing.
    func update(
        _ negotiation: NegotiationID, _ summary: NegotiationSummary, sequence: Int64, in tx: Transaction
    ) async throws {
        try await tx.execute(
            """
            UPDATE engagements
               SET is_confirmed = true, is_live = \(summary.state.isLive), state = \(summary.state.rawValue),
                   round_number = \(summary.roundNumber), rate_cents = \(summary.rateCents),
                   hours_per_week = \(summary.hoursPerWeek), start_date = \(summary.startDate),
                   payout_delay_days = \(summary.payoutDelayDays), sequence = \(sequence)
             WHERE negotiation_id = \(negotiation) AND sequence < \(sequence)
            """
        )
    }

    /// The contract made of a negotiation is over.
    func end(_ negotiation: NegotiationID, in tx: Transaction) async throws {
        try await tx.execute("UPDATE engagements SET is_live = false WHERE negotiation_id = \(negotiation)")
    }

    func hasLive(gig: GigID, at now: Timestamp, in tx: Transaction) async throws -> Bool {
        try await tx.one(
            """
            SELECT EXISTS (
                SELECT FROM engagements
                 WHERE gig_id = \(gig) AND is_live
                   AND (is_confirmed OR reserved_at >= \(now - Engagement.reservation))
            ) AS is_live
            """
        ) { try $0.decode("is_live") }
    }

    func hasLive(application: ApplicationID, at now: Timestamp, in tx: Transaction) async throws -> Bool {
        try await tx.one(
            """
            SELECT EXISTS (
                SELECT FROM engagements
                 WHERE application_id = \(application) AND is_live
                   AND (is_confirmed OR reserved_at >= \(now - Engagement.reservation))
            ) AS is_live
            """
        ) { try $0.decode("is_live") }
    }
}
