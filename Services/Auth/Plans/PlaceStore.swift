import Postgres
import SharedModels

/// The statements on the tables `places` and `replicas`, but for the taking of a place (``UsageStore``). Their time is
/// PostgreSQL's.
struct PlaceStore: Sendable {
    /// How long a place outlives its process. A process renews its lease four times as often.
    static let lease = Duration.seconds(20)
    private static let leaseSeconds = Int(lease.components.seconds)

    /// Says that a process is alive.
    func renew(_ replica: ReplicaID, in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            INSERT INTO replicas (id, lease_until)
            VALUES (\(replica), clock_timestamp() + \(Self.leaseSeconds) * interval '1 second')
            ON CONFLICT (id) DO UPDATE SET lease_until = excluded.lease_until
            """)
    }

    /// Gives places back. Those that are not there count for nothing.
    func delete(_ places: [PlaceID], in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            WITH gone AS (
                DELETE FROM places WHERE id = ANY(\(places)) RETURNING account_id
            )
            \(fragment: Self.subtraction)
            """)
    }

    /// Gives back the places of processes that are gone, and forgets those.
    func deleteAbandoned(in executor: some SQLExecutor) async throws {
        try await executor.execute(
            """
            WITH gone AS (
                DELETE FROM places
                 WHERE id IN (
                    SELECT id FROM places
                     WHERE taken_at < clock_timestamp() - \(Self.leaseSeconds) * interval '1 second'
                       AND NOT EXISTS (
                           SELECT FROM replicas WHERE replicas.id = replica_id AND lease_until > clock_timestamp())
                       FOR UPDATE SKIP LOCKED)
                RETURNING account_id
            )
            \(fragment: Self.subtraction)
            """)
        try await executor.execute("DELETE FROM replicas WHERE lease_until < clock_timestamp() - interval '1 hour'")
    }

    /// Counts the rows of `gone` off. The accounts are locked in the order of their ids, so that two that give back at
    /// the same time never block each other.
    private static let subtraction: SQL = """
        , counted AS (
            SELECT account_id, count(*) AS places FROM gone GROUP BY account_id
        ), locked AS (
            SELECT usage.account_id, counted.places
              FROM usage JOIN counted ON counted.account_id = usage.account_id
             ORDER BY usage.account_id
               FOR UPDATE OF usage
        )
        UPDATE usage
           SET places_taken = greatest(usage.places_taken - locked.places, 0)
          FROM locked
         WHERE usage.account_id = locked.account_id
        """
}
