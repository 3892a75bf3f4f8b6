import Postgres
import SharedModels

/// Every statement on the table `hirings`. The row of the job must be locked for all that change it.
struct HiringStore: Sendable {
    static let columns: SQL = "contract_id, job_id, freelancer_id, has_started, stage, made_at, sequence"

    /// Whether a contract that is not over binds the job, or one that is about to be made.
    ///
    /// - Parameter contract: Left out of account.
    func isBound(
        _ job: GigID, butBy contract: ContractID? = nil, at now: Timestamp, in tx: Transaction
    ) async throws -> Bool {
        let others: SQL = contract.map { "AND contract_id <> \($0)" } ?? .empty
        return try await tx.one(
            """
            SELECT EXISTS (
                SELECT FROM hirings WHERE job_id = \(job) AND \(fragment: Self.isLive(at: now)) \(fragment: others)
            ) AS is_bound
            """
        ) { try $0.decode("is_bound") }
    }

    /// Whether `freelancer` has a contract about the job that is not over, or is about to have one.
    func isBound(
        _ job: GigID, to freelancer: AccountID, at now: Timestamp, in tx: Transaction
    ) async throws -> Bool {
        try await tx.one(
            """
            SELECT EXISTS (
                SELECT FROM hirings
                 WHERE job_id = \(job) AND freelancer_id = \(freelancer) AND \(fragment: Self.isLive(at: now))
            ) AS is_bound
            """
        ) { try $0.decode("is_bound") }
    }

    /// True for a contract that is not over; a mere reservation must not have lapsed.
    private static func isLive(at now: Timestamp) -> SQL {
        "stage = 'open' AND (is_confirmed OR made_at >= \(now - Hiring.reservation))"
    }

    /// Whether contracts has told of this contract with this freelancer.
    func isConfirmed(
        _ contract: ContractID, of job: GigID, with freelancer: AccountID, in tx: Transaction
    ) async throws -> Bool {
        try await tx.one(
            """
            SELECT EXISTS (
                SELECT FROM hirings
                 WHERE contract_id = \(contract) AND job_id = \(job) AND freelancer_id = \(freelancer) AND is_confirmed
            ) AS is_confirmed
            """
        ) { try $0.decode("is_confirmed") }
    }

    /// Reserves a job for a contract that is about to be made. A repeat for the same contract starts the time again.
    func reserve(
        _ job: GigID, for contract: ContractID, with freelancer: AccountID, at now: Timestamp, in tx: Transaction
    ) async throws {
        try await tx.executeLater("DELETE FROM hirings WHERE job_id = \(job) AND NOT is_confirmed")
        try await tx.executeLater(
            """
            INSERT INTO hirings (contract_id, job_id, freelancer_id, is_confirmed, has_started, stage, made_at, sequence)
            VALUES (\(contract), \(job), \(freelancer), false, false, 'open', \(now), 0)
            ON CONFLICT (contract_id) DO NOTHING
            """)
    }

    enum Saved: Equatable {
        /// It is not the job's latest contract, or the news is older than what is known.
        case isPast
        /// It is the job's latest contract. What was known of it before, or `nil` when this is the first news of it.
        case isLatest(before: Hiring?)
    }

    /// Stores what contracts tells of a contract.
    func save(_ hiring: Hiring, in tx: Transaction) async throws -> Saved {
        let before = try await tx.first(
            """
            SELECT \(fragment: Self.columns) FROM hirings WHERE contract_id = \(hiring.contractID) AND is_confirmed
            """, Hiring.init(row:))
        let count = try await tx.execute(
            """
            INSERT INTO hirings (contract_id, job_id, freelancer_id, is_confirmed, has_started, stage, made_at, sequence)
            VALUES (\(hiring.contractID), \(hiring.jobID), \(hiring.freelancerID), true, \(hiring.hasStarted),
                    \(hiring.stage), \(hiring.madeAt), \(hiring.sequence))
            ON CONFLICT (contract_id) DO UPDATE
               SET freelancer_id = excluded.freelancer_id, is_confirmed = true, has_started = excluded.has_started,
                   stage = excluded.stage, made_at = excluded.made_at, sequence = excluded.sequence
             WHERE hirings.sequence < excluded.sequence
            """)
        guard count == 1 else { return .isPast }
        return try await latest(of: hiring.jobID, in: tx)?.contractID == hiring.contractID
            ? .isLatest(before: before) : .isPast
    }

    /// The job's latest contract that contracts has told of.
    func latest(of job: GigID, in tx: Transaction) async throws -> Hiring? {
        try await tx.first(
            """
            SELECT \(fragment: Self.columns) FROM hirings
             WHERE job_id = \(job) AND is_confirmed ORDER BY made_at DESC, contract_id DESC LIMIT 1
            """, Hiring.init(row:))
    }
}

extension Hiring {
    fileprivate init(row: Row) throws {
        self.init(
            contractID: try row.decode("contract_id"), jobID: try row.decode("job_id"),
            freelancerID: try row.decode("freelancer_id"), stage: try row.decode("stage"),
            hasStarted: try row.decode("has_started"), madeAt: try row.decode("made_at"),
            sequence: try row.decode("sequence"))
    }
}

extension Hiring.Stage: PostgresValue {}
