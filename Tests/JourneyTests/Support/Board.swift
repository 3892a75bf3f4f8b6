import SharedModels
import Testing

/// What is on Skillhouse's board of jobs: a category, a skill, and a job of the deal's client to which the deal's worker has
/// applied.
struct Board: Sendable {
    let category: String
    let skill: String
    let job: String
    let application: String
    /// The parties' contract, for another job.
    let hire: String
    /// A freelancer who has nothing to do with it.
    let other: String

    static func make(of deal: Deal, by admin: Caller, in stack: Stack) async throws -> Board {
        let category = try await admin.named(Endpoints.categories.add.operation)
        let skill = try await admin.named(Endpoints.skills.add.operation)
        let job = try await deal.client.session.postJob(of: category, asking: skill)
        let applied = try await deal.worker.session.succeed(
            Endpoints.jobApplications.apply.operation, ["jobId": job], [:])
        return Board(
            category: category, skill: skill, job: job,
            application: try #require(applied["application"]?["_id"]?.string),
            hire: try await deal.client.session.hire(
                deal.worker, for: try await deal.client.session.postJob(of: category, asking: skill)),
            other: try await stack.freelancer().id)
    }
}

extension Caller {
    /// The id of a new category or skill. Only an admin may add one.
    func named(_ operation: SharedModels.Operation) async throws -> String {
        let name = "Quern \(UInt64.random(in: 0 ... .max))"
        let added = try await succeed(operation, [:], ["name": .string(name)])
        return try #require(added["data"]?["_id"]?.string)
    }

    /// The id of a new open job. Only a client may post one.
    func postJob(
        of category: String, asking skill: String, title: String = "A parser for invoices", rate: JSONValue = 1500,
        level: ExperienceLevel = .expert
    ) async throws -> String {
        let posted = try await succeed(
            Endpoints.jobs.create.operation, [:],
            [
                "title": .string(title), "description": "Reads invoices from PDF files.", "rate": rate,
                "experienceLevel": .string(level.rawValue), "location": "Pune", "category": .string(category),
                "skills": [.string(skill)],
            ])
        return try #require(posted["job"]?["_id"]?.string)
    }

    /// Lets a freelancer apply to this client's job, and hires them.
    ///
    /// - Returns: The contract's id, once jobs has heard of it.
    func hire(_ freelancer: Account, for job: String, amount: JSONValue = 1500) async throws -> String {
        try await freelancer.session.succeed(Endpoints.jobApplications.apply.operation, ["jobId": job], [:])
        let made = try await succeed(
            Endpoints.clientContracts.create.operation, ["jobId": job],
            ["freelancerId": .string(freelancer.id), "amount": amount])
        _ = try await eventually("jobs has heard of the contract") {
            let state = try await freelancer.session.succeed(
                Endpoints.jobApplications.state.operation, ["jobId": job, "freelancerId": freelancer.id])
            return state["application"]?["status"] == "Accepted" ? true : nil
        }
        return try #require(made["contract"]?["_id"]?.string)
    }
}
