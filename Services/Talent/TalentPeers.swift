import ServiceKit
import SharedModels

/// The calls of this service to others. Every call may be repeated. Never call inside a transaction.
///
/// All throw `PeerRefusal` when the other side refuses, and `OutboundError` when it cannot be reached.
protocol TalentPeers: Sendable {
    /// What auth knows about an account. Refused with `notFound` when the account does not exist.
    func facts(of account: AccountID) async throws -> AccountFacts
    /// Has auth switch the type of an account. Auth refuses people who may not become freelancers.
    func switchType(of account: AccountID, to type: UserType) async throws -> AccountFacts
    /// The deals of an account that are not over.
    func openDeals(of account: AccountID) async throws -> OpenDeals
    func creditsBalance(of account: AccountID) async throws -> Int64
}

/// Calls the real services.
struct LiveTalentPeers: TalentPeers {
    let peers: Peers

    func facts(of account: AccountID) async throws -> AccountFacts {
        try await peers.call(Endpoints.authInternal.account, NoInput(), path: ["id": "\(account)"])
    }

    func switchType(of account: AccountID, to type: UserType) async throws -> AccountFacts {
        try await peers.call(
            Endpoints.authInternal.setUserType, UserTypeInput(userType: type), path: ["id": "\(account)"])
    }

    func openDeals(of account: AccountID) async throws -> OpenDeals {
        try await peers.call(Endpoints.contractsInternal.openDeals, NoInput(), path: ["id": "\(account)"])
    }

    func creditsBalance(of account: AccountID) async throws -> Int64 {
        try await peers.call(Endpoints.paymentsInternal.credits, NoInput(), path: ["id": "\(account)"]).creditsBalance
    }
}
