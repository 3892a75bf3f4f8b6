import ServiceKit
import SharedModels

/// The calls to other services before an account is deleted. Every call may be repeated. Never call inside a
/// transaction.
///
/// All throw `PeerRefusal` when the other side refuses, and `OutboundError` when it cannot be reached.
protocol DeletionPeers: Sendable {
    /// Has contracts block every move of an account for ``ContractsInternal/reservation``, unless the account has
    /// something open there.
    func depart(_ account: AccountID, as id: DepartureID) async throws -> [DeletionBlocker]
    /// Ends this departure's block, because the account stays.
    func stay(_ account: AccountID, insteadOf id: DepartureID) async throws
    /// The account's money that payments has not brought to its destination yet.
    func openMoney(of account: AccountID) async throws -> [DeletionBlocker]
}

/// Calls the real services.
struct LiveDeletionPeers: DeletionPeers {
    let peers: Peers

    func depart(_ account: AccountID, as id: DepartureID) async throws -> [DeletionBlocker] {
        try await peers.call(Endpoints.contractsInternal.depart, NoInput(), path: path(account, id)).blockers
    }

    func stay(_ account: AccountID, insteadOf id: DepartureID) async throws {
        _ = try await peers.call(Endpoints.contractsInternal.stay, NoInput(), path: path(account, id))
    }

    func openMoney(of account: AccountID) async throws -> [DeletionBlocker] {
        try await peers.call(Endpoints.paymentsInternal.openMoney, NoInput(), path: ["id": "\(account)"]).blockers
    }

    private func path(_ account: AccountID, _ id: DepartureID) -> [String: String] {
        ["id": "\(account)", "departureId": "\(id)"]
    }
}
