import Postgres
import SharedModels

/// Every statement on the table `actions`.
struct ActionStore: Sendable {
    /// Starts the milestone's next action of this kind. The escrow's row is locked.
    ///
    /// - Parameter amount: What a refund gives back.
    func start(
        _ kind: ActionKind, of milestone: MilestoneID, amount: Money?, at now: Timestamp, in tx: Transaction
    ) async throws -> Action {
        let number: Int = try await tx.one(
            """
            SELECT coalesce(max(number), 0) + 1 AS next FROM actions
             WHERE milestone_id = \(milestone) AND operation = \(kind.operation)
            """
        ) { try $0.decode("next") }
        let key = Action.key(kind, of: milestone, number: number)
        try await tx.execute(
            """
            INSERT INTO actions (key, milestone_id, kind, operation, number, state, started_at, amount_minor)
            VALUES (\(key), \(milestone), \(kind), \(kind.operation), \(number), \(ActionState.started), \(now),
                    \(amount?.minorUnits))
            """)
        return Action(
            key: key, milestoneID: milestone, kind: kind, state: .started, refusal: nil, startedAt: now,
            amount: amount)
    }

    func find(_ key: String, in executor: some SQLExecutor) async throws -> Action? {
        try await executor.first(
            """
            SELECT a.key, a.milestone_id, a.kind, a.state, a.refusal, a.started_at, a.amount_minor, e.amount_currency
              FROM actions a JOIN escrows e USING (milestone_id)
             WHERE a.key = \(key)
            """, Action.init(row:))
    }

    /// Ends a started action.
    ///
    /// - Parameter refusal: Why the provider did not do it; `nil` when it did.
    func end(_ key: String, refusal: String?, at now: Timestamp, in tx: Transaction) async throws {
        let state = refusal == nil ? ActionState.finished : .refused
        try await tx.execute(
            """
            UPDATE actions SET state = \(state), refusal = \(refusal), ended_at = \(now)
             WHERE key = \(key) AND state = \(ActionState.started)
            """)
    }
}

extension Action {
    fileprivate init(row: Row) throws {
        let currency: Currency = try row.decode("amount_currency")
        self.init(
            key: try row.decode("key"), milestoneID: try row.decode("milestone_id"), kind: try row.decode("kind"),
            state: try row.decode("state"), refusal: try row.decode("refusal"),
            startedAt: try row.decode("started_at"),
            amount: try row.decodeIfPresent("amount_minor", as: Int64.self).map {
                Money(minorUnits: $0, currency: currency)
            })
    }
}
