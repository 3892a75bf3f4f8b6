import Postgres
import ServiceKit

/// Messages between the replicas of auth: one PostgreSQL channel, which delivers them when their transaction commits.
struct RevocationStore: Sendable {
    static let channel = "guildhall_revocations"
    /// A message without content. It only shows that the channel works.
    static let beat = "beat"

    /// Makes the revocation known when `tx` commits.
    func announce(_ revocation: Revocation, in tx: Transaction) async throws {
        _ = try await tx.rows("SELECT pg_notify(\(Self.channel), \(revocation.json))")
    }

    /// The messages of all replicas, with a beat in each interval: it is what the listening connection is asked. So it comes
    /// with the answer, in one piece. Its commit waits for no disk, because a beat that is lost with the server is missed
    /// by nobody.
    func messages(on database: Database, beatEvery interval: Duration)
        -> AsyncThrowingStream<Notification, any Error>
    {
        database.listen(
            Self.channel, noticingLossWithin: .seconds(2),
            asking: "SELECT set_config('synchronous_commit', 'off', true), pg_notify(\(Self.channel), \(Self.beat))",
            every: interval)
    }
}
