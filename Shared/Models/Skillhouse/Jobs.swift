public struct JobInput: Model {
    /// Who posts the job, as Skillhouse's web client says it. It is always the caller.
    public var userID: ObjectID<AccountKind>?
    public let title: String
    public let description: String
    /// What all of the work pays, in rupees.
    public let rate: Rupees
    public let experienceLevel: ExperienceLevel
    public let location: String
    public let category: ObjectID<CategoryKind>
    public let skills: [ObjectID<SkillKind>]
    public var startDate: DayOrTime?
    public var endDate: DayOrTime?

    public static let rules = JobRules.members
}

/// Once somebody has applied, only title, description and status are taken over.
public struct JobUpdate: PartialUpdate {
    public var title: String?
    public var description: String?
    public var rate: Rupees?
    public var experienceLevel: ExperienceLevel?
    public var location: String?
    public var category: ObjectID<CategoryKind>?
    public var skills: [ObjectID<SkillKind>]?
    public var startDate: Patch<DayOrTime> = .keep
    public var endDate: Patch<DayOrTime> = .keep
    public var status: JobStatus?

    public static let rules = JobRules.members
}

/// The limits of a job's members, new or changed.
enum JobRules {
    static let members: [String: MemberRule] = [
        "title": .text(1...200), "description": .text(1...5000), "rate": .price, "location": .text(1...200),
        "skills": .count(1...50),
    ]
}

/// A job as it is stored, with the ids of what it refers to.
public struct JobDocument: Model {
    public let _id: ObjectID<GigKind>
    public let title: String
    public let description: String
    public let rate: Rupees
    public let experienceLevel: ExperienceLevel
    public let location: String
    public let clientID: ObjectID<AccountKind>
    public let category: ObjectID<CategoryKind>
    public let skills: [ObjectID<SkillKind>]
    public let hiredFreelancer: ObjectID<AccountKind>?
    public let applicants: Int
    public let status: JobStatus
    public let startDate: Timestamp?
    public let endDate: Timestamp?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        id: GigID, title: String, description: String, rate: Rupees, experienceLevel: ExperienceLevel,
        location: String, clientID: AccountID, category: CategoryID, skills: [SkillID], hiredFreelancer: AccountID?,
        applicants: Int, status: JobStatus, startDate: Timestamp?, endDate: Timestamp?, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        _id = ObjectID(id)
        self.title = title
        self.description = description
        self.rate = rate
        self.experienceLevel = experienceLevel
        self.location = location
        self.clientID = ObjectID(clientID)
        self.category = ObjectID(category)
        self.skills = skills.map { ObjectID($0) }
        self.hiredFreelancer = hiredFreelancer.map { ObjectID($0) }
        self.applicants = applicants
        self.status = status
        self.startDate = startDate
        self.endDate = endDate
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// A job with what it refers to in place of the ids.
public struct JobView: Model {
    public let _id: ObjectID<GigKind>
    public let title: String
    public let description: String
    public let rate: Rupees
    public let experienceLevel: ExperienceLevel
    public let location: String
    public let clientID: JobPerson
    public let category: CategoryView
    public let skills: [JobSkill]
    public let hiredFreelancer: JobPerson?
    public let applicants: Int
    public let status: JobStatus
    public let startDate: Timestamp?
    public let endDate: Timestamp?
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        _ job: JobDocument, client: JobPerson, category: CategoryView, skills: [JobSkill], hiredFreelancer: JobPerson?
    ) {
        _id = job._id
        title = job.title
        description = job.description
        rate = job.rate
        experienceLevel = job.experienceLevel
        location = job.location
        clientID = client
        self.category = category
        self.skills = skills
        self.hiredFreelancer = hiredFreelancer
        applicants = job.applicants
        status = job.status
        startDate = job.startDate
        endDate = job.endDate
        createdAt = job.createdAt
        updatedAt = job.updatedAt
    }
}

/// A person beside a job. The mail address is the person's own.
public struct JobPerson: Model, Equatable {
    public let _id: ObjectID<AccountKind>
    /// Empty while it is not known.
    public let name: String
    /// A URL; empty when there is no picture.
    public let profilePic: String

    public init(id: AccountID, name: String, profilePic: String) {
        _id = ObjectID(id)
        self.name = name
        self.profilePic = profilePic
    }
}

public struct JobSkill: Model, Equatable {
    public let _id: ObjectID<SkillKind>
    public let name: String

    public init(id: SkillID, name: String) {
        _id = ObjectID(id)
        self.name = name
    }
}

/// One page of a list of jobs.
public struct JobList: Model {
    public let jobs: [JobView]
    /// How many there are on all pages. A search counts up to 10,000.
    public let total: Int
    public let currentPage: Int
    public let totalPages: Int

    public init(jobs: [JobView], total: Int, currentPage: Int, totalPages: Int) {
        self.jobs = jobs
        self.total = total
        self.currentPage = currentPage
        self.totalPages = totalPages
    }
}

public struct JobAnswer: Model {
    public let message: String
    public let job: JobDocument

    public init(_ message: String, _ job: JobDocument) {
        self.message = message
        self.job = job
    }
}

public struct JobDetails: Model {
    public let data: JobView

    public init(_ job: JobView) { data = job }
}

/// What a list of jobs can be narrowed down to and sorted by.
public enum JobListParameters {
    public static let limit = Parameter<Int>.integer("limit", 1...100, default: 4, "Jobs per page, 1 to 100")
    /// Shorter than PostgreSQL's longest word in bytes.
    public static let search = Parameter<String?>.text(
        "search", 200, "Words in title or description, or their beginnings; \"a phrase\", or, and -without")
    public static let filter = Parameter<JobFilter?>(
        "filter", .string(filters), "A level (Beginner, Intermediate, Expert), a status, or the id of a category"
    ) { text in
        guard let text, !text.isEmpty else { return .some(nil) }
        return JobFilter(text).map(Optional.some)
    }
    public static let sort = Parameter<JobSort>(
        "sort",
        StringRules.schema(
            of: "JobSort", oneOf: ["", "dateNew", "newest", "dateOld", "budgetHigh", "rate", "budgetLow"]),
        "dateNew or newest (the default), dateOld, budgetHigh or rate, or budgetLow"
    ) { text in
        switch text ?? "" {
        case "", "dateNew", "newest": .dateNew
        case "dateOld": .dateOld
        case "budgetHigh", "rate": .budgetHigh
        case "budgetLow": .budgetLow
        default: nil
        }
    }

    private static let filters: StringRules = {
        var rules = StringRules()
        let words = ExperienceLevel.allCases.map(\.rawValue) + JobStatus.allCases.map(\.rawValue)
        rules.pattern = "^(|\(words.joined(separator: "|"))|[0-9a-f]{24})$"
        return rules
    }()

    static let all: [any AnyParameter] = [Parameter<Int>.page, limit, search, filter, sort]
}

public enum JobSort: Sendable, CaseIterable {
    case dateNew, dateOld, budgetHigh, budgetLow
}

public enum JobFilter: Sendable, Equatable {
    case level(ExperienceLevel)
    case status(JobStatus)
    case category(CategoryID)

    public init?(_ text: String) {
        if let level = ExperienceLevel(rawValue: text) {
            self = .level(level)
        } else if let status = JobStatus(rawValue: text) {
            self = .status(status)
        } else if let category = CategoryID(text) {
            self = .category(category)
        } else {
            return nil
        }
    }
}

/// `/api/client/job`.
public struct JobEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.jobs

    public let board = Endpoint<NoInput, JobList>(
        "jobs.board", .get, "/api/client/job/get-jobs", of: Self.self, access: .anyone, query: JobListParameters.all,
        "The open jobs")
    public let boardAlias = Endpoint<NoInput, JobList>(
        "jobs.board.alias", .get, "/api/client/get-jobs", of: Self.self, access: .anyone, query: JobListParameters.all,
        "The open jobs")
    public let create = Endpoint<JobInput, JobAnswer>(
        "jobs.create", .post, "/api/client/job/create-job", of: Self.self, access: .client(.gigsWrite), success: 201,
        "Post a job")
    public let get = Endpoint<NoInput, JobDetails>(
        "jobs.get", .get, "/api/client/job/job-details/{id}", of: Self.self, access: .account(.gigsRead),
        errors: [.badRequest, .notFound], "One job")
    public let mine = Endpoint<NoInput, JobList>(
        "jobs.mine", .get, "/api/client/job/my-jobs/{id}", of: Self.self, access: .client(.gigsRead),
        query: JobListParameters.all, errors: [.badRequest, .forbidden], "Your jobs in every status; id is your own")
    public let update = Endpoint<JobUpdate, JobAnswer>(
        "jobs.update", .put, "/api/client/job/update-job/{id}", of: Self.self, access: .client(.gigsWrite),
        errors: [.badRequest, .forbidden, .notFound, .conflict, .preconditionFailed], "Change your job")
    public let applicants = Endpoint<NoInput, JobApplicantList>(
        "jobs.applicants", .get, "/api/client/job/applicants/{jobId}/{clientId}", of: Self.self,
        access: .client(.gigsRead), query: JobApplicationEndpoints.pages, errors: [.badRequest, .forbidden, .notFound],
        "Who applied to your job; clientId is your own")
}
