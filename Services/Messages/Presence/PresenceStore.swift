import Postgres
import SharedModels

/// The statements on the tables `replicas` and `presences`. Their time is PostgreSQL's.
struct PresenceStore: Sendable {
    /// The most partners that are told of somebody, those of the latest conversations first.
    static let mostPartners = 1000

    /// Says that this process is there.
    ///
    /// - Returns: `wasThere` is false when it had been taken for gone, or begins: then nobody is there through it.
    ///   `anyIsGone` says whether the lease of a process is over.
    func renew(
        _ replica: ReplicaID, for length: Duration, in executor: some SQLExecutor
    ) async throws -> (wasThere: Bool, anyIsGone: Bool) {
        try await executor.one(
            """
            INSERT INTO replicas (id, lease_until)
            VALUES (\(replica), clock_timestamp() + \(Int(length.components.seconds)) * interval '1 second')
            ON CONFLICT (id) DO UPDATE SET lease_until = EXCLUDED.lease_until
            RETURNING xmax <> 0 AS was_there,
                      EXISTS (SELECT FROM replicas AS one WHERE one.lease_until < clock_timestamp()) AS any_is_gone
            """
        ) { (try $0.decode("was_there"), try $0.decode("any_is_gone")) }
    }

    /// Removes this process, and others whose lease is over, with all who were there through them.
    ///
    /// - Returns: Who that is.
    func removeGone(and replica: ReplicaID?, in tx: Transaction) async throws -> Set<AccountID> {
        let gone: [ReplicaID] = try await tx.all(
            """
            SELECT id FROM replicas WHERE lease_until < clock_timestamp() OR id = \(replica)
               FOR UPDATE SKIP LOCKED
            """
        ) { try $0.decode("id") }
        guard !gone.isEmpty else { return [] }
        let accounts: [AccountID] = try await tx.all(
            "SELECT DISTINCT account_id FROM presences WHERE replica_id = ANY(\(gone))"
        ) { try $0.decode("account_id") }
        try await tx.execute("DELETE FROM replicas WHERE id = ANY(\(gone))")
        return Set(accounts)
    }

    /// Keeps others from changing where an account is, until `tx` ends.
    func lock(_ account: AccountID, in tx: Transaction) async throws {
        try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\("presence \(account)"), 0))")
    }

    func isOnline(_ account: AccountID, in executor: some SQLExecutor) async throws -> Bool {
        try await !online(among: [account], in: executor).isEmpty
    }

    func online(among accounts: [AccountID], in executor: some SQLExecutor) async throws -> [AccountID] {
        try await executor.all(
            """
            SELECT DISTINCT account_id FROM presences JOIN replicas ON replicas.id = replica_id
             WHERE account_id = ANY(\(accounts)) AND lease_until > clock_timestamp()
            """
        ) { try $0.decode("account_id") }
    }

    func insertIfAbsent(_ account: AccountID, through replica: ReplicaID, in tx: Transaction) async throws {
        try await tx.execute(
            """
            INSERT INTO presences (account_id, replica_id) VALUES (\(account), \(replica)) ON CONFLICT DO NOTHING
            """)
    }

    func delete(_ account: AccountID, through replica: ReplicaID, in tx: Transaction) async throws {
        try await tx.execute("DELETE FROM presences WHERE account_id = \(account) AND replica_id = \(replica)")
    }
}
