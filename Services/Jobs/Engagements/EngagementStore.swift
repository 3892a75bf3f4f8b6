import Postgres
import SharedModels

/// Every statement on the table `engagements`.
struct EngagementStore: Sendable {
    /// The column `is_engaged` of the application `a`.
    static func isEngaged(at now: Timestamp) -> SQL {
        """
        EXISTS (
            SELECT FROM engagements WHERE application_id = a.id AND \(fragment: isLive(at: now))
        ) AS is_engaged
        """
    }

    /// True for an engagement that has not ended; a mere reservation must not have lapsed.
    private static func isLive(at now: Timestamp) -> SQL {
        "is_live AND (is_confirmed OR reserved_at >= \(now - Engagement.reservation))"
    }

    /// Reserves an application for a negotiation that is about to be opened. A repeat for the same negotiation is
    /// harmless.
    ///
    /// - Returns: `false` when another negotiation holds the application.
    func reserve(
        _ negotiation: NegotiationID, for application: Application, at now: Timestamp, in tx: Transaction
    ) async throws -> Bool {
        try await tx.execute(
            """
            DELETE FROM engagements
             WHERE application_id = \(application.id) AND NOT is_confirmed AND NOT is_over
               AND reserved_at < \(now - Engagement.reservation)
            """
        )
        try await tx.executeLater(
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

    /// Stores what an event says about a negotiation. An event older than the last one changes nothing.
    ///
    /// The reservation may have lapsed before the event arrived, and another negotiation may have taken its place. That
    /// one gives way, because contracts opens no second negotiation beside an open one.
    ///
    /// - Parameter application: Must be locked.
    func save(
        _ news: NegotiationNews, about application: Application, at now: Timestamp, in tx: Transaction
    ) async throws {
        let summary = news.summary
        if summary.state.isLive {
            try await tx.executeLater(
                """
                DELETE FROM engagements
                 WHERE application_id = \(application.id) AND NOT is_confirmed AND NOT is_over
                   AND negotiation_id <> \(news.negotiationID)
                   AND NOT EXISTS (
                       SELECT FROM engagements WHERE negotiation_id = \(news.negotiationID) AND is_over)
                """
            )
        }
        try await tx.executeLater(
            """
            INSERT INTO engagements
                (negotiation_id, application_id, gig_id, is_confirmed, is_live, reserved_at, state,
                 round_number, rate_cents, hours_per_week, start_date, payout_delay_days, sequence)
            VALUES (\(news.negotiationID), \(application.id), \(application.gigID), true,
                    \(summary.state.isLive), \(now), \(summary.state), \(summary.roundNumber),
                    \(summary.rateCents), \(summary.hoursPerWeek), \(summary.startDate),
                    \(summary.payoutDelayDays), \(news.sequence))
            ON CONFLICT (negotiation_id) DO UPDATE
               SET is_confirmed = true, is_live = excluded.is_live AND NOT engagements.is_over, state = excluded.state,
                   round_number = excluded.round_number, rate_cents = excluded.rate_cents,
                   hours_per_week = excluded.hours_per_week, start_date = excluded.start_date,
                   payout_delay_days = excluded.payout_delay_days, sequence = excluded.sequence
             WHERE engagements.sequence < excluded.sequence
            """
        )
    }

    /// Negotiations, or the contracts made from them, are over. Later events about them do not bind anybody again.
    func end(_ negotiations: [NegotiationID], in executor: some SQLExecutor) async throws {
        try await executor.executeLater(
            "UPDATE engagements SET is_live = false, is_over = true WHERE negotiation_id = ANY(\(negotiations))")
    }

    /// Keeps the ended engagements of an application that is about to be deleted. The worker may apply again, and a late
    /// event about an old negotiation must not bind the new application. A lapsed reservation is forgotten, because its
    /// negotiation may have been opened after all.
    func detach(from application: ApplicationID, in tx: Transaction) async throws {
        try await tx.executeLater(
            "DELETE FROM engagements WHERE application_id = \(application) AND NOT is_confirmed AND NOT is_over")
        try await tx.executeLater(
            """
            UPDATE engagements SET application_id = NULL, is_live = false, is_over = true
             WHERE application_id = \(application)
            """)
    }

    /// The negotiations that bind a gig of the owner, as far as known here; at most `limit`.
    func live(
        gig: GigID, of owner: AccountID, limit: Int, in executor: some SQLExecutor
    ) async throws -> [NegotiationID] {
        try await executor.all(
            """
            SELECT negotiation_id FROM engagements JOIN gigs ON gigs.id = gig_id
             WHERE gig_id = \(gig) AND owner_id = \(owner) AND is_live
             ORDER BY reserved_at LIMIT \(limit)
            """
        ) { try $0.decode("negotiation_id") }
    }

    func hasLive(gig: GigID, at now: Timestamp, in tx: Transaction) async throws -> Bool {
        try await tx.one(
            """
            SELECT EXISTS (
                SELECT FROM engagements WHERE gig_id = \(gig) AND \(fragment: Self.isLive(at: now))
            ) AS is_live
            """
        ) { try $0.decode("is_live") }
    }

    func hasLive(application: ApplicationID, at now: Timestamp, in tx: Transaction) async throws -> Bool {
        try await tx.one(
            """
            SELECT EXISTS (
                SELECT FROM engagements
                 WHERE application_id = \(application) AND \(fragment: Self.isLive(at: now))
            ) AS is_live
            """
        ) { try $0.decode("is_live") }
    }
}

extension Engagement {
    /// The engagement of a joined application; `nil` when the join found none.
    init?(joined row: Row) throws {
        guard let id: NegotiationID = try row.decode("negotiation_id") else { return nil }
        self.init(
            negotiationID: id,
            summary: NegotiationSummary(
                state: try row.decode("state"), roundNumber: try row.decode("round_number"),
                rateCents: try row.decode("rate_cents"), hoursPerWeek: try row.decode("hours_per_week"),
                startDate: try row.decode("start_date"), payoutDelayDays: try row.decode("payout_delay_days")))
    }
}

extension NegotiationState: PostgresValue {}
