import SharedModels

/// What matching knows of an account, and all that it knows. Whatever else a profile says (names, pictures, addresses,
/// years of graduation) has no place here, so that it cannot change a score. Vectors are of texts without such things
/// (``PlainText``).
enum MatchFeatures: Sendable, Equatable {
    case person(PersonFeatures)
    case company(CompanyFeatures)
}

struct PersonFeatures: Sendable, Equatable, Codable {
    /// Each skill once.
    var skills: [RatedSkill] = []
    /// Years of experience; `nil` when nothing tells.
    var years: Int?
    var place = Place()
    var roleTypes: [String] = []
    var companySizes: [String] = []
    var industries: [String] = []
    /// What the profile says in free text.
    var text: TextVector?
}

/// A company, and what it looks for.
struct CompanyFeatures: Sendable, Equatable, Codable {
    var offers: [OfferFeatures] = []
    var place = Place()
    var roleTypes: [String] = []
    /// Words for its size: what it says itself (`11-50`), and the word that people use for that (`small`).
    var sizes: [String] = []
    var industries: [String] = []
}

/// What somebody is looked for: a gig that is open, or the profile of the company.
struct OfferFeatures: Sendable, Equatable, Codable {
    /// `nil`: the profile.
    var gigID: GigID?
    var title: String?
    /// Each skill once.
    var needs: [NeededSkill] = []
    var years: Int?
    /// Whether the work can be done from anywhere; `nil` when it does not say.
    var isRemote: Bool?
    /// What it says in free text.
    var text: TextVector?
}

struct RatedSkill: Sendable, Equatable, Codable {
    /// The normal form (``SkillName``).
    let key: String
    /// As its owner wrote it.
    let name: String
    /// In hundredths, by the level.
    var strength: Int
}

struct NeededSkill: Sendable, Equatable, Codable {
    let key: String
    let name: String
}

/// Where somebody works. Names are in lower case.
struct Place: Sendable, Equatable, Codable {
    var city: String?
    var country: String?
    /// Whether work from anywhere is welcome; `nil` when nothing tells.
    var isRemote: Bool?
}

extension RatedSkill {
    /// A level that nobody stated counts like the middle: most surfaces do not ask for one.
    static func strength(of level: SkillLevel?) -> Int {
        switch level {
        case .expert: 100
        case .advanced: 85
        case .intermediate, nil: 75
        case .beginner: 50
        }
    }

    /// Each skill once, with the best of its levels, in the order of the list.
    static func distinct(_ skills: [(name: String, level: SkillLevel?)]) -> [Self] {
        var places: [String: Int] = [:]
        var distinct: [Self] = []
        for (name, level) in skills {
            let skill = Self(key: SkillName(name).normal, name: name, strength: strength(of: level))
            if let place = places[skill.key] {
                distinct[place].strength = max(distinct[place].strength, skill.strength)
            } else {
                places[skill.key] = distinct.count
                distinct.append(skill)
            }
        }
        return distinct
    }
}

extension NeededSkill {
    /// How many skills of one offer count.
    static let most = 20

    static func distinct(_ names: [String]) -> [Self] {
        var seen: Set<String> = []
        let needs = names.map { Self(key: SkillName($0).normal, name: $0) }
        return Array(needs.filter { seen.insert($0.key).inserted }.prefix(most))
    }
}
