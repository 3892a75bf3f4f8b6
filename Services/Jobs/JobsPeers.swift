import ServiceKit
import SharedModels

/// What this service asks of others. Every call may be repeated; none is made inside a transaction.
///
/// All throw `PeerRefusal` when the other side says no, and `OutboundError` when it cannot be reached.
protocol JobsPeers: Sendable {
    /// The public profiles of at most 100 accounts, in any order; those that do not exist are left out.
    func profiles(of accounts: [AccountID]) async throws -> [PublicProfile]
    /// Those of at most 100 negotiations that are over, in any order.
    func ended(among negotiations: [NegotiationID]) async throws -> [NegotiationID]
}

/// The services themselves.
struct LiveJobsPeers: JobsPeers {
    /// Without an answer the caller is refused for what may be over, which is right soon after.
    private static let shortDeadline = Duration.seconds(2)

    let peers: Peers

    func profiles(of accounts: [AccountID]) async throws -> [PublicProfile] {
        try await peers.call(Endpoints.talentInternal.profiles, ProfileQuery(userIDs: accounts)).profiles
    }

    func ended(among negotiations: [NegotiationID]) async throws -> [NegotiationID] {
        try await peers.call(
            Endpoints.contractsInternal.ended, NegotiationIDs(negotiationIDs: negotiations),
            deadline: Self.shortDeadline
        ).negotiationIDs
    }
}
