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
    /// With whom an account has contracts: at most 1,000.
    func dealPartners(of account: AccountID) async throws -> [AccountID]
    /// The latest notices that Skillhouse shows.
    func notices(of account: AccountID) async throws -> [NoticeItem]
    func addNotice(_ id: EventID, _ notice: NoticeDraft, to account: AccountID) async throws -> NoticeItem
    func readNotice(_ id: EventID, of account: AccountID) async throws
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

    func dealPartners(of account: AccountID) async throws -> [AccountID] {
        try await peers.call(Endpoints.contractsInternal.partners, NoInput(), path: ["id": "\(account)"]).userIDs
    }

    func notices(of account: AccountID) async throws -> [NoticeItem] {
        try await peers.call(Endpoints.notificationsInternal.notices, NoInput(), path: ["id": "\(account)"]).notices
    }

    func addNotice(_ id: EventID, _ notice: NoticeDraft, to account: AccountID) async throws -> NoticeItem {
        try await peers.call(
            Endpoints.notificationsInternal.addNotice, notice, path: ["id": "\(account)", "noticeId": "\(id)"])
    }

    func readNotice(_ id: EventID, of account: AccountID) async throws {
        _ = try await peers.call(
            Endpoints.notificationsInternal.readNotice, NoInput(),
            path: ["id": "\(account)", "noticeId": "\(id)"])
    }

    func people(_ accounts: [AccountID]) async throws -> [Person] {
        try await peers.call(Endpoints.people.people, PeopleQuery(userIDs: accounts)).people
    }

    func isMedia(_ id: FileID, of account: AccountID) async throws -> Bool {
        try await peers.call(Endpoints.mediaInternal.owned, MediaQuery(mediaID: id, userID: account)).isOwned
    }
}
