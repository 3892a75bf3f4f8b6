/// Jobs' answers about jobs of the flow `escrow_checkout`.
public struct HiringInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.jobs

    /// Reserves a job for a contract that is about to be made: the job is the client's and open, and the freelancer has
    /// applied. A repeat with the same contract is harmless. The reservation lapses after 60 s unless
    /// `checkout.contract.changed` tells of the contract.
    ///
    /// Refusals read as the client's own: 404 for a job that does not exist, 403 for somebody else's, 400 when it is not
    /// open or the freelancer never applied, and 409 while it is reserved for another contract.
    public let hire = Endpoint<HiringInput, HiredJob>(
        "internal.jobs.hire", .put, "/internal/jobs/{id}/hirings/{contractId}", of: Self.self,
        access: .service(from: [.contracts]), errors: [.badRequest, .forbidden, .notFound, .conflict],
        "Reserve a job for a contract")
    /// Whether ``hire`` would reserve the job now. Changes nothing, and refuses as ``hire`` does.
    public let hireable = Endpoint<HiringInput, HiredJob>(
        "internal.jobs.hireable", .post, "/internal/jobs/{id}/hirings/check", of: Self.self,
        access: .service(from: [.contracts]), errors: [.badRequest, .forbidden, .notFound, .conflict],
        "Whether a job can be reserved for a contract")
    /// Jobs of the flow `escrow_checkout`, in any order and status. Those that do not exist are left out.
    public let jobs = Endpoint<JobQuery, JobBatch>(
        "internal.jobs.query", .post, "/internal/jobs/query", of: Self.self,
        access: .service(from: [.contracts, .payments]), "Many jobs at once")
}

public struct HiringInput: Model {
    public let clientUserID: AccountID
    public let freelancerUserID: AccountID

    public init(clientUserID: AccountID, freelancerUserID: AccountID) {
        self.clientUserID = clientUserID
        self.freelancerUserID = freelancerUserID
    }
}

/// What a contract takes over from its job.
public struct HiredJob: Model {
    public let jobID: GigID
    public let title: String
    /// In paise.
    public let rate: Int64

    public init(jobID: GigID, title: String, rate: Int64) {
        self.jobID = jobID
        self.title = title
        self.rate = rate
    }
}

public struct JobQuery: Model {
    public let jobIDs: [GigID]

    public init(jobIDs: [GigID]) {
        self.jobIDs = jobIDs
    }

    public static let rules: [String: MemberRule] = ["jobIDs": .count(0...100)]
}

public struct JobBatch: Model {
    public let jobs: [JobFacts]

    public init(jobs: [JobFacts]) {
        self.jobs = jobs
    }
}

/// What other services show of a job.
public struct JobFacts: Model {
    public let jobID: GigID
    public let clientUserID: AccountID
    public let title: String
    public let description: String
    /// In paise.
    public let rate: Int64
    public let experienceLevel: ExperienceLevel
    public let location: String
    public let status: JobStatus

    public init(
        jobID: GigID, clientUserID: AccountID, title: String, description: String, rate: Int64,
        experienceLevel: ExperienceLevel, location: String, status: JobStatus
    ) {
        self.jobID = jobID
        self.clientUserID = clientUserID
        self.title = title
        self.description = description
        self.rate = rate
        self.experienceLevel = experienceLevel
        self.location = location
        self.status = status
    }
}

/// The state of a job on Skillhouse.
public enum JobStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case open = "Open"
    case ongoing = "Ongoing"
    case closed = "Closed"
}

/// How experienced a freelancer is, or must be, on Skillhouse.
public enum ExperienceLevel: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case beginner = "Beginner"
    case intermediate = "Intermediate"
    case expert = "Expert"
}
