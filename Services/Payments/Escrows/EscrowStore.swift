import Postgres
import SharedModels

/// Every statement on the table `escrows`.
struct EscrowStore: Sendable {
    static let columns: SQL = """
        milestone_id, contract_id, client_id, worker_id, amount_minor, amount_currency, payout_delay_days, state,
        moving, payment_intent_id, client_secret, capture_before, returned_minor, fee_minor, released_at, payout_at, transfer_id, is_frozen,
        version, created_at
        """

    /// Creates an escrow without money, unless the milestone has one.
    func open(_ id: MilestoneID, _ input: EscrowInput, at now: Timestamp, in tx: Transaction) async throws {
        try await tx.executeLater(
            """
            INSERT INTO escrows (milestone_id, contract_id, client_id, worker_id, amount_minor, amount_currency,
                                 payout_delay_days, state, version, created_at, updated_at)
            VALUES (\(id), \(input.contractID), \(input.clientUserID), \(input.workerUserID), \(input.amountCents),
                    \(Currency.usd), \(input.payoutDelayDays), \(EscrowState.unfunded), 1, \(now), \(now))
            ON CONFLICT (milestone_id) DO NOTHING
            """)
    }

    func find(_ id: MilestoneID, in executor: some SQLExecutor) async throws -> Escrow? {
        try await executor.first(
            "SELECT \(fragment: Self.columns) FROM escrows WHERE milestone_id = \(id)", Escrow.init(row:))
    }

    /// Money that is held for or from an account, its earnings that have not left yet, and those that a bank disputes; at
    /// most ``DeletionBlockers/limit``.
    func open(of account: AccountID, in executor: some SQLExecutor) async throws -> [Escrow] {
        try await executor.all(
            """
            SELECT \(fragment: Self.columns) FROM escrows
             WHERE (client_id = \(account) AND state IN ('held', 'escrowed'))
                OR (worker_id = \(account) AND state IN ('held', 'escrowed', 'released') AND returned_minor < amount_minor)
                OR (worker_id = \(account) AND is_frozen AND state = 'paid')
             ORDER BY milestone_id LIMIT \(DeletionBlockers.limit)
            """,
            Escrow.init(row:))
    }

    /// The earnings that wait for their payout to a worker.
    func payouts(to worker: AccountID, in executor: some SQLExecutor) async throws -> [(
        milestone: MilestoneID, at: Timestamp
    )] {
        try await executor.all(
            "SELECT milestone_id, payout_at FROM escrows WHERE worker_id = \(worker) AND state = 'released'"
        ) { (milestone: try $0.decode("milestone_id"), at: try $0.decode("payout_at")) }
    }

    /// Whether a payment of the client is being begun or moved.
    func isBegun(by client: AccountID, in executor: some SQLExecutor) async throws -> Bool {
        try await executor.one(
            """
            SELECT EXISTS (
                SELECT FROM escrows WHERE client_id = \(client) AND (moving IS NOT NULL OR state = 'authorizing')) AS is_begun
            """
        ) { try $0.decode("is_begun") }
    }

    /// Reads an escrow and locks its row. The holder of the lock decides what moves next.
    func lock(_ id: MilestoneID, in tx: Transaction) async throws -> Escrow? {
        try await tx.first(
            "SELECT \(fragment: Self.columns) FROM escrows WHERE milestone_id = \(id) FOR UPDATE",
            Escrow.init(row:))
    }

    /// Writes a locked escrow back. Its version grows by one.
    func save(_ escrow: inout Escrow, at now: Timestamp, in tx: Transaction) async throws {
        escrow.version = try await tx.one(
            """
            UPDATE escrows
               SET contract_id = \(escrow.contractID), client_id = \(escrow.clientID),
                   worker_id = \(escrow.workerID), amount_minor = \(escrow.amount.minorUnits),
                   amount_currency = \(escrow.amount.currency), payout_delay_days = \(escrow.payoutDelayDays),
                   state = \(escrow.state), moving = \(escrow.moving),
                   payment_intent_id = \(escrow.paymentIntentID), client_secret = \(escrow.clientSecret),
                   capture_before = \(escrow.captureBefore), returned_minor = \(escrow.returned.minorUnits), fee_minor = \(escrow.release?.fee.minorUnits),
                   released_at = \(escrow.release?.at), payout_at = \(escrow.release?.payoutAt),
                   transfer_id = \(escrow.transferID), is_frozen = \(escrow.isFrozen), version = version + 1, updated_at = \(now)
             WHERE milestone_id = \(escrow.milestoneID)
            RETURNING version
            """
        ) { try $0.decode("version") }
    }
}

extension Escrow {
    fileprivate init(row: Row) throws {
        let amount: Money = try row.money("amount")
        let release: Release? =
            try row.decodeIfPresent("fee_minor", as: Int64.self).map { fee in
                Release(
                    fee: Money(minorUnits: fee, currency: amount.currency), at: try row.decode("released_at"),
                    payoutAt: try row.decode("payout_at"))
            }
        self.init(
            milestoneID: try row.decode("milestone_id"), contractID: try row.decode("contract_id"),
            clientID: try row.decode("client_id"), workerID: try row.decode("worker_id"), amount: amount,
            payoutDelayDays: try row.decode("payout_delay_days"), state: try row.decode("state"),
            moving: try row.decode("moving"), paymentIntentID: try row.decode("payment_intent_id"),
            clientSecret: try row.decode("client_secret"), captureBefore: try row.decode("capture_before"),
            returned: Money(minorUnits: try row.decode("returned_minor"), currency: amount.currency),
            release: release, transferID: try row.decode("transfer_id"), isFrozen: try row.decode("is_frozen"),
            version: try row.decode("version"),
            createdAt: try row.decode("created_at"))
    }
}

extension EscrowState: PostgresValue {}
