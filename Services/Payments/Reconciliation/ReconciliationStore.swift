import Postgres
import SharedModels

/// How far Stripe's balance transactions of one currency were added up, and what that came to.
struct Reconciliation: Sendable, Equatable {
    let currency: Currency
    /// When the newest entry that was read was made; `nil` before the first one.
    let newestAt: Timestamp?
    /// Those that were made before are in `settled`, and not read again; `nil` while all are read.
    let settledBefore: Timestamp?
    /// In minor units.
    let settled: Int64
    /// With those that are read again.
    let total: Int64
    /// What Stripe has more than our books say.
    let drift: Int64
    /// Whether it was the same at two looks, with nothing on its way that explains it.
    let isConfirmed: Bool
    let comparedAt: Timestamp
}

/// Every statement on the table `reconciliations`.
struct ReconciliationStore: Sendable {
    func find(_ currency: Currency, in executor: some SQLExecutor) async throws -> Reconciliation? {
        try await executor.first(
            """
            SELECT currency, newest_at, settled_before, settled, total, drift, is_confirmed, compared_at
              FROM reconciliations WHERE currency = \(currency)
            """
        ) { row in
            Reconciliation(
                currency: try row.decode("currency"), newestAt: try row.decodeIfPresent("newest_at"),
                settledBefore: try row.decodeIfPresent("settled_before"), settled: try row.decode("settled"),
                total: try row.decode("total"), drift: try row.decode("drift"),
                isConfirmed: try row.decode("is_confirmed"), comparedAt: try row.decode("compared_at"))
        }
    }

    func save(_ reconciliation: Reconciliation, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO reconciliations (currency, newest_at, settled_before, settled, total, drift, is_confirmed,
                                         compared_at)
            VALUES (\(reconciliation.currency), \(reconciliation.newestAt), \(reconciliation.settledBefore),
                    \(reconciliation.settled), \(reconciliation.total), \(reconciliation.drift),
                    \(reconciliation.isConfirmed), \(reconciliation.comparedAt))
            ON CONFLICT (currency) DO UPDATE
               SET newest_at = excluded.newest_at, settled_before = excluded.settled_before,
                   settled = excluded.settled, total = excluded.total, drift = excluded.drift,
                   is_confirmed = excluded.is_confirmed, compared_at = excluded.compared_at
            """)
    }

    /// Whether something is on its way that explains a difference: an action, an event, a charge of a fee.
    func isMoving(in executor: some SQLExecutor) async throws -> Bool {
        try await executor.one(
            """
            SELECT EXISTS (SELECT FROM actions WHERE state = 'started')
                OR EXISTS (SELECT FROM stripe_events WHERE handled_at IS NULL)
                OR EXISTS (SELECT FROM arbitration_fees WHERE state = 'charging') AS is_moving
            """
        ) { try $0.decode("is_moving") }
    }

    /// The confirmed drifts of all currencies together.
    func drift(in executor: some SQLExecutor) async throws -> Int64 {
        try await executor.one(
            "SELECT coalesce(sum(abs(drift)), 0)::bigint AS drift FROM reconciliations WHERE is_confirmed"
        ) { try $0.decode("drift") }
    }

    /// When the currency was compared whose turn is longest ago; `nil` before the first comparison.
    func oldest(in executor: some SQLExecutor) async throws -> Timestamp? {
        try await executor.first("SELECT compared_at FROM reconciliations ORDER BY compared_at LIMIT 1") {
            try $0.decode("compared_at")
        }
    }
}
