public struct ImportedUser: Model {
    public let id: AccountID
    public let userType: UserType
    public let name: String
    /// In lower case. Its owner has proven it to the original.
    public let email: String
    /// The text of a bcrypt hash; `nil` for an account that signs in with Google alone.
    public var passwordHash: String?
    public var mobile: String?
    public var isBlocked: Bool
    public let createdAt: Timestamp

    public init(
        id: AccountID, userType: UserType, name: String, email: String, passwordHash: String?, mobile: String?,
        isBlocked: Bool, createdAt: Timestamp
    ) {
        self.id = id
        self.userType = userType
        self.name = name
        self.email = email
        self.passwordHash = passwordHash
        self.mobile = mobile
        self.isBlocked = isBlocked
        self.createdAt = createdAt
    }

    public static let rules: [String: MemberRule] = [
        "name": .name, "email": .format(.email), "passwordHash": .text(1...100), "mobile": .text(1...30),
    ]
}

/// How a user showed themselves.
public struct ImportedProfile: Model {
    public let userID: AccountID
    /// `nil` leaves the account's name.
    public var name: String?
    public var title: String?
    public var bio: String?
    /// A URL at another site.
    public var pictureURL: String?
    public var skills: [ImportedProfileSkill] = []
    public var categoryID: CategoryID?
    /// With ``categoryID``.
    public var categoryName: String?
    public var city = ""
    public var state = ""
    public var country = ""
    public var zip = ""
    public var languages: [String] = []
    public var experienceLevel = ExperienceLevel.beginner
    public var college = ""
    public var course = ""
    public var employment: [Employment] = []
    public var portfolio: [ImportedPortfolioItem] = []
    public var githubURL: String?
    public var linkedInURL: String?
    public var websiteURL: String?
    /// Whether its owner has filled it in.
    public var isCompleted = false
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(of user: AccountID, createdAt: Timestamp, updatedAt: Timestamp) {
        userID = user
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    public static let rules: [String: MemberRule] = [
        "name": .name, "title": .text(1...200), "bio": .text(1...5000), "pictureURL": .format(.uri),
        "skills": .count(0...100), "city": .optionalText(0...100), "state": .optionalText(0...100),
        "country": .optionalText(0...100), "zip": .optionalText(0...20),
        "languages": .count(0...30),
        "college": .optionalText(0...200), "course": .optionalText(0...200), "employment": .count(0...50),
        "portfolio": .count(0...50), "githubURL": .format(.uri), "linkedInURL": .format(.uri),
        "websiteURL": .format(.uri),
    ]
}

public struct ImportedProfileSkill: Model, Equatable {
    public let id: SkillID
    public let name: String

    public init(id: SkillID, name: String) {
        self.id = id
        self.name = name
    }
}

/// A `PortfolioItem`, in the words of this surface.
public struct ImportedPortfolioItem: Model, Equatable {
    public let name: String
    public let imageURL: String

    public init(name: String, imageURL: String) {
        self.name = name
        self.imageURL = imageURL
    }

    public static let rules: [String: MemberRule] = ["name": .text(1...200), "imageURL": .format(.uri)]
}

/// A job, and the payments for its contracts.
public struct ImportedRecord: Model {
    public let jobID: GigID
    public let clientID: AccountID
    public let title: String
    public let description: String
    public let isOpen: Bool
    public let contracts: [ImportedPayment]

    public init(_ job: ImportedJob, contracts: [ImportedPayment]) {
        jobID = job.id
        clientID = job.clientID
        title = job.title
        description = job.description
        isOpen = job.status == .open
        self.contracts = contracts
    }
}

public struct ImportedPayment: Model {
    public let contractID: ContractID
    public let paise: Int64
    /// It was paid, and the contract is not canceled.
    public let isSpent: Bool

    public init(contractID: ContractID, paise: Int64, isSpent: Bool) {
        self.contractID = contractID
        self.paise = paise
        self.isSpent = isSpent
    }
}
