import ServiceKit
import SharedModels

/// What auth asks of others before an account ends. Every call may be repeated; none is made inside a
/// transaction.
///
/// All throw `PeerRefusal` when the other side says no, and `OutboundError` when it cannot be reached.
protocol DeletionPeers: Sendable {
    /// Has contracts keep an account out of every move for ``ContractsInternal/reservation``, unless
    /// something of its is open there.
    func depart(_ account: AccountID, as id: DepartureID) async throws -> [DeletionBlocker]
    /// The account stays after all, as far as this departure goes.
    func stay(_ account: AccountID, insteadOf id: DepartureID) async throws
    /// Money of an account that payments has not brought to where it belongs.
    func openMoney(of account: AccountID) async throws -> [DeletionBlocker]
}

/// The services themselves.
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
