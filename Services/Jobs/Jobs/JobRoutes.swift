import ServiceKit
import SharedModels

/// `/api/client/job`, except who applied.
struct JobRoutes: Sendable {
    let workflow: JobWorkflow
    let expansion: JobExpansion

    func register(on routes: Routes) {
        routes.handle(Endpoints.jobs.board, board)
        routes.handle(Endpoints.jobs.boardAlias, board)
        routes.handle(Endpoints.jobs.create, create)
        routes.handle(Endpoints.jobs.get, get)
        routes.handle(Endpoints.jobs.mine, mine)
        routes.handle(Endpoints.jobs.update, update)
    }

    private func board(_: NoInput, _ call: Call) async throws -> JobList { try await list(call) }

    private func mine(_: NoInput, _ call: Call) async throws -> JobList {
        try await list(call, of: call.pathOfCaller("id"))
    }

    private func list(_ call: Call, of client: AccountID? = nil) async throws -> JobList {
        let search = try JobSearch(
            of: client, words: call.query(JobListParameters.search), filter: call.query(JobListParameters.filter),
            sort: call.query(JobListParameters.sort))
        let page = try await workflow.page(search, call.pageNumber(JobListParameters.limit), for: call.owner)
        return JobList(
            jobs: try await expansion.views(of: page.items), total: page.total, currentPage: page.number,
            totalPages: page.pages)
    }

    private func create(_ input: JobInput, _ call: Call) async throws -> JobAnswer {
        let job = try await workflow.create(input, by: call.caller.accountID, at: call.now)
        call.tag(version: job.version)
        return JobAnswer("The job is open.", job.document)
    }

    private func get(_: NoInput, _ call: Call) async throws -> JobDetails {
        let job = try await workflow.get(call.path("id"))
        guard let view = try await expansion.views(of: [job]).first else { throw JobError.notFound(job.id) }
        call.tag(version: job.version)
        return JobDetails(view)
    }

    private func update(_ input: JobUpdate, _ call: Call) async throws -> JobAnswer {
        let job = try await workflow.update(
            call.path("id"), input, by: call.caller.accountID, at: call.now, expecting: call.check(version:))
        call.tag(version: job.version)
        return JobAnswer("The job is saved.", job.document)
    }
}

extension Call {
    /// An id in the path that must be the caller's own.
    func pathOfCaller(_ name: String) throws -> AccountID {
        let id: AccountID = try path(name)
        guard id == caller.accountID else { throw JobError.notYourOwn(id) }
        return id
    }

    func pageNumber(_ limit: Parameter<Int>) throws -> PageNumber {
        PageNumber(number: try query(Parameter<Int>.page), limit: try query(limit))
    }
}
