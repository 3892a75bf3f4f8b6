/// A name of the catalogue: of a category or of a skill.
public struct ImportedName<Kind: IdentifierKind>: Model {
    public let id: Identifier<Kind>
    public let name: String
    public let isListed: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(id: Identifier<Kind>, name: String, isListed: Bool, createdAt: Timestamp, updatedAt: Timestamp) {
        self.id = id
        self.name = name
        self.isListed = isListed
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    public static var rules: [String: MemberRule] { ["name": .text(1...CatalogueName.longest)] }

    public static var schemaName: String { "ImportedNameOf\(Kind.self)" }
}

public struct ImportedJob: Model {
    public let id: GigID
    public let clientID: AccountID
    public let title: String
    public let description: String
    /// In paise.
    public let rate: Int64
    public let experienceLevel: ExperienceLevel
    public let location: String
    public let categoryID: CategoryID
    public let skillIDs: [SkillID]
    public var startAt: Timestamp?
    public var endAt: Timestamp?
    public var hiredFreelancerID: AccountID?
    public var status: JobStatus
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    /// The contracts about it, the oldest first.
    public var hirings: [ImportedHiring] = []

    public init(
        id: GigID, clientID: AccountID, title: String, description: String, rate: Int64,
        experienceLevel: ExperienceLevel, location: String, categoryID: CategoryID, skillIDs: [SkillID],
        status: JobStatus, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        self.id = id
        self.clientID = clientID
        self.title = title
        self.description = description
        self.rate = rate
        self.experienceLevel = experienceLevel
        self.location = location
        self.categoryID = categoryID
        self.skillIDs = skillIDs
        self.status = status
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    public static let rules: [String: MemberRule] = [
        "title": .text(1...200), "description": .text(1...5000), "rate": .price, "location": .optionalText(0...200),
        "skillIDs": .count(0...50),
    ]
}

/// A contract about a job, as far as it binds the job.
public struct ImportedHiring: Model {
    public let contractID: ContractID
    public let freelancerID: AccountID
    public let status: CheckoutContractStatus
    public let releaseFundStatus: ReleaseFundStatus
    public let madeAt: Timestamp

    public init(
        contractID: ContractID, freelancerID: AccountID, status: CheckoutContractStatus,
        releaseFundStatus: ReleaseFundStatus, madeAt: Timestamp
    ) {
        self.contractID = contractID
        self.freelancerID = freelancerID
        self.status = status
        self.releaseFundStatus = releaseFundStatus
        self.madeAt = madeAt
    }
}

public struct ImportedApplication: Model {
    public let id: ApplicationID
    public let jobID: GigID
    public let freelancerID: AccountID
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(id: ApplicationID, jobID: GigID, freelancerID: AccountID, createdAt: Timestamp, updatedAt: Timestamp) {
        self.id = id
        self.jobID = jobID
        self.freelancerID = freelancerID
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}
