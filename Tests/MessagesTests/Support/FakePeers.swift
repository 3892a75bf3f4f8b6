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
