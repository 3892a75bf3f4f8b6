import Postgres
import ServiceKit
import SharedModels

/// Every statement on the table `signing_keys`.
struct SigningKeyStore: Sendable {
    /// The keys that can be opened, newest first. Creates the first one if need be.
    ///
    /// Replicas that start at once create one key.
    func load(sealedWith seal: Seal, at now: Timestamp, in tx: Transaction) async throws -> [SigningKey] {
        try await tx.execute("LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE")
        let rows: [(id: String, sealed: [UInt8])] = try await tx.all(
            "SELECT id, sealed FROM signing_keys ORDER BY created_at DESC, id"
        ) { (try $0.decode("id"), try $0.decode("sealed")) }
        var keys: [SigningKey] = []
        for row in rows {
            do {
                keys.append(try await SigningKey(id: row.id, sealed: row.sealed, with: seal))
            } catch is BrokenSeal {
                // The key was sealed with an earlier SERVICE_SECRET: its tokens end, and a new key takes its place.
                continue
            }
        }
        return keys.isEmpty ? [try await insert(sealedWith: seal, at: now, in: tx)] : keys
    }

    private func insert(sealedWith seal: Seal, at now: Timestamp, in tx: Transaction) async throws
        -> SigningKey
    {
        let key = try await SigningKey()
        let sealed = try key.sealed(with: seal)
        try await tx.execute(
            "INSERT INTO signing_keys (id, sealed, created_at) VALUES (\(key.id), \(sealed), \(now))"
        )
        return key
    }
}
