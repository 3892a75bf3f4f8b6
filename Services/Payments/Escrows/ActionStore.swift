import Postgres
import ServiceKit
import SharedModels

/// Every statement on the table `actions`.
struct ActionStore: Sendable {
    /// Starts the subject's next action of this kind. Its row, the escrow's or the checkout's, is locked.
    ///
    /// - Parameters:
    ///   - amount: What a refund gives back.
    ///   - admin: Who asked for it, if an admin did.
    func start(
        _ kind: ActionKind, of subject: MoneySubject, amount: Money?, by admin: AccountID?, at now: Timestamp,
        in tx: Transaction
    ) async throws -> Action {
        if let waiting = try await resume(kind, of: subject, at: now, in: tx) { return waiting }
        let number: Int = try await tx.one(
            """
            SELECT coalesce(max(number), 0) + 1 AS next FROM actions
             WHERE \(fragment: subject.condition) AND operation = \(kind.operation)
            """
        ) { try $0.decode("next") }
        let key = Action.key(kind, of: subject, number: number)
        let requestID = RequestTrace.current?.requestID
        try await tx.executeLater(
            """
            INSERT INTO actions (key, milestone_id, checkout_id, kind, operation, number, state, started_at, request_id,
                                 amount_minor, admin_id)
            VALUES (\(key), \(subject.milestoneID), \(subject.checkoutID), \(kind), \(kind.operation), \(number),
                    \(ActionState.started), \(now), \(requestID), \(amount?.minorUnits), \(admin))
            """)
        return Action(
            key: key, subject: subject, kind: kind, number: number, state: .started, refusal: nil, startedAt: now,
            requestID: requestID, amount: amount, admin: admin)
    }

    /// Starts the subject's latest action of this kind once more, if it waits for money: one row, however long that takes.
    private func resume(_ kind: ActionKind, of subject: MoneySubject, at now: Timestamp, in tx: Transaction)
        async throws -> Action?
    {
        let key: String? = try await tx.first(
            """
            UPDATE actions SET state = \(ActionState.started), tries = tries + 1, refusal = NULL, ended_at = NULL,
                   started_at = \(now)
             WHERE state = \(ActionState.waiting)
               AND key = (SELECT key FROM actions WHERE \(fragment: subject.condition) AND operation = \(kind.operation)
                           ORDER BY number DESC LIMIT 1)
            RETURNING key
            """
        ) { try $0.decode("key") }
        guard let key else { return nil }
        return try await find(key, in: tx)
    }

    func find(_ key: String, in executor: some SQLExecutor) async throws -> Action? {
        try await executor.first(
            """
            SELECT a.key, a.milestone_id, a.checkout_id, a.kind, a.number, a.state, a.refusal, a.started_at,
                   a.request_id, a.amount_minor, a.tries, a.admin_id,
                   coalesce(e.amount_currency, c.paid_currency, c.amount_currency) AS amount_currency
              FROM actions a
              LEFT JOIN escrows e ON e.milestone_id = a.milestone_id
              LEFT JOIN checkouts c ON c.id = a.checkout_id
             WHERE a.key = \(key)
            """, Action.init(row:))
    }

    /// The keys of the actions that have not ended, oldest first, with the times they were started.
    func started(before moment: Timestamp, in executor: some SQLExecutor) async throws -> [(key: String, at: Timestamp)]
    {
        try await executor.all(
            """
            SELECT key, started_at FROM actions
             WHERE state = 'started' AND started_at <= \(moment) ORDER BY started_at LIMIT 1000
            """
        ) { (key: try $0.decode("key"), at: try $0.decode("started_at")) }
    }

    /// When the oldest action was started that has not ended; `nil` when all have.
    func oldestStart(in executor: some SQLExecutor) async throws -> Timestamp? {
        try await executor.first(
            "SELECT started_at FROM actions WHERE state = 'started' ORDER BY started_at LIMIT 1"
        ) { try $0.decode("started_at") }
    }

    /// Ends a started action.
    ///
    /// - Parameter refusal: Why the provider did not do it; `nil` when it did.
    func end(
        _ key: String, as state: ActionState, refusal: String?, at now: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.executeLater(
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
            key: try row.decode("key"), subject: try MoneySubject(row: row), kind: try row.decode("kind"),
            number: try row.decode("number"), state: try row.decode("state"), refusal: try row.decode("refusal"),
            startedAt: try row.decode("started_at"), requestID: try row.decode("request_id"),
            amount: try row.decodeIfPresent("amount_minor", as: Int64.self).map {
                Money(minorUnits: $0, currency: currency)
            }, tries: try row.decode("tries"), admin: try row.decodeIfPresent("admin_id"))
    }
}
