import ServiceKit
import SharedModels

/// The endpoints about jobs for contracts and payments, under `/internal`.
struct HiringRoutes: Sendable {
    let workflow: HiringWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.hiringInternal.hire, hire)
        routes.handle(Endpoints.hiringInternal.hireable, hireable)
        routes.handle(Endpoints.hiringInternal.jobs, jobs)
    }

    private func hire(_ input: HiringInput, _ call: Call) async throws -> HiredJob {
        let job = try await workflow.hire(call.path("id"), for: call.path("contractId"), input, at: call.now)
        return HiredJob(job)
    }

    private func hireable(_ input: HiringInput, _ call: Call) async throws -> HiredJob {
        HiredJob(try await workflow.hireable(call.path("id"), input, at: call.now))
    }

    private func jobs(_ input: JobQuery, _ call: Call) async throws -> JobBatch {
        JobBatch(jobs: try await workflow.jobs(input.jobIDs).map(\.facts))
    }
}

extension HiredJob {
    fileprivate init(_ job: Job) {
        self.init(jobID: job.id, title: job.title, rate: job.rate.minorUnits)
    }
}

extension Job {
    fileprivate var facts: JobFacts {
        JobFacts(
            jobID: id, clientUserID: clientID, title: title, description: description, rate: rate.minorUnits,
            experienceLevel: experienceLevel, location: location, status: status)
    }
}
