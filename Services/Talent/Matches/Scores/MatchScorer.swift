import SharedModels

/// How much each part of a score counts.
struct MatchWeights: Sendable, Equatable {
    var technical = 50
    var cultural = 20
    var experience = 30
    /// 0: texts do not count.
    var text = 0

    static let standard = Self()

    /// Of the score without texts.
    var shares: Int { technical + cultural + experience }
}

/// The score of a person and a company (docs/matching.md). Pure, and in whole numbers: all parts are in hundredths of a
/// percent, 0 to ``whole``.
///
/// What a profile leaves out counts like the worst that it could say there, so that nobody gains by saying less.
struct MatchScorer: Sendable {
    static let whole = 10_000
    /// What culture is by how many things the two have in common: the first tells most.
    private static let common = [3_000, 9_000, 9_700, whole, whole]
    /// What experience is while the work says nothing of years.
    static let openYears = 8_500
    /// The least that experience is with enough years, and the most without any that are known.
    static let leastEnough = 7_500
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

    /// Texts that are close fill a share of what the other parts leave open, and never lower a score: that would hide them.
    ///
    /// - Parameter text: `nil` when the texts cannot be compared.
    func total(technical: Int, cultural: Int, experience: Int, text: Int? = nil) -> Int {
        let sum = weights.technical * technical + weights.cultural * cultural + weights.experience * experience
        let plain = sum / weights.shares
        guard let text else { return plain }
        return plain + (Self.whole - plain) * text / Self.whole * weights.text / (weights.shares + weights.text)
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

    /// What is not in common counts like what nobody said.
    static func cultural(_ terms: [CultureTerm]) -> Int { cultural(terms.map(\.value).reduce(0, +)) }

    /// - Parameter sum: What the things in common are worth, ``whole`` each.
    static func cultural(_ sum: Int) -> Int {
        let (count, part) = sum.quotientAndRemainder(dividingBy: whole)
        guard part > 0 else { return common[count] }
        return common[count] + (common[count + 1] - common[count]) * part / whole
    }

    /// A year too few costs 15 percent. What work asks for is a least, so that a year too many costs one: of two who have
    /// enough, the one that is nearer comes first. Whose years are not known has none, and never more than who has enough.
    static func experience(years: Int?, wanted: Int?) -> Int {
        guard let wanted else { return openYears }
        guard let years else { return min(leastEnough, experience(years: 0, wanted: wanted)) }
        if years < wanted { return max(0, whole - (wanted - years) * 1_500) }
        return max(leastEnough, whole - (years - wanted) * 100)
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
