import SharedModels

/// How much each part of a score counts.
struct MatchWeights: Sendable, Equatable {
    var technical = 50
    var cultural = 20
    var experience = 30
    /// 0: texts do not count.
    var text = 0

    static let standard = Self()
}

/// The score of a person and a company (docs/matching.md). Pure, and in whole numbers: all parts are in hundredths of a
/// percent, 0 to ``whole``.
struct MatchScorer: Sendable {
    static let whole = 10_000
    /// What a part is while nothing is known of it.
    static let unknown = 5_000
    /// What experience is while one side says nothing of years: about the mean of those who do.
    static let unknownYears = 7_500
    /// From so many skills on, each counts less than it would alone: a list of everything says nothing.
    static let crowd = 30

    let near: NearSkills
    var weights = MatchWeights.standard

    /// The score with the offer that suits the person best; `nil` when none asks for anything that the person can.
    func score(_ person: PersonFeatures, _ company: CompanyFeatures) -> MatchScore? {
        company.offers.indices.compactMap { score(person, company, offer: $0) }.max { $0.total < $1.total }
    }

    private func score(_ person: PersonFeatures, _ company: CompanyFeatures, offer index: Int) -> MatchScore? {
        let offer = company.offers[index]
        guard !offer.needs.isEmpty else { return nil }
        let covers = offer.needs.map { cover(of: $0, by: person.skills) }
        let technical = covers.map(\.credit).reduce(0, +) / covers.count
        guard technical > 0 else { return nil }
        let terms = CultureTerm.all(person, company, offer)
        let cultural = Self.cultural(terms)
        let experience = Self.experience(years: person.years, wanted: offer.years)
        let text = weights.text == 0 ? nil : offer.text.flatMap { person.text?.closeness(to: $0) }
        return MatchScore(
            offer: index, covers: covers, culture: terms, technical: technical, cultural: cultural,
            experience: experience, text: text,
            total: total(technical: technical, cultural: cultural, experience: experience, text: text))
    }

    /// - Parameter text: `nil` when the texts cannot be compared: then the other parts make the whole.
    func total(technical: Int, cultural: Int, experience: Int, text: Int? = nil) -> Int {
        let sum = weights.technical * technical + weights.cultural * cultural + weights.experience * experience
        let shares = weights.technical + weights.cultural + weights.experience
        guard let text else { return sum / shares }
        return (sum + weights.text * text) / (shares + weights.text)
    }

    /// The skill that covers a need best: its strength, less when it is only near.
    private func cover(of need: NeededSkill, by skills: [RatedSkill]) -> SkillCover {
        var best = SkillCover(need: need, skill: nil, credit: 0)
        let nearby = near.neighbours(of: need.key)
        for skill in skills {
            let closeness = skill.key == need.key ? 100 : nearby[skill.key] ?? 0
            let credit = closeness * Self.strength(skill.strength, among: skills.count)
            if credit > best.credit { best = SkillCover(need: need, skill: skill, credit: credit) }
        }
        return best
    }

    /// A skill's strength in a list of so many.
    static func strength(_ strength: Int, among count: Int) -> Int {
        count <= crowd ? strength : strength * crowd * crowd / (count * count)
    }

    /// The mean of what is known.
    static func cultural(_ terms: [CultureTerm]) -> Int {
        terms.isEmpty ? unknown : terms.map(\.value).reduce(0, +) / terms.count
    }

    /// A year too few costs 15 percent. What work asks for is a least, so that a year too many costs one: of two who have
    /// enough, the one that is nearer comes first.
    static func experience(years: Int?, wanted: Int?) -> Int {
        guard let years, let wanted else { return unknownYears }
        let lost = years < wanted ? (wanted - years) * 1_500 : (years - wanted) * 100
        return max(0, whole - lost)
    }
}

/// A score, with what it is made of.
struct MatchScore: Sendable, Equatable {
    /// Which of the company's offers it is about.
    let offer: Int
    let covers: [SkillCover]
    let culture: [CultureTerm]
    let technical: Int
    let cultural: Int
    let experience: Int
    /// How close the texts are; `nil` when they do not count.
    let text: Int?
    let total: Int

    /// As people see it, 0 to 100.
    var points: MatchPoints {
        MatchPoints(
            total: Self.rounded(total), technical: Self.rounded(technical), cultural: Self.rounded(cultural),
            experience: Self.rounded(experience))
    }

    static func rounded(_ part: Int) -> Int { (part + 50) / 100 }
}

/// The parts of a score, each 0 to 100.
struct MatchPoints: Sendable, Equatable {
    let total: Int
    let technical: Int
    let cultural: Int
    let experience: Int
}

/// How well one skill that is needed is there.
struct SkillCover: Sendable, Equatable {
    let need: NeededSkill
    /// The skill that covers it best, which can be a near one.
    let skill: RatedSkill?
    let credit: Int

    var isNear: Bool { skill.map { $0.key != need.key } ?? false }
}

/// A thing that both sides have said something about.
struct CultureTerm: Sendable, Equatable {
    enum Kind: String, Sendable, CaseIterable {
        case location
        case roleType = "role_type"
        case companySize = "company_size"
        case industry
    }

    let kind: Kind
    let value: Int
    /// What they have in common, as they wrote it; `nil` when it is nothing.
    let common: String?

    static func all(_ person: PersonFeatures, _ company: CompanyFeatures, _ offer: OfferFeatures) -> [Self] {
        [
            location(person.place, company.place, isRemote: offer.isRemote ?? company.place.isRemote),
            overlap(.roleType, person.roleTypes, company.roleTypes),
            overlap(.companySize, person.companySizes, company.sizes),
            overlap(.industry, person.industries, company.industries),
        ].compactMap(\.self)
    }

    /// The same city, or work from anywhere on both sides: all. The same country: half.
    private static func location(_ one: Place, _ other: Place, isRemote: Bool?) -> Self? {
        if one.isRemote == true, isRemote == true {
            return Self(kind: .location, value: MatchScorer.whole, common: "remote")
        }
        if let city = one.city, city == other.city,
            one.country == nil || other.country == nil || one.country == other.country
        {
            return Self(kind: .location, value: MatchScorer.whole, common: city)
        }
        if let country = one.country, country == other.country {
            return Self(kind: .location, value: MatchScorer.whole / 2, common: country)
        }
        let areKnown = (one.city != nil && other.city != nil) || (one.country != nil && other.country != nil)
        return areKnown ? Self(kind: .location, value: 0, common: nil) : nil
    }

    private static func overlap(_ kind: Kind, _ one: [String], _ other: [String]) -> Self? {
        guard !one.isEmpty, !other.isEmpty else { return nil }
        let common = one.first(where: other.contains)
        return Self(kind: kind, value: common == nil ? 0 : MatchScorer.whole, common: common)
    }
}
