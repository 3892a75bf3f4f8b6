/// A profile as SkillSync shows it. Freelancers are the talent, clients the companies.
public struct TalentProfile: Model {
    public let id: PrefixedID<AccountKind>
    public let name: String
    public let title: String?
    public let bio: String?
    public let location: String?
    /// Where the picture is. The link of one that is stored here expires.
    public let avatar: String?
    public let remoteWork: Bool
    public let experienceYears: Int?
    public let skills: [TalentSkill]
    public let preferences: TalentPreferences
    /// What a client says of the company.
    public let company: CompanyFacts
    public let socialLinks: SocialLinks
    public let verification: Verification
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        id: AccountID, name: String, title: String?, bio: String?, location: String?, avatar: String?,
        remoteWork: Bool, experienceYears: Int?, skills: [TalentSkill], preferences: TalentPreferences,
        company: CompanyFacts, socialLinks: SocialLinks, verification: Verification, createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = PrefixedID(id)
        self.name = name
        self.title = title
        self.bio = bio
        self.location = location
        self.avatar = avatar
        self.remoteWork = remoteWork
        self.experienceYears = experienceYears
        self.skills = skills
        self.preferences = preferences
        self.company = company
        self.socialLinks = socialLinks
        self.verification = verification
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// A profile that was just changed, and what would make it better.
public struct UpdatedTalentProfile: Model {
    public let id: PrefixedID<AccountKind>
    public let name: String
    public let title: String?
    public let bio: String?
    public let location: String?
    public let avatar: String?
    public let remoteWork: Bool
    public let experienceYears: Int?
    public let skills: [TalentSkill]
    public let preferences: TalentPreferences
    public let company: CompanyFacts
    public let socialLinks: SocialLinks
    public let verification: Verification
    public let createdAt: Timestamp
    public let updatedAt: Timestamp
    public let optimizationSuggestions: [OptimizationSuggestion]

    public init(_ profile: TalentProfile, suggestions: [OptimizationSuggestion]) {
        id = profile.id
        name = profile.name
        title = profile.title
        bio = profile.bio
        location = profile.location
        avatar = profile.avatar
        remoteWork = profile.remoteWork
        experienceYears = profile.experienceYears
        skills = profile.skills
        preferences = profile.preferences
        company = profile.company
        socialLinks = profile.socialLinks
        verification = profile.verification
        createdAt = profile.createdAt
        updatedAt = profile.updatedAt
        optimizationSuggestions = suggestions
    }
}

public struct OptimizationSuggestion: Model, Equatable {
    /// The member of the profile that it is about.
    public let field: String
    public let suggestion: String

    public init(field: String, suggestion: String) {
        self.field = field
        self.suggestion = suggestion
    }
}

public struct TalentSkill: Model, Equatable {
    public let name: String
    /// `nil` until the owner says it.
    public let level: SkillLevel?
    /// `nil` until the owner says it.
    public let years: Int?

    public init(name: String, level: SkillLevel?, years: Int?) {
        self.name = name
        self.level = level
        self.years = years
    }

    public static let rules: [String: MemberRule] = ["name": .text(1...50), "years": .range(0...80)]
}

public struct TalentPreferences: Model, Equatable {
    public var roleTypes: [String]
    public var companySizes: [String]
    public var industries: [String]
    public var salaryRange: SalaryRange?

    public init(roleTypes: [String], companySizes: [String], industries: [String], salaryRange: SalaryRange?) {
        self.roleTypes = roleTypes
        self.companySizes = companySizes
        self.industries = industries
        self.salaryRange = salaryRange
    }
}

/// In major units.
public struct SalaryRange: Model, Equatable {
    public let min: Int64
    public let max: Int64
    /// Three capital letters (ISO 4217).
    public let currency: String

    public init(min: Int64, max: Int64, currency: String) {
        self.min = min
        self.max = max
        self.currency = currency
    }

    public static let rules: [String: MemberRule] = [
        "min": .range(0...1_000_000_000_000), "max": .range(0...1_000_000_000_000),
        "currency": .pattern("^[A-Z]{3}$", 3...3),
    ]
}

public struct CompanyFacts: Model, Equatable {
    /// Such as `startup`.
    public var type: String?
    /// Such as `11-50`.
    public var size: String?
    public var industry: String?

    public init(type: String? = nil, size: String? = nil, industry: String? = nil) {
        self.type = type
        self.size = size
        self.industry = industry
    }

    public static let rules: [String: MemberRule] = [
        "type": .text(1...50), "size": .text(1...50), "industry": .text(1...100),
    ]
}

public struct SocialLinks: Model, Equatable {
    public var github: String?
    public var linkedin: String?
    public var portfolio: String?

    public init(github: String? = nil, linkedin: String? = nil, portfolio: String? = nil) {
        self.github = github
        self.linkedin = linkedin
        self.portfolio = portfolio
    }

    public static let rules: [String: MemberRule] = [
        "github": .format(.uri), "linkedin": .format(.uri), "portfolio": .format(.uri),
    ]
}

/// What Guildhall has seen itself of who the person is.
public struct Verification: Model, Equatable {
    public let email: Bool
    public let phone: Bool
    public let github: Bool
    public let linkedin: Bool

    public init(email: Bool, phone: Bool, github: Bool, linkedin: Bool) {
        self.email = email
        self.phone = phone
        self.github = github
        self.linkedin = linkedin
    }
}

/// A member that is there replaces what is stored as a whole, and `null` clears it. One that is absent stays. The
/// members of `preferences` are taken one by one.
public struct TalentProfileInput: PartialUpdate {
    public var name: String?
    public var title: Patch<String> = .keep
    public var bio: Patch<String> = .keep
    public var location: Patch<String> = .keep
    public var remoteWork: Bool?
    public var experienceYears: Patch<Int> = .keep
    public var skills: Patch<[TalentSkill]> = .keep
    public var preferences: Patch<TalentPreferencesInput> = .keep
    public var company: Patch<CompanyFacts> = .keep
    public var socialLinks: Patch<SocialLinks> = .keep

    public static let rules: [String: MemberRule] = [
        "name": .name, "title": .text(1...100), "bio": .optionalText(0...5000), "location": .text(1...200),
        "experienceYears": .range(0...80), "skills": .count(0...100),
    ]
}

public struct TalentPreferencesInput: PartialUpdate, Equatable {
    public var roleTypes: Patch<[String]> = .keep
    public var companySizes: Patch<[String]> = .keep
    public var industries: Patch<[String]> = .keep
    public var salaryRange: Patch<SalaryRange> = .keep

    public static let rules: [String: MemberRule] = [
        "roleTypes": .texts(count: 0...20, length: 1...50), "companySizes": .texts(count: 0...20, length: 1...50),
        "industries": .texts(count: 0...50, length: 1...100),
    ]
}

public enum ModerationStatus: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case approved, pending, rejected
}

public struct StoredPhoto: Model {
    /// Lets in everybody who follows it, until it expires.
    public let avatar: String
    /// What the checks of the image's content and form said.
    public let moderationStatus: ModerationStatus

    public init(avatar: String, moderationStatus: ModerationStatus) {
        self.avatar = avatar
        self.moderationStatus = moderationStatus
    }
}

public struct TalentProfileList: Model {
    public let profiles: [TalentProfile]
    public let pagination: Pagination

    public init(profiles: [TalentProfile], pagination: Pagination) {
        self.profiles = profiles
        self.pagination = pagination
    }
}

/// `/v1/profiles`.
public struct TalentProfileEndpoints: EndpointGroup {
    public static let surface = Surface.skillSync
    public static let service = ServiceName.talent

    public static let photo = FileField("photo", types: [.jpeg, .png, .webP], maximum: 5 << 20)
    public static let skills = Parameter.list(
        "skills", atMost: 20, ofAtMost: 50, "Those who have one of these skills, however they are written")
    public static let location = Parameter<String?>.text(
        "location", 200, "Those whose place has these words in a row, such as a city or a country; or `remote`")
    public static let name = Parameter<String?>.text(
        "name", 100, "Those whose name has words that begin so, in any order: `ada love`")
    public static let userType = Parameter<UserType?>.oneOf(
        "user_type", UserType.self, "Only freelancers, or only clients")
    public static let limit = Parameter.integer("limit", 1...100, default: 20, "Rows per page, 1 to 100")

    public let list = Endpoint<NoInput, TalentProfileList>(
        "skillsync.profiles.list", .get, "/v1/profiles", of: Self.self, access: .account(.profilesRead),
        query: [Self.skills, Self.location, Self.name, Self.userType, Self.limit, Parameter.page],
        "Profiles, the newest first")
    public let get = Endpoint<NoInput, TalentProfile>(
        "skillsync.profiles.get", .get, "/v1/profiles/{userId}", of: Self.self, access: .account(.profilesRead),
        errors: [.notFound], "Somebody's profile")
    public let update = Endpoint<TalentProfileInput, UpdatedTalentProfile>(
        "skillsync.profiles.update", .put, "/v1/profiles/{userId}", of: Self.self, access: .account(.profilesWrite),
        errors: [.forbidden, .notFound, .preconditionFailed], "Change your profile")
    public let uploadPhoto = Endpoint<UploadInput, StoredPhoto>(
        "skillsync.profiles.photo", .post, "/v1/profiles/{userId}/photo", of: Self.self,
        access: .account(.profilesWrite), errors: [.badRequest, .forbidden, .notFound, .preconditionFailed],
        idempotency: .resumable, file: Self.photo,
        "Store your photo in place of the last one: a square of at most 512 pixels")
}
