import ServiceKit
import SharedModels

/// Which holds must not lapse, as contracts knows it. Not asked inside a transaction.
protocol HoldDirectory: Sendable {
    /// - Throws: `PeerRefusal` and `OutboundError` when contracts cannot say.
    func isNeeded(_ milestone: MilestoneID) async throws -> Bool
}

/// Contracts itself.
struct LiveHoldDirectory: HoldDirectory {
    let peers: Peers

    func isNeeded(_ milestone: MilestoneID) async throws -> Bool {
        try await peers.call(ContractsInternal.hold, NoInput(), path: ["id": "\(milestone)"]).isNeeded
    }
}
