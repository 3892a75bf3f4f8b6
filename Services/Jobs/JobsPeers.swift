import ServiceKit
import SharedModels

/// The calls of this service to others. Every call may be repeated. Never call inside a transaction.
///
/// All throw `PeerRefusal` when the other side refuses, and `OutboundError` when it cannot be reached.
protocol JobsPeers: Sendable {
    /// The public profiles of at most 100 accounts, in any order. Accounts that do not exist are left out.
    func profiles(of accounts: [AccountID]) async throws -> [PublicProfile]
    /// The people behind at most 100 accounts, in any order. Accounts that do not exist are left out.
    func people(_ accounts: [AccountID]) async throws -> [Person]
    /// The profiles as freelancers of at most 100 accounts, in any order. Accounts that do not exist are left out.
    func freelancers(_ accounts: [AccountID]) async throws -> [FreelancerProfile]
    /// Which of at most 100 negotiations are over, in any order.
    func ended(among negotiations: [NegotiationID]) async throws -> [NegotiationID]
}

/// Calls the real services.
struct LiveJobsPeers: JobsPeers {
    /// Without an answer the caller is refused because of a deal that may be over. The next event corrects that soon.
    private static let shortDeadline = Duration.seconds(2)

    let peers: Peers

    func profiles(of accounts: [AccountID]) async throws -> [PublicProfile] {
        try await peers.call(Endpoints.talentInternal.profiles, ProfileQuery(userIDs: accounts)).profiles
    }

    func people(_ accounts: [AccountID]) async throws -> [Person] {
        try await peers.call(
            Endpoints.people.people, PeopleQuery(userIDs: accounts), deadline: Lookup.deadline
        ).people
    }

    func freelancers(_ accounts: [AccountID]) async throws -> [FreelancerProfile] {
        var (found, rest) = ([FreelancerProfile](), accounts)
        while !rest.isEmpty {
            let batch = try await peers.call(
                Endpoints.people.freelancers, PeopleQuery(userIDs: rest), deadline: Lookup.deadline)
            found += try batch.freelancers.map {
                try $0.decode(FreelancerProfile.self, in: Surface.skillhouse.keyStyle)
            }
            rest = batch.freelancers.isEmpty ? [] : batch.rest
        }
        return found
    }

    func ended(among negotiations: [NegotiationID]) async throws -> [NegotiationID] {
        try await peers.call(
            Endpoints.contractsInternal.ended, NegotiationIDs(negotiationIDs: negotiations),
            deadline: Self.shortDeadline
        ).negotiationIDs
    }
}
