import Postgres
import SharedModels

/// What admins see of all payments for contracts: statements that read the table `checkouts`.
struct EscrowReportStore: Sendable {
    /// What one month's releases came to, in rupees.
    struct Month: Sendable, Equatable {
        /// `YYYY-MM`, in UTC.
        let month: String
        let gross: Money
        let fees: Money
        let earnings: Money
        let count: Int64
    }

    /// The fees of payments that were released or divided.
    func revenue(in executor: some SQLExecutor) async throws -> Money {
        try await sum(
            """
            SELECT coalesce(sum(fee_minor), 0)::bigint AS total FROM checkouts
             WHERE state IN ('released', 'refunded') AND paid_currency = \(Currency.inr)
            """, in: executor)
    }

    /// What is in escrow.
    func balance(in executor: some SQLExecutor) async throws -> Money {
        try await sum(
            """
            SELECT coalesce(sum(paid_minor - returned_minor), 0)::bigint AS total FROM checkouts
             WHERE state = 'funded' AND paid_currency = \(Currency.inr)
            """, in: executor)
    }

    private func sum(_ statement: SQL, in executor: some SQLExecutor) async throws -> Money {
        try await executor.one(statement) { Money.inr(paise: try $0.decode("total")) }
    }

    func count(in executor: some SQLExecutor) async throws -> Int64 {
        try await executor.one("SELECT count(*) AS total FROM checkouts WHERE funded_at IS NOT NULL") {
            try $0.decode("total")
        }
    }

    /// Payments that contracts took, newest first.
    ///
    /// - Parameter skip: How many are left out first.
    func page(
        after cursor: PageCursor?, skipping skip: Int, limit: Int, in executor: some SQLExecutor
    ) async throws -> Page<Checkout> {
        let further: SQL = cursor.map { "AND (funded_at, id) < (\($0.moment), \($0.id))" } ?? .empty
        return try await executor.page(
            """
            SELECT \(fragment: CheckoutStore.columns) FROM checkouts
             WHERE funded_at IS NOT NULL \(fragment: further)
             ORDER BY funded_at DESC, id DESC LIMIT \(limit + 1) OFFSET \(skip)
            """, limit: limit, Checkout.init(row:)
        ) { PageCursor($0.deal?.fundedAt ?? $0.createdAt, $0.id) }
    }

    /// What was released, oldest month first, without what went back to the clients' cards.
    func months(in executor: some SQLExecutor) async throws -> [Month] {
        try await executor.all(
            """
            SELECT to_char(divided_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month,
                   sum(paid_minor - returned_minor)::bigint AS gross,
                   sum(fee_minor)::bigint AS fees, sum(freelancer_minor)::bigint AS earnings, count(*) AS count
              FROM checkouts
             WHERE state = 'released' AND paid_currency = \(Currency.inr)
             GROUP BY 1 ORDER BY 1
            """
        ) { row in
            Month(
                month: try row.decode("month"), gross: Money.inr(paise: try row.decode("gross")),
                fees: Money.inr(paise: try row.decode("fees")),
                earnings: Money.inr(paise: try row.decode("earnings")),
                count: try row.decode("count"))
        }
    }
}
