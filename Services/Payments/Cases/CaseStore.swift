import Postgres
import ServiceKit
import SharedModels

/// Every statement on the table `escrow_cases`.
struct CaseStore: Sendable {
    /// Where admins are told of a new case.
    let outbox: Outbox

    static let columns: SQL = """
        id, kind, subject, milestone_id, checkout_id, contract_id, account_id, amount_minor, amount_currency, believed, reported,
        opened_at, closed_at, note, resolved_by
        """

    /// Opens a case, unless the same one is open.
    ///
    /// - Parameter escrow: Whose money it is about; `nil` when that is not known.
    /// - Returns: Whether it is new.
    @discardableResult
    func open(
        _ kind: CaseKind, _ subject: String, of escrow: Escrow?, account: AccountID? = nil, _ amount: Money? = nil,
        believed: String, reported: String, at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> Bool {
        try await insert(
            EscrowCase(
                id: .make(at: now), kind: kind, subject: subject, milestoneID: escrow?.milestoneID, checkoutID: nil,
                contractID: escrow?.contractID, accountID: account ?? escrow?.workerID, amount: amount,
                believed: believed, reported: reported, openedAt: now, closedAt: nil, note: nil), in: executor)
    }

    /// Opens a case about a payment of the flow `escrow_checkout`, unless the same one is open.
    @discardableResult
    func open(
        _ kind: CaseKind, _ subject: String, of checkout: Checkout, account: AccountID? = nil, _ amount: Money? = nil,
        believed: String, reported: String, at now: Timestamp, in executor: some SQLExecutor
    ) async throws -> Bool {
        try await insert(
            EscrowCase(
                id: .make(at: now), kind: kind, subject: subject, milestoneID: nil, checkoutID: checkout.id,
                contractID: checkout.deal?.contractID, accountID: account ?? checkout.freelancerID, amount: amount,
                believed: believed, reported: reported, openedAt: now, closedAt: nil, note: nil), in: executor)
    }

    private func insert(_ entry: EscrowCase, in executor: some SQLExecutor) async throws -> Bool {
        let news = try Announcement(CaseOpened.self, of: entry.id, sequence: 1, entry.view, at: entry.openedAt)
        let isNew: Bool = try await executor.one(
            """
            WITH opened AS (
                INSERT INTO escrow_cases (id, kind, subject, milestone_id, checkout_id, contract_id, account_id,
                                          amount_minor, amount_currency, believed, reported, opened_at)
                VALUES (\(entry.id), \(entry.kind), \(entry.subject), \(entry.milestoneID), \(entry.checkoutID),
                        \(entry.contractID), \(entry.accountID), \(entry.amount?.minorUnits),
                        \(entry.amount?.currency), \(entry.believed), \(entry.reported), \(entry.openedAt))
                ON CONFLICT (kind, subject) WHERE closed_at IS NULL DO NOTHING
                RETURNING id
            ),
            told AS (\(fragment: outbox.insertion(of: news, from: "opened")))
            SELECT EXISTS (SELECT FROM opened) AS is_new
            """
        ) { try $0.decode("is_new") }
        if isNew { outbox.wake() }
        return isNew
    }

    func find(_ id: EscrowCaseID, in executor: some SQLExecutor) async throws -> EscrowCase? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM escrow_cases WHERE id = \(id)", EscrowCase.init(row:))
    }

    /// Whether a case about the same was closed after `moment`.
    func wasClosed(
        _ kind: CaseKind, _ subject: String, after moment: Timestamp, in executor: some SQLExecutor
    ) async throws -> Bool {
        try await executor.one(
            """
            SELECT EXISTS (SELECT FROM escrow_cases
                            WHERE kind = \(kind) AND subject = \(subject) AND closed_at > \(moment)) AS was_closed
            """
        ) { try $0.decode("was_closed") }
    }

    /// Notes what an open case is about by now.
    func amend(_ kind: CaseKind, _ subject: String, to amount: Money, in tx: Transaction) async throws {
        try await tx.execute(
            """
            UPDATE escrow_cases SET amount_minor = \(amount.minorUnits), amount_currency = \(amount.currency)
             WHERE kind = \(kind) AND subject = \(subject) AND closed_at IS NULL
            """)
    }

    /// Notes who has something done about a case, before it is done: whoever books it then can name them.
    func note(resolver admin: AccountID, of id: EscrowCaseID, in executor: some SQLExecutor) async throws {
        try await executor.execute("UPDATE escrow_cases SET resolved_by = \(admin) WHERE id = \(id)")
    }

    /// Closes what has been settled by itself.
    func settle(_ kind: CaseKind, _ subject: String, _ note: String, at now: Timestamp, in executor: some SQLExecutor)
        async throws
    {
        try await executor.execute(
            """
            UPDATE escrow_cases SET closed_at = \(now), note = \(note)
             WHERE kind = \(kind) AND subject = \(subject) AND closed_at IS NULL
            """)
    }

    /// An admin closes a case. One that is closed stays as it is.
    ///
    /// - Returns: The case, also one that was closed before; `nil` for an unknown id.
    func close(_ id: EscrowCaseID, by admin: AccountID, _ note: String, at now: Timestamp, in tx: Transaction)
        async throws -> EscrowCase?
    {
        try await tx.execute(
            """
            UPDATE escrow_cases SET closed_at = \(now), closed_by = \(admin), note = \(note)
             WHERE id = \(id) AND closed_at IS NULL
            """)
        return try await find(id, in: tx)
    }

    func page(isOpen: Bool?, after cursor: PageCursor?, limit: Int, in executor: some SQLExecutor) async throws
        -> Page<EscrowCase>
    {
        let matching: SQL = isOpen.map { $0 ? "closed_at IS NULL" : "closed_at IS NOT NULL" } ?? "true"
        let further: SQL = cursor.map { "AND (opened_at, id) < (\($0.moment), \($0.id))" } ?? .empty
        return try await executor.page(
            """
            SELECT \(fragment: Self.columns) FROM escrow_cases
             WHERE \(fragment: matching) \(fragment: further)
             ORDER BY opened_at DESC, id DESC LIMIT \(limit + 1)
            """, limit: limit, EscrowCase.init(row:)
        ) { PageCursor($0.openedAt, $0.id) }
    }

    func countOpen(in executor: some SQLExecutor) async throws -> Int64 {
        try await executor.one("SELECT count(*) AS open FROM escrow_cases WHERE closed_at IS NULL") {
            try $0.decode("open")
        }
    }
}

extension EscrowCase {
    fileprivate init(row: Row) throws {
        let currency: Currency? = try row.decodeIfPresent("amount_currency")
        let minor: Int64? = try row.decodeIfPresent("amount_minor")
        self.init(
            id: try row.decode("id"), kind: try row.decode("kind"), subject: try row.decode("subject"),
            milestoneID: try row.decodeIfPresent("milestone_id"), checkoutID: try row.decodeIfPresent("checkout_id"),
            contractID: try row.decodeIfPresent("contract_id"), accountID: try row.decodeIfPresent("account_id"),
            amount: currency.flatMap { currency in minor.map { Money(minorUnits: $0, currency: currency) } },
            believed: try row.decode("believed"), reported: try row.decode("reported"),
            openedAt: try row.decode("opened_at"), closedAt: try row.decodeIfPresent("closed_at"),
            note: try row.decodeIfPresent("note"), resolver: try row.decodeIfPresent("resolved_by"))
    }
}
