import SharedModels

/// Says in words what a score is made of. Every sentence comes from a term of the score.
struct MatchExplanation: Sendable {
    let scorer: MatchScorer
    let person: PersonFeatures
    let company: CompanyFeatures
    let score: MatchScore

    /// - Returns: `nil` when the company looks for nobody.
    init?(_ scorer: MatchScorer, _ person: PersonFeatures, _ company: CompanyFeatures) {
        guard let score = scorer.score(person, company) else { return nil }
        (self.scorer, self.person, self.company, self.score) = (scorer, person, company, score)
    }

    var offer: OfferFeatures { company.offers[score.offer] }

    /// The skills that count, the best first, with their credit.
    var skills: [SkillCover] {
        score.covers.filter { $0.credit > 0 }.sorted { ($0.credit, $1.need.key) > ($1.credit, $0.need.key) }
    }

    /// At most five reasons why the two fit.
    var reasons: [String] { Array(strengths.prefix(5)) }

    var strengths: [String] {
        var sentences: [String] = []
        let exact = skills.filter { !$0.isNear }
        if !exact.isEmpty {
            sentences.append(
                "\(exact.count) of \(score.covers.count.counted("skill")) asked for: \(Self.list(exact.map(\.need.name)))"
            )
        }
        sentences += skills.filter(\.isNear).compactMap { cover in
            cover.skill.map { "\($0.name) is near \(cover.need.name)" }
        }.prefix(3)
        sentences += score.culture.compactMap(\.strength)
        if let years = person.years, let wanted = offer.years, years >= wanted {
            sentences.append("\(years.counted("year")) of experience, \(wanted) asked for")
        }
        if let text = score.text, text >= Self.closeTexts { sentences.append("The texts have much in common") }
        return sentences
    }

    var gaps: [String] {
        var sentences: [String] = []
        let missing = score.covers.filter { $0.credit == 0 }.map(\.need.name)
        if !missing.isEmpty { sentences.append("Not there: \(Self.list(missing))") }
        if let years = person.years, let wanted = offer.years, years < wanted {
            sentences.append("\((wanted - years).counted("year")) less than the \(wanted) asked for")
        }
        sentences += score.culture.compactMap(\.gap)
        return sentences
    }

    /// What would raise the score most, at most five things, each with the score that it would lead to.
    var improvements: [(suggestion: String, total: Int)] {
        var ideas: [(String, PersonFeatures, CompanyFeatures)] = []
        for cover in score.covers where cover.credit < MatchScorer.whole {
            var better = person
            better.skills.removeAll { $0.key == cover.need.key }
            better.skills.append(RatedSkill(key: cover.need.key, name: cover.need.name, strength: 100))
            let isKnown = better.skills.count == person.skills.count
            ideas.append(("\(cover.need.name) \(isKnown ? "at level expert" : "among the skills")", better, company))
        }
        if let wanted = offer.years, person.years == nil {
            var better = person
            better.years = wanted
            ideas.append(("\(wanted.counted("year")) of experience, stated in the profile", better, company))
        }
        if person.place == Place() {
            var better = person
            better.place = company.place
            if company.place != Place() { ideas.append(("The same location, stated in the profile", better, company)) }
        }
        let better = ideas.compactMap { idea -> (suggestion: String, total: Int)? in
            guard let score = scorer.score(idea.1, idea.2), score.total > self.score.total else { return nil }
            return (idea.0, score.total)
        }
        return Array(better.sorted { ($0.total, $1.suggestion) > ($1.total, $0.suggestion) }.prefix(5))
    }

    var summary: String {
        let points = score.points
        return "\(points.total) of 100: skills \(points.technical), experience \(points.experience), "
            + "preferences and location \(points.cultural)"
            + (score.text.map { ", texts \(MatchScore.rounded($0))." } ?? ".")
    }

    /// From here on texts are a reason, in hundredths of a percent.
    private static let closeTexts = 7_500

    /// `React, Go and 3 more`
    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(4).joined(separator: ", ")
        return names.count > 4 ? "\(shown) and \(names.count - 4) more" : shown
    }
}

extension CultureTerm {
    fileprivate var strength: String? {
        guard let common else { return nil }
        return switch kind {
        case .location: common == "remote" ? "Both work remotely" : "The same place: \(common)"
        case .roleType: "Both want \(common)"
        case .companySize: "A company of the size sought: \(common)"
        case .industry: "An industry sought: \(common)"
        }
    }

    fileprivate var gap: String? {
        guard common == nil else { return nil }
        return switch kind {
        case .location: "The places are different"
        case .roleType: "The types of role are different"
        case .companySize: "The company is of another size than sought"
        case .industry: "The industry is another than sought"
        }
    }
}
