import ServiceKit
import SharedModels

/// What this service asks of others. Every call may be repeated; none is made inside a transaction.
///
/// All throw `PeerRefusal` when the other side says no, and `OutboundError` when it cannot be reached.
protocol TalentPeers: Sendable {
    /// What auth knows of an account; refused with `notFound` when there is none.
    func facts(of account: AccountID) async throws -> AccountFacts
    /// Has auth switch an account; it refuses who may not become a freelancer.
    func switchType(of account: AccountID, to type: UserType) async throws
    /// The deals of an account that are not over.
    func openDeals(of account: AccountID) async throws -> OpenDeals
    func creditsBalance(of account: AccountID) async throws -> Int64
}

/// The services themselves.
struct LiveTalentPeers: TalentPeers {
    let peers: Peers

    func facts(of account: AccountID) async throws -> AccountFacts {
        try await peers.call(Endpoints.authInternal.account, NoInput(), path: ["id": "\(account)"])
    }

    func switchType(of account: AccountID, to type: UserType) async throws {
        _ = try await peers.call(
            Endpoints.authInternal.setUserType, UserTypeInput(userType: type), path: ["id": "\(account)"])
    }

    func openDeals(of account: AccountID) async throws -> OpenDeals {
        try await peers.call(Endpoints.contractsInternal.openDeals, NoInput(), path: ["id": "\(account)"])
    }

    func creditsBalance(of account: AccountID) async throws -> Int64 {
        try await peers.call(Endpoints.paymentsInternal.credits, NoInput(), path: ["id": "\(account)"]).creditsBalance
    }
}
