import Postgres
import SharedModels

/// Every statement on the table `arbitration_fees`.
struct ArbitrationFeeStore: Sendable {
    static let columns: SQL = """
        dispute_id, payer_id, amount_minor, amount_currency, state, attempts, refusals, attempt_customer_id,
        attempt_card_id, attempted_at, refusal, payment_intent_id
        """

    /// - Returns: Whether the dispute had no fee before.
    func insert(
        _ dispute: DisputeID, _ payer: AccountID, _ amount: Money, at now: Timestamp, in tx: Transaction
    ) async throws -> Bool {
        try await tx.execute(
            """
            INSERT INTO arbitration_fees (dispute_id, payer_id, amount_minor, amount_currency, state, created_at, updated_at)
            VALUES (\(dispute), \(payer), \(amount.minorUnits), \(amount.currency), \(ArbitrationFeeState.owed),
                    \(now), \(now))
            ON CONFLICT (dispute_id) DO NOTHING
            """) == 1
    }

    func find(_ dispute: DisputeID, in executor: some SQLExecutor) async throws -> ArbitrationFee? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM arbitration_fees WHERE dispute_id = \(dispute)",
            ArbitrationFee.init(row:))
    }

    func lock(_ dispute: DisputeID, in tx: Transaction) async throws -> ArbitrationFee? {
        try await tx.first(
            "SELECT \(fragment: Self.columns) FROM arbitration_fees WHERE dispute_id = \(dispute) FOR UPDATE",
            ArbitrationFee.init(row:))
    }

    /// The disputes whose fees an account owes, none of them being charged now.
    func owed(by payer: AccountID, in executor: some SQLExecutor) async throws -> [DisputeID] {
        try await executor.all(
            """
            SELECT dispute_id FROM arbitration_fees
             WHERE payer_id = \(payer) AND state = \(ArbitrationFeeState.owed) ORDER BY dispute_id
            """
        ) { try $0.decode("dispute_id") }
    }

    /// The disputes whose fees are being charged.
    func charging(in executor: some SQLExecutor) async throws -> [DisputeID] {
        try await executor.all(
            """
            SELECT dispute_id FROM arbitration_fees
             WHERE state = \(ArbitrationFeeState.charging) ORDER BY dispute_id LIMIT 1000
            """
        ) { try $0.decode("dispute_id") }
    }

    /// Whether a card of an account's is being asked.
    func isCharging(_ payer: AccountID, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.one(
            """
            SELECT EXISTS (
                SELECT FROM arbitration_fees
                 WHERE payer_id = \(payer) AND state = \(ArbitrationFeeState.charging)) AS is_charging
            """
        ) { try $0.decode("is_charging") }
    }

    /// Writes a locked fee back.
    func save(_ fee: ArbitrationFee, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            UPDATE arbitration_fees
               SET state = \(fee.state), attempts = \(fee.attempts), refusals = \(fee.refusals),
                   attempt_customer_id = \(fee.attempt?.customerID), attempt_card_id = \(fee.attempt?.cardID),
                   attempted_at = \(fee.attempt?.at), refusal = \(fee.refusal),
                   payment_intent_id = \(fee.paymentIntentID), updated_at = \(now)
             WHERE dispute_id = \(fee.disputeID)
            """)
    }
}

extension ArbitrationFee {
    fileprivate init(row: Row) throws {
        let attempt: Attempt? =
            try row.decodeIfPresent("attempted_at", as: Timestamp.self).map { at in
                Attempt(
                    customerID: try row.decode("attempt_customer_id"), cardID: try row.decode("attempt_card_id"),
                    at: at)
            }
        self.init(
            disputeID: try row.decode("dispute_id"), payerID: try row.decode("payer_id"),
            amount: try row.money("amount"), state: try row.decode("state"), attempts: try row.decode("attempts"),
            refusals: try row.decode("refusals"), attempt: attempt, refusal: try row.decode("refusal"),
            paymentIntentID: try row.decode("payment_intent_id"))
    }
}

extension ArbitrationFeeState: PostgresValue {}
