import Crypto
import Postgres

/// Every statement on the table `google_keys`.
struct GoogleKeyStore: Sendable {
    let database: Database

    /// The key, created at the first use. When two are created at once, the first one stored counts.
    func key() async throws -> GoogleKey {
        let stored = try await database.first("SELECT private_key FROM google_keys") {
            try $0.decode(at: 0, as: [UInt8].self)
        }
        if let stored { return try GoogleKey(stored: stored) }
        let fresh = Array(P256.Signing.PrivateKey().rawRepresentation)
        try await database.execute(
            "INSERT INTO google_keys (private_key) VALUES (\(fresh)) ON CONFLICT DO NOTHING")
        return try GoogleKey(
            stored: try await database.one("SELECT private_key FROM google_keys") { try $0.decode(at: 0) })
    }
}
