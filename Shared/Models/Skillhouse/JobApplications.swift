/// What became of an application to a job.
public enum JobApplicationStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case pending = "Pending"
    case accepted = "Accepted"
    case rejected = "Rejected"
}

public struct JobApplicationInput: Model {
    public var coverLetter: String?
    /// In rupees.
    public var proposedRate: Rupees?

    public static let rules: [String: MemberRule] = ["coverLetter": .optionalText(0...5000), "proposedRate": .price]
}

/// An application as it is stored, with the ids of what it refers to.
public struct JobApplicationDocument: Model {
    public let _id: ObjectID<ApplicationKind>
    public let jobID: ObjectID<GigKind>
    public let freelancerID: ObjectID<AccountKind>
    public let isApplied: Bool
    public let status: JobApplicationStatus
    public let coverLetter: String?
    public let proposedRate: Rupees?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        id: ApplicationID, jobID: GigID, freelancerID: AccountID, status: JobApplicationStatus, coverLetter: String?,
        proposedRate: Rupees?, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        _id = ObjectID(id)
        self.jobID = ObjectID(jobID)
        self.freelancerID = ObjectID(freelancerID)
        isApplied = true
        self.status = status
        self.coverLetter = coverLetter
        self.proposedRate = proposedRate
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// One's own application, with its job.
public struct AppliedJob: Model {
    public let _id: ObjectID<ApplicationKind>
    public let jobID: JobView
    public let freelancerID: ObjectID<AccountKind>
    public let isApplied: Bool
    public let status: JobApplicationStatus
    public let coverLetter: String?
    public let proposedRate: Rupees?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(_ application: JobApplicationDocument, to job: JobView) {
        _id = application._id
        jobID = job
        freelancerID = application.freelancerID
        isApplied = application.isApplied
        status = application.status
        coverLetter = application.coverLetter
        proposedRate = application.proposedRate
        createdAt = application.createdAt
        updatedAt = application.updatedAt
    }
}

/// An application as the job's client sees it: with the job, and who applied.
public struct JobApplicant: Model {
    public let _id: ObjectID<ApplicationKind>
    public let jobID: JobDocument
    public let freelancerID: JobFreelancer
    public let isApplied: Bool
    public let status: JobApplicationStatus
    public let coverLetter: String?
    public let proposedRate: Rupees?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(_ application: JobApplicationDocument, to job: JobDocument, by freelancer: JobFreelancer) {
        _id = application._id
        jobID = job
        freelancerID = freelancer
        isApplied = application.isApplied
        status = application.status
        coverLetter = application.coverLetter
        proposedRate = application.proposedRate
        createdAt = application.createdAt
        updatedAt = application.updatedAt
    }
}

/// A freelancer who applied, with the profile as far as it is known now. What is not known is empty.
public struct JobFreelancer: Model {
    public let _id: ObjectID<AccountKind>
    public let userID: ObjectID<AccountKind>
    public let name: String
    public let firstName: String
    public let title: String
    public let bio: String
    public let profilePic: String
    public let skills: [FreelancerSkill]
    public let jobCategory: FreelancerCategory?
    public let city: String
    public let state: String
    public let country: String
    public let zip: String
    public let language: [String]
    public let profileCompleted: Bool
    public let portfolio: [PortfolioItem]
    public let education: Education
    public let experienceLevel: ExperienceLevel?
    public let linkedAccounts: LinkedAccounts
    public let employmentHistory: [Employment]
    public let createdAt: Timestamp?
    public let updatedAt: Timestamp?

    /// - Parameters:
    ///   - profile: `nil` when it is not known.
    ///   - skills: With the names that they have now.
    ///   - category: With the name that it has now.
    public init(
        id: AccountID, _ profile: FreelancerProfile?, skills: [FreelancerSkill], category: FreelancerCategory?
    ) {
        _id = ObjectID(id)
        userID = ObjectID(id)
        name = profile?.firstName ?? ""
        firstName = profile?.firstName ?? ""
        title = profile?.title ?? ""
        bio = profile?.bio ?? ""
        profilePic = profile?.profilePic ?? ""
        self.skills = skills
        jobCategory = category
        city = profile?.city ?? ""
        state = profile?.state ?? ""
        country = profile?.country ?? ""
        zip = profile?.zip ?? ""
        language = profile?.language ?? []
        profileCompleted = profile?.profileCompleted ?? false
        portfolio = profile?.portfolio ?? []
        education = profile?.education ?? Education(college: "", course: "")
        experienceLevel = profile?.experienceLevel
        linkedAccounts = profile?.linkedAccounts ?? LinkedAccounts(github: "", linkedIn: "", website: "")
        employmentHistory = profile?.employmentHistory ?? []
        createdAt = profile?.createdAt
        updatedAt = profile?.updatedAt
    }
}

public struct JobApplicationAnswer: Model {
    public let message: String
    public let application: JobApplicationDocument

    public init(_ message: String, _ application: JobApplicationDocument) {
        self.message = message
        self.application = application
    }
}

public struct JobApplicationState: Model {
    /// `null` when the freelancer has not applied.
    public let application: JobApplicationDocument?

    public init(application: JobApplicationDocument?) { self.application = application }
}

/// One page of one's own applications, the newest first.
public struct AppliedJobList: Model {
    public let applications: [AppliedJob]
    public let total: Int
    public let currentPage: Int
    public let totalPages: Int

    public init(applications: [AppliedJob], total: Int, currentPage: Int, totalPages: Int) {
        self.applications = applications
        self.total = total
        self.currentPage = currentPage
        self.totalPages = totalPages
    }
}

/// One page of the applications to a job, the newest first.
public struct JobApplicantList: Model {
    /// How many there are on all pages.
    public let message: String
    public let applicants: [JobApplicant]
    public let total: Int
    public let currentPage: Int
    public let totalPages: Int

    public init(applicants: [JobApplicant], total: Int, currentPage: Int, totalPages: Int) {
        message = total == 1 ? "1 freelancer has applied." : "\(total) freelancers have applied."
        self.applicants = applicants
        self.total = total
        self.currentPage = currentPage
        self.totalPages = totalPages
    }
}

/// `/api/freelancer/jobs`.
public struct JobApplicationEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.jobs

    public static let limit = Parameter<Int>.integer("limit", 1...100, default: 100, "Applications per page, 1 to 100")
    static let pages: [any AnyParameter] = [Parameter<Int>.page, limit]

    public let apply = Endpoint<JobApplicationInput, JobApplicationAnswer>(
        "jobs.apply", .post, "/api/freelancer/jobs/apply-job/{jobId}", of: Self.self, access: .freelancer(.gigsWrite),
        success: 201, errors: [.badRequest, .forbidden, .notFound, .conflict], "Apply to an open job")
    public let withdraw = Endpoint<NoInput, Acknowledgement>(
        "jobs.withdraw", .delete, "/api/freelancer/jobs/cancel-application/{applicationId}", of: Self.self,
        access: .freelancer(.gigsWrite), errors: [.badRequest, .notFound, .conflict],
        "Withdraw your application while it is Pending")
    public let applied = Endpoint<NoInput, AppliedJobList>(
        "jobs.applied", .get, "/api/freelancer/jobs/applied-jobs", of: Self.self, access: .freelancer(.gigsRead),
        query: Self.pages, "Your applications")
    public let state = Endpoint<NoInput, JobApplicationState>(
        "jobs.applied.status", .get, "/api/freelancer/jobs/applied-status/{jobId}/{freelancerId}", of: Self.self,
        access: .account(.gigsRead), errors: [.badRequest, .forbidden, .notFound],
        "Whether a freelancer has applied: you, or anybody to your own job")
}
