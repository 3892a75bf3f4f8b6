/// A freelancer's profile, as Skillhouse shows it. What is not known yet is empty.
public struct FreelancerProfile: Model {
    public let _id: ObjectID<AccountKind>
    public let userID: ObjectID<AccountKind>
    public let firstName: String
    public let title: String
    public let bio: String
    /// A URL; empty without a picture. Where the picture is stored here, the link expires.
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
    public let experienceLevel: ExperienceLevel
    public let linkedAccounts: LinkedAccounts
    public let employmentHistory: [Employment]
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        id: AccountID, firstName: String, title: String, bio: String, profilePic: String, skills: [FreelancerSkill],
        jobCategory: FreelancerCategory?, city: String, state: String, country: String, zip: String,
        language: [String], profileCompleted: Bool, portfolio: [PortfolioItem], education: Education,
        experienceLevel: ExperienceLevel, linkedAccounts: LinkedAccounts, employmentHistory: [Employment],
        createdAt: Timestamp, updatedAt: Timestamp
    ) {
        _id = ObjectID(id)
        userID = ObjectID(id)
        self.firstName = firstName
        self.title = title
        self.bio = bio
        self.profilePic = profilePic
        self.skills = skills
        self.jobCategory = jobCategory
        self.city = city
        self.state = state
        self.country = country
        self.zip = zip
        self.language = language
        self.profileCompleted = profileCompleted
        self.portfolio = portfolio
        self.education = education
        self.experienceLevel = experienceLevel
        self.linkedAccounts = linkedAccounts
        self.employmentHistory = employmentHistory
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public struct FreelancerSkill: Model, Equatable {
    /// `nil` for a skill that was written on another surface and is not from the catalogue.
    public let _id: ObjectID<SkillKind>?
    public let name: String

    public init(id: SkillID?, name: String) {
        _id = id.map { ObjectID($0) }
        self.name = name
    }
}

public struct FreelancerCategory: Model {
    public let _id: ObjectID<CategoryKind>
    public let name: String

    public init(id: CategoryID, name: String) {
        _id = ObjectID(id)
        self.name = name
    }
}

public struct PortfolioItem: Model, Equatable {
    public let name: String
    public let imageURL: String

    public init(name: String, imageURL: String) {
        self.name = name
        self.imageURL = imageURL
    }

    public static let rules: [String: MemberRule] = ["name": .text(1...200), "imageURL": .format(.uri)]
}

public struct Education: Model, Equatable {
    public var college: String
    public var course: String

    public init(college: String, course: String) {
        self.college = college
        self.course = course
    }
}

public struct Employment: Model, Equatable {
    public let company: String
    public let position: String
    public let duration: String

    public init(company: String, position: String, duration: String) {
        self.company = company
        self.position = position
        self.duration = duration
    }
}

public struct LinkedAccounts: Model, Equatable {
    public let github: String
    public let linkedIn: String
    public let website: String

    public init(github: String, linkedIn: String, website: String) {
        self.github = github
        self.linkedIn = linkedIn
        self.website = website
    }
}

/// A member that is absent or `null` stays as it is, except `language`, which becomes empty when it is absent, and
/// `jobCategory`, which `null` clears. An empty text clears.
public struct FreelancerProfileInput: Model {
    public var title: String?
    public var firstName: String?
    public var bio: String?
    public var city: String?
    public var state: String?
    public var country: String?
    public var zip: String?
    public var experienceLevel: ExperienceLevel?
    /// The category's id or its name; empty for none.
    public var jobCategory: Patch<CategoryReference> = .keep
    public var skills: [SkillReference]?
    public var language: [String]?
    public var education: EducationInput?
    public var employmentHistory: [EmploymentInput]?
    public var portfolio: [PortfolioItem]?
    public var linkedAccounts: LinkedAccountsInput?
    /// The present picture's address, one elsewhere, or empty for none.
    public var profilePic: String?

    public static let rules: [String: MemberRule] = [
        "title": .optionalText(0...100), "firstName": .name, "bio": .optionalText(0...5000),
        "city": .optionalText(0...100), "state": .optionalText(0...100), "country": .optionalText(0...100),
        "zip": .optionalText(0...20), "skills": .count(0...100),
        "language": .texts(count: 0...30, length: 1...50), "employmentHistory": .count(0...50),
        "portfolio": .count(0...50), "profilePic": .optionalText(0...2048),
    ]
}

/// A skill as the catalogue or a profile shows it. Its id counts; of a skill that was written on another surface, and has
/// none, the name. The other members are ignored.
public struct SkillReference: Model {
    public let _id: ObjectID<SkillKind>?
    public var name: String?
    public var isListed: Bool?
    public var createdAt: Timestamp?
    public var updatedAt: Timestamp?

    public static let rules: [String: MemberRule] = ["name": .optionalText(0...100)]
}

public struct EducationInput: Model {
    public var college: String?
    public var course: String?

    public static let rules: [String: MemberRule] = [
        "college": .optionalText(0...200), "course": .optionalText(0...200),
    ]
}

/// A row that says nothing, as forms have it for those who have not worked yet, is left out.
public struct EmploymentInput: Model {
    public var company: String?
    public var position: String?
    public var duration: String?

    public static let rules: [String: MemberRule] = [
        "company": .optionalText(0...200), "position": .optionalText(0...200), "duration": .optionalText(0...100),
    ]
}

/// Each is an http or https URL, or empty. One without its scheme, as people write it, gets https.
public struct LinkedAccountsInput: Model {
    public var github: String?
    public var linkedIn: String?
    public var website: String?

    public static let rules: [String: MemberRule] = [
        "github": .optionalText(0...2048), "linkedIn": .optionalText(0...2048), "website": .optionalText(0...2048),
    ]
}

public struct FreelancerProfileAnswer: Model {
    public let data: FreelancerProfile
    public init(data: FreelancerProfile) { self.data = data }
}

public struct SavedFreelancerProfile: Model {
    public let message: String
    public let data: FreelancerProfile

    public init(message: String, data: FreelancerProfile) {
        self.message = message
        self.data = data
    }
}

/// `/api/freelancer/profile`.
public struct FreelancerProfileEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.talent

    public let get = Endpoint<NoInput, FreelancerProfileAnswer>(
        "freelancer.profile.get", .get, "/api/freelancer/profile/get-profile/{id}", of: Self.self, access: .anyone,
        errors: [.badRequest, .notFound], "A freelancer's profile")
    public let update = Endpoint<FreelancerProfileInput, SavedFreelancerProfile>(
        "freelancer.profile.update", .put, "/api/freelancer/profile/update-profile/{id}", of: Self.self,
        access: .freelancer(.profilesWrite), errors: [.badRequest, .forbidden, .notFound, .preconditionFailed],
        idempotency: .resumable, "Change your profile as a freelancer")
}
