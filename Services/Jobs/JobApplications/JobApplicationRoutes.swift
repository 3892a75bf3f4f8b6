import ServiceKit
import SharedModels

/// `/api/freelancer/jobs`, and who applied to a client's job.
struct JobApplicationRoutes: Sendable {
    let workflow: JobApplicationWorkflow
    let expansion: JobExpansion

    func register(on routes: Routes) {
        routes.handle(Endpoints.jobs.applicants, applicants)
        routes.handle(Endpoints.jobApplications.apply, apply)
        routes.handle(Endpoints.jobApplications.withdraw, withdraw)
        routes.handle(Endpoints.jobApplications.applied, applied)
        routes.handle(Endpoints.jobApplications.state, state)
    }

    private func apply(_ input: JobApplicationInput, _ call: Call) async throws -> JobApplicationAnswer {
        let application = try await workflow.apply(
            to: call.path("jobId"), input, by: call.caller.accountID, at: call.now)
        return JobApplicationAnswer("You have applied to the job.", application.document)
    }

    private func withdraw(_: NoInput, _ call: Call) async throws -> Acknowledgement {
        try await workflow.withdraw(call.path("applicationId"), by: call.caller.accountID, at: call.now)
        return Acknowledgement("The application is withdrawn.")
    }

    private func applied(_: NoInput, _ call: Call) async throws -> AppliedJobList {
        let page = try await workflow.page(
            of: call.caller.accountID, call.pageNumber(JobApplicationEndpoints.limit))
        let views = try await expansion.views(of: page.items.map(\.job))
        let viewOf = Dictionary(uniqueKeysWithValues: views.map { ($0._id.id, $0) })
        return AppliedJobList(
            applications: page.items.compactMap { application, job in
                viewOf[job.id].map { AppliedJob(application.document, to: $0) }
            }, total: page.total, currentPage: page.number, totalPages: page.pages)
    }

    private func applicants(_: NoInput, _ call: Call) async throws -> JobApplicantList {
        let (job, page) = try await workflow.page(
            to: call.path("jobId"), by: call.pathOfCaller("clientId"),
            call.pageNumber(JobApplicationEndpoints.limit))
        let freelancers = try await expansion.freelancers(page.items.map(\.freelancerID))
        return JobApplicantList(
            applicants: page.items.compactMap { application in
                freelancers[application.freelancerID].map {
                    JobApplicant(application.document, to: job.document, by: $0)
                }
            }, total: page.total, currentPage: page.number, totalPages: page.pages)
    }

    private func state(_: NoInput, _ call: Call) async throws -> JobApplicationState {
        let application = try await workflow.state(
            of: call.path("freelancerId"), to: call.path("jobId"), by: call.caller.accountID)
        return JobApplicationState(application: application?.document)
    }
}
