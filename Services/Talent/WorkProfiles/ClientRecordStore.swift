import Postgres
import SharedModels

/// Every statement on the tables `posted_jobs` and `paid_contracts`. Deleted accounts get no rows.
struct ClientRecordStore: Sendable {
    func find(_ id: AccountID, in executor: some SQLExecutor) async throws -> ClientRecord {
        try await executor.one(
            """
            SELECT (SELECT count(*) FROM posted_jobs WHERE client_id = \(id)) AS jobs_posted,
                   (SELECT coalesce(sum(paise), 0)::bigint FROM paid_contracts
                     WHERE client_id = \(id) AND is_spent) AS spent
            """
        ) { ClientRecord(jobsPosted: try $0.decode("jobs_posted"), spent: .inr(paise: try $0.decode("spent"))) }
    }

    /// A client posted a job. A job that is told of again counts once.
    func insertIfAbsent(job: EventAggregate, of client: AccountID, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO posted_jobs (job_id, client_id)
            SELECT \(job), \(client)
             WHERE NOT EXISTS (SELECT FROM profiles WHERE user_id = \(client) AND deleted_at IS NOT NULL)
            ON CONFLICT (job_id) DO NOTHING
            """)
    }

    /// A contract changed. What is older than what is known changes nothing.
    ///
    /// - Parameter isSpent: Whether its money counts: it was paid, and the contract is not canceled.
    func save(
        contract: EventAggregate, of client: AccountID, amount: Money, isSpent: Bool, sequence: Int64,
        in tx: Transaction
    ) async throws {
        try await tx.execute(
            """
            INSERT INTO paid_contracts (contract_id, client_id, paise, is_spent, sequence)
            SELECT \(contract), \(client), \(amount.minorUnits), \(isSpent), \(sequence)
             WHERE NOT EXISTS (SELECT FROM profiles WHERE user_id = \(client) AND deleted_at IS NOT NULL)
            ON CONFLICT (contract_id) DO UPDATE
               SET paise = excluded.paise, is_spent = excluded.is_spent, sequence = excluded.sequence
             WHERE paid_contracts.sequence < excluded.sequence
            """)
    }

    func delete(_ id: AccountID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM posted_jobs WHERE client_id = \(id)")
        try await tx.execute("DELETE FROM paid_contracts WHERE client_id = \(id)")
    }
}
