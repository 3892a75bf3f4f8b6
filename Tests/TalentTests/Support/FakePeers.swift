import OutboundHTTP
import ServiceKit
import SharedModels
import TestSupport

@testable import TalentService

/// Auth, contracts and payments, as far as talent calls them.
final class FakePeers: TalentPeers, Fake {
    struct State {
        var accounts: [AccountID: AccountFacts] = [:]
        var deals: [AccountID: OpenDeals] = [:]
        var credits: [AccountID: Int64] = [:]
        /// The questions to auth, in order.
        var factsAsked: [AccountID] = []
        var switched: [UserType] = []
        /// Thrown by every switch: auth refuses it.
        var switchRefusal: PeerRefusal?
        /// Whether a question for facts would be a mistake at the moment.
        var mayNotBeAsked: @Sendable () -> Bool = { false }
        /// Thrown by every call.
        var outage: (any Error)?
        /// Run once, inside the next switch.
        var meanwhile: (@Sendable () async throws -> Void)?
    }

    let state = Shared(State())

    func facts(of account: AccountID) async throws -> AccountFacts {
        try state.change { state in
            if let outage = state.outage { throw outage }
            if state.mayNotBeAsked() { throw OutboundError.insideTransaction }
            state.factsAsked.append(account)
            guard let facts = state.accounts[account] else {
                throw PeerRefusal.sample(.notFound, "no such account")
            }
            return facts
        }
    }

    func switchType(of account: AccountID, to type: UserType) async throws -> AccountFacts {
        if let meanwhile = state.change({ $0.meanwhile.take() }) { try await meanwhile() }
        return try state.change { state in
            if let outage = state.outage { throw outage }
            if let refusal = state.switchRefusal { throw refusal }
            state.switched.append(type)
            guard let facts = state.accounts[account]?.changed(to: type) else {
                throw PeerRefusal.sample(.notFound, "no such account")
            }
            state.accounts[account] = facts
            return facts
        }
    }

    func openDeals(of account: AccountID) async throws -> OpenDeals {
        try state.change { state in
            if let outage = state.outage { throw outage }
            return state.deals[account] ?? OpenDeals(asClient: 0, asWorker: 0)
        }
    }

    func creditsBalance(of account: AccountID) async throws -> Int64 {
        try state.change { state in
            if let outage = state.outage { throw outage }
            return state.credits[account] ?? 10
        }
    }
}
