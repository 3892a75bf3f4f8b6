import ServiceKit
import SharedModels

/// The calls of this service to others. Every call may be repeated. Never call inside a transaction.
///
/// All throw `PeerRefusal` when the other side refuses, and `OutboundError` when it cannot be reached.
protocol PaymentsPeers: Sendable {
    /// Whether the account's owner had an account before; `nil` when auth does not know the account.
    func isReturning(_ account: AccountID) async throws -> Bool?
    /// Whether contracts needs the hold of a milestone, so that it must not lapse.
    func isNeeded(holdOf milestone: MilestoneID) async throws -> Bool
}

/// Calls the real services.
struct LivePaymentsPeers: PaymentsPeers {
    let peers: Peers

    func isReturning(_ account: AccountID) async throws -> Bool? {
        do {
            return try await peers.call(Endpoints.authInternal.account, NoInput(), path: ["id": "\(account)"])
                .isReturning
        } catch let refusal as PeerRefusal where refusal.code == .notFound {
            return nil
        }
    }

    func isNeeded(holdOf milestone: MilestoneID) async throws -> Bool {
        try await peers.call(Endpoints.contractsInternal.hold, NoInput(), path: ["id": "\(milestone)"]).isNeeded
    }
}
