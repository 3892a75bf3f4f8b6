import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport

@testable import MessagesService

/// Talent and contracts, as far as messages calls them.
final class FakePeers: MessagesPeers, Fake {
    struct State {
        var matches: [Pair: MatchID] = [:]
        var deals: [Pair: SharedDeals] = [:]
        var people: [AccountID: Person] = [:]
        /// Files, and who stored them.
        var media: [FileID: AccountID] = [:]
        var notices: [AccountID: [NoticeItem]] = [:]
        /// How often it was asked whether two may write to each other.
        var asked = 0
        /// Thrown by every call.
        var outage: (any Error)?
    }

    let state = Shared(State())

    func match(of pair: AccountPair) async throws -> MatchID? {
        try answer { state in
            state.asked += 1
            return Pair(pair.userID, pair.otherUserID).flatMap { state.matches[$0] }
        }
    }

    func deals(of pair: AccountPair) async throws -> SharedDeals {
        try answer { state in
            Pair(pair.userID, pair.otherUserID).flatMap { state.deals[$0] }
                ?? SharedDeals(isLive: false, hasContract: false)
        }
    }

    func dealPartners(of account: AccountID) async throws -> [AccountID] {
        try answer { state in
            state.deals.filter { $0.value.hasContract && $0.key.both.contains(account) }.map {
                $0.key.other(than: account)
            }
        }
    }

    func notices(of account: AccountID) async throws -> [NoticeItem] {
        try answer { $0.notices[account] ?? [] }
    }

    func addNotice(_ id: EventID, _ notice: NoticeDraft, to account: AccountID) async throws -> NoticeItem {
        try answer { state in
            let item = NoticeItem(
                id: id, userID: account, message: notice.message, role: notice.role, type: notice.type,
                createdAt: .start)
            state.notices[account, default: []].insert(item, at: 0)
            return item
        }
    }

    func readNotice(_ id: EventID, of account: AccountID) async throws {
        let isThere = try answer { state in state.notices[account]?.contains { $0.id == id } == true }
        if !isThere { throw ChatError.unknownNotice }
    }

    func people(_ accounts: [AccountID]) async throws -> [Person] {
        try answer { state in accounts.compactMap { state.people[$0] } }
    }

    func isMedia(_ id: FileID, of account: AccountID) async throws -> Bool {
        try answer { $0.media[id] == account }
    }

    private func answer<Value: Sendable>(_ body: (inout State) -> Value) throws -> Value {
        if Transaction.isOpen { throw OutboundError.insideTransaction }
        return try state.change { state in
            if let outage = state.outage { throw outage }
            return body(&state)
        }
    }
}
