import ServiceKit
import SharedModels

/// What hires ask of other services. Every call may be repeated. Never call inside a transaction.
///
/// All throw `PeerRefusal` when the other side refuses, and `OutboundError` when it cannot be reached.
protocol HirePeers: Sendable {
    /// Has jobs reserve a job for a hire.
    func hire(_ job: GigID, for contract: ContractID, _ parties: HiringInput) async throws -> HiredJob
    /// Whether jobs would reserve the job. Changes nothing.
    func hireable(_ job: GigID, _ parties: HiringInput) async throws -> HiredJob
    func jobs(_ ids: [GigID]) async throws -> [JobFacts]
    func people(_ ids: [AccountID]) async throws -> [Person]
}

/// Calls the real services.
struct LiveHirePeers: HirePeers {
    let peers: Peers

    func hire(_ job: GigID, for contract: ContractID, _ parties: HiringInput) async throws -> HiredJob {
        try await peers.call(
            Endpoints.hiringInternal.hire, parties, path: ["id": "\(job)", "contractId": "\(contract)"])
    }

    func hireable(_ job: GigID, _ parties: HiringInput) async throws -> HiredJob {
        try await peers.call(Endpoints.hiringInternal.hireable, parties, path: ["id": "\(job)"])
    }

    func jobs(_ ids: [GigID]) async throws -> [JobFacts] {
        try await peers.call(Endpoints.hiringInternal.jobs, JobQuery(jobIDs: ids), deadline: Lookup.deadline)
            .jobs
    }

    func people(_ ids: [AccountID]) async throws -> [Person] {
        try await peers.call(Endpoints.people.people, PeopleQuery(userIDs: ids), deadline: Lookup.deadline)
            .people
    }
}
