import ServiceKit
import SharedModels

/// Who there is, as auth knows it. Not asked inside a transaction.
protocol AccountDirectory: Sendable {
    /// - Throws: `PeerRefusal` and `OutboundError` when auth cannot say.
    func isKnown(_ account: AccountID) async throws -> Bool
}

/// Auth itself.
struct LiveAccountDirectory: AccountDirectory {
    let peers: Peers

    func isKnown(_ account: AccountID) async throws -> Bool {
        do {
            _ = try await peers.call(AuthInternal.account, NoInput(), path: ["id": "\(account)"])
            return true
        } catch let refusal as PeerRefusal where refusal.code == .notFound {
            return false
        }
    }
}
