import Postgres
import SharedModels

/// Statements on the table `usage`. ``AccountStore`` and ``DepartureStore`` have statements on it too.
struct UsageStore: Sendable {
    /// No limited account is ever granted more than this at once, so no more is taken back.
    private static let mostGivenBack = 4096

    /// Gives `unspent` requests back, refills the bucket, and takes the next grant and its place, in one statement under
    /// the row's lock.
    ///
    /// - Parameter place: Without one, the request is not counted among those in flight.
    func charge(
        _ account: AccountID, _ limits: PlanLimits, unspent: Int, place: PlaceRequest? = nil, at now: Timestamp,
        in executor: some SQLExecutor
    ) async throws -> GrantPolicy.Charge {
        let givenBack = min(max(unspent, 0), Self.mostGivenBack)
        let unit = GrantPolicy.requestUnit
        return try await executor.one(
            """
            WITH present AS (
                SELECT account_id, bucket, refilled_at, minute_started_at, minute_used, day, day_used, places_taken,
                       \(place != nil) AND places_taken >= \(limits.concurrent) AS is_full,
                       -- An hour fills every bucket, and keeps the product small.
                       least(greatest(extract(epoch FROM \(now) - refilled_at), 0), 3600) AS idle_seconds
                  FROM usage
                 WHERE account_id = \(account)
                   FOR UPDATE
            ), refilled AS (
                SELECT account_id, places_taken, is_full,
                       least(
                           bucket + \(givenBack * unit) + trunc(idle_seconds * \(limits.perMinute * unit / 60))::bigint,
                           \(limits.burst * unit)) AS bucket,
                       greatest(refilled_at, \(now)) AS refilled_at,
                       minute_started_at + interval '60 seconds' > \(now) AS is_same_minute,
                       minute_started_at,
                       minute_used,
                       CASE WHEN day = \(now.day) THEN greatest(day_used - \(givenBack), 0) ELSE 0 END AS day_used
                  FROM present
            ), granted AS (
                SELECT account_id, bucket, refilled_at, day_used, places_taken, is_full,
                       CASE WHEN is_same_minute THEN minute_started_at ELSE \(now) END AS minute_started_at,
                       CASE WHEN is_same_minute THEN greatest(minute_used - \(givenBack), 0) ELSE 0 END AS minute_used,
                       CASE WHEN is_full THEN 0
                            ELSE least(1, greatest(least(bucket / \(unit), \(limits.perDay) - day_used), 0))
                       END AS requests
                  FROM refilled
            ), placed AS (
                INSERT INTO places (id, account_id, replica_id, taken_at)
                SELECT \(place?.placeID)::uuid, account_id, \(place?.replicaID)::uuid, clock_timestamp()
                  FROM granted
                 WHERE requests = 1 AND \(place != nil)
                ON CONFLICT DO NOTHING
                RETURNING 1 AS place
            )
            UPDATE usage
               SET bucket = granted.bucket - granted.requests * \(unit), refilled_at = granted.refilled_at,
                   minute_started_at = granted.minute_started_at, minute_used = granted.minute_used + granted.requests,
                   day = \(now.day), day_used = granted.day_used + granted.requests,
                   places_taken = granted.places_taken + (SELECT count(*) FROM placed)
              FROM granted
             WHERE usage.account_id = granted.account_id
            RETURNING granted.requests, usage.bucket, usage.minute_started_at, usage.minute_used, usage.day_used,
                      granted.is_full
            """
        ) { row in
            let requests: Int = try row.decode("requests")
            return GrantPolicy.Charge(
                requests: requests, bucket: try row.decode("bucket"),
                windowStartedAt: try row.decode("minute_started_at"), windowUsed: try row.decode("minute_used"),
                dayUsed: try row.decode("day_used"), hasPlace: place != nil && requests > 0,
                isFull: try row.decode("is_full"))
        }
    }

    /// Fills the bucket.
    func refill(_ account: AccountID, in tx: Transaction) async throws {
        // A bucket that was last filled long ago counts as full.
        try await tx.execute("UPDATE usage SET refilled_at = to_timestamp(0) WHERE account_id = \(account)")
    }
}
