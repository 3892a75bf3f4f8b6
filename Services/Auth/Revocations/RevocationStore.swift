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

    /// A query by its looks, so that it goes over a connection for queries. Its commit waits for no disk, because a beat
    /// that is lost with the server is missed by nobody.
    func sendBeat(on database: Database) async throws {
        _ = try await database.rows(
            "SELECT set_config('synchronous_commit', 'off', true), pg_notify(\(Self.channel), \(Self.beat))")
    }

    func messages(on database: Database) -> AsyncThrowingStream<Notification, any Error> {
        database.listen(Self.channel, noticingLossWithin: .seconds(2))
    }
}
