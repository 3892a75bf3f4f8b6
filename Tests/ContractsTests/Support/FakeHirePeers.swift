import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels
import TestSupport

@testable import ContractsService

/// Jobs and talent, as far as hires ask them. Every job is open, and everybody has applied.
final class FakeHirePeers: HirePeers, Fake {
    struct State: Sendable {
        /// Which contract a job is reserved for. Jobs gives a job to one at a time.
        var reserved: [GigID: ContractID] = [:]
        /// Whether jobs lets everybody have a job, as after a reservation has lapsed.
        var reservesForAll = false
        /// Thrown by every call to jobs.
        var jobsFault: (any Error)?
        /// Thrown by every question to talent.
        var peopleFault: (any Error)?
        /// Run once, inside the next reservation, before jobs answers.
        var meanwhile: (@Sendable () async throws -> Void)?
        var questions = 0
    }

    let state = Shared(State())

    func hire(_ job: GigID, for contract: ContractID, _ parties: HiringInput) async throws -> HiredJob {
        if let meanwhile = state.change({ $0.meanwhile.take() }) { try await meanwhile() }
        let isReserved = try state.change { state in
            state.questions += 1
            if let fault = state.jobsFault { throw fault }
            if !state.reservesForAll, let other = state.reserved[job], other != contract { return false }
            state.reserved[job] = contract
            return true
        }
        guard isReserved else { throw PeerRefusal.sample(.conflict) }
        return HiredJob(jobID: job, title: "Compiler work", rate: 100_000)
    }

    func hireable(_ job: GigID, _ parties: HiringInput) async throws -> HiredJob {
        if let fault = current.jobsFault { throw fault }
        return HiredJob(jobID: job, title: "Compiler work", rate: 100_000)
    }

    func jobs(_ ids: [GigID]) async throws -> [JobFacts] {
        change { $0.questions += 1 }
        if let fault = current.jobsFault { throw fault }
        return ids.map { id in
            JobFacts(
                jobID: id, clientUserID: .make(at: .start), title: "Compiler work", description: "It parses.",
                rate: 100_000, experienceLevel: .expert, location: "Remote", status: .ongoing)
        }
    }

    func people(_ ids: [AccountID]) async throws -> [Person] {
        change { $0.questions += 1 }
        if let fault = current.peopleFault { throw fault }
        return ids.map { Person(userID: $0, userType: .client, name: "Ada", email: "ada@example.com", picture: "") }
    }
}
