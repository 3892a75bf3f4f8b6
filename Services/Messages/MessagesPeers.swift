import ServiceKit
import SharedModels

/// The calls of this service to others. Every call may be repeated. Never call inside a transaction.
///
/// All throw `PeerRefusal` when the other side refuses, and `OutboundError` when it cannot be reached.
protocol MessagesPeers: Sendable {
    /// The match of two accounts that is neither expired nor rejected.
    func match(of pair: AccountPair) async throws -> MatchID?
    /// What two accounts have to do with each other in contracts.
    func deals(of pair: AccountPair) async throws -> SharedDeals
    /// The people behind at most 100 accounts. Those without an account are left out.
    func people(_ accounts: [AccountID]) async throws -> [Person]
    /// Whether the account stored the file, and it is still there.
    func isMedia(_ id: FileID, of account: AccountID) async throws -> Bool
}

/// Calls the real services.
struct LiveMessagesPeers: MessagesPeers {
    let peers: Peers

    func match(of pair: AccountPair) async throws -> MatchID? {
        try await peers.call(Endpoints.matchInternal.between, pair).matchID
    }

    func deals(of pair: AccountPair) async throws -> SharedDeals {
        try await peers.call(Endpoints.contractsInternal.between, pair)
    }

    func people(_ accounts: [AccountID]) async throws -> [Person] {
        try await peers.call(Endpoints.people.people, PeopleQuery(userIDs: accounts)).people
    }

    func isMedia(_ id: FileID, of account: AccountID) async throws -> Bool {
        try await peers.call(Endpoints.mediaInternal.owned, MediaQuery(mediaID: id, userID: account)).isOwned
    }
}
