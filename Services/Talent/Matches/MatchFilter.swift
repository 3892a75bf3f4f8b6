import SharedModels

/// Which matches of a list are wanted.
struct MatchFilter: Sendable, Equatable {
    var minimumScore = 60
    var skills: [String] = []
    var location: String?
    var experience: MatchExperience?

    /// - Parameter skills: The skills that the match is about.
    func takes(_ score: Int, skills matched: [String], _ other: MatchFeatures, _ offer: OfferFeatures) -> Bool {
        guard score >= minimumScore else { return false }
        if !skills.isEmpty {
            let wanted = Set(skills.map(SkillName.init))
            guard (matched + other.skillNames(offer)).contains(where: { wanted.contains(SkillName($0)) }) else {
                return false
            }
        }
        if let location {
            let place = other.place
            let word = Place.normal(location)
            let isRemote = word == "remote" && (offer.isRemote == true || place.isRemote == true)
            guard isRemote || place.city == word || place.country == word else { return false }
        }
        if let experience {
            guard let years = other.years(offer) else { return false }
            return ExperienceBand(years: years).rawValue == experience.rawValue
        }
        return true
    }
}

extension Place {
    /// The form in which names of places are compared.
    static func normal(_ name: String) -> String {
        name.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
    }
}

extension MatchFeatures {
    fileprivate var place: Place {
        switch self {
        case .person(let person): person.place
        case .company(let company): company.place
        }
    }

    fileprivate func skillNames(_ offer: OfferFeatures) -> [String] {
        switch self {
        case .person(let person): person.skills.map(\.name)
        case .company: offer.needs.map(\.name)
        }
    }

    fileprivate func years(_ offer: OfferFeatures) -> Int? {
        switch self {
        case .person(let person): person.years
        case .company: offer.years
        }
    }
}
