import Foundation
import TestSupport

@testable import SharedModels
@testable import TalentService

/// A market whose truth has another shape than the score. What somebody can do follows from a hidden point with twelve
/// directions and from what was practised; work needs some skills much and others little, and who lacks one of the
/// important ones cannot do it. What the two sides say shows that only in part: people leave skills out, list some that
/// they hardly have, rate themselves too high or too low, misstate their years; offers leave needs out and name what
/// would only be nice.
struct LatentMarket: PlantedMarket {
    struct Person: PlantedPerson {
        let id: AccountID
        /// How well the person does each of the market's skills, 0 to 1.
        let mastery: [Float]
        /// In deviations from the mean.
        let seniority: Double
        let city: Int
        let isRemote: Bool
        let shown: PersonFeatures
    }

    struct Job: Sendable {
        /// What it needs, with shares that are 1 together.
        let needs: [(skill: Int, share: Double)]
        let seniority: Double
        let isRemote: Bool
    }

    struct Company: PlantedCompany {
        let id: AccountID
        let jobs: [Job]
        let city: Int
        let shown: CompanyFeatures
    }

    static let cities = 60
    private static let directions = 12
    private static let importance = [1, 0.8, 0.6, 0.45, 0.35, 0.25]

    let skills: [String]
    /// How much what is shown differs from what is: 1 as described above, 0 not at all.
    let noise: Double
    let near: NearSkills
    /// How much each skill takes of each direction; of length 1.
    private var loadings: [[Double]] = []
    /// How often people and work have to do with each skill: the second half as often as the first, the third a third.
    private var popularity: [Double] = []
    private(set) var people: [Person] = []
    private(set) var companies: [Company] = []

    /// - Parameter skills: In their normal form.
    init(people: Int, companies: Int, skills: [String], near: NearSkills, noise: Double = 1, seed: UInt64) {
        self.skills = skills
        self.noise = noise
        self.near = near
        var random = SeededGenerator(seed: seed)
        let places = Dictionary(uniqueKeysWithValues: zip(skills, skills.indices))
        loadings = skills.map { _ in Self.point(2, &random) }
        // Near skills lie near each other, though not where the table says exactly.
        for (place, skill) in skills.enumerated() {
            for (other, closeness) in near.neighbours(of: skill).sorted(by: { $0.key < $1.key }) {
                guard let there = places[other], there < place else { continue }
                loadings[place] = Self.unit(
                    zip(loadings[place], loadings[there]).map { $0 + Double(closeness) / 50 * $1 })
            }
        }
        popularity = skills.indices.shuffled(using: &random).map { -log(Double($0 + 1)) }
        self.people = (0..<people).map { _ in person(&random) }
        self.companies = (0..<companies).map { _ in company(&random) }
    }

    // MARK: - The truth

    func relevance(_ person: Person, _ company: Company) -> Double {
        company.jobs.map { job in
            let craft = job.needs.map { $0.share * log(Double(person.mastery[$0.skill])) }.reduce(0, +)
            let isHere = person.city == company.city || (person.isRemote && job.isRemote)
            return Self.use(craft: exp(craft), short: job.seniority - person.seniority, place: isHere ? 1 : 0.5)
        }.max() ?? 0
    }

    func taught() -> (@Sendable (Person, Company) -> Double)? {
        let scorer = TaughtScorer(self)
        return { scorer.score($0, $1) }
    }

    func informed() -> (@Sendable (Person, Company) -> Double)? {
        let scorer = InformedScorer(near: near)
        return { scorer.score($0.shown, $1.shown) }
    }

    /// - Parameter short: The seniority that is missing; what is too much costs nothing.
    static func use(craft: Double, short: Double, place: Double) -> Double {
        let missing = max(0, short)
        return logistic(8 * (craft - 0.55)) * exp(-missing * missing / 2) * place
    }

    private static func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

    // MARK: - What is shown of it

    private func person(_ random: inout SeededGenerator) -> Person {
        let strength = Double.random(in: 0.5...1.3, using: &random)
        let ability = Self.point(3, &random).map { $0 * strength }
        let talents = loadings.map { Self.product(ability, $0) }
        let pull = zip(popularity, talents).map { $0 + 8 * $1 }
        let practised = Self.draw(.random(in: 5...14, using: &random), by: pull, &random)
        var mastery = talents.map { Float(Self.logistic(4 * ($0 - 0.6 + 0.25 * Self.bell(&random)) - 1)) }
        for skill in practised {
            mastery[skill] = Float(Self.logistic(4 * (talents[skill] + 0.25 * Self.bell(&random)) - 1))
        }

        var listed = practised.filter { _ in !errs(0.15, &random) }
        if errs(0.3, &random) { listed += Self.draw(1, by: pull, &random) }
        let vanity = 0.08 * noise * Self.bell(&random)
        let named = listed.map { skill -> (name: String, level: SkillLevel?) in
            let level: SkillLevel =
                switch Double(mastery[skill]) + vanity + 0.08 * noise * Self.bell(&random) {
                case 0.85...: .expert
                case 0.65...: .advanced
                case 0.4...: .intermediate
                default: .beginner
                }
            return (spelling(of: skill, &random), errs(0.2, &random) ? nil : level)
        }
        let seniority = Self.bell(&random)
        let years = 6 + 3 * seniority + noise * Self.bell(&random)
        let (city, isRemote) = (Int.random(in: 0..<Self.cities, using: &random), Bool.random(using: &random))
        let shown = PersonFeatures(
            skills: RatedSkill.distinct(named),
            years: errs(0.15, &random) ? nil : min(40, max(0, Int(years.rounded()))),
            place: Place(
                city: errs(0.1, &random) ? nil : "city \(city)", country: nil, isRemote: isRemote ? true : nil))
        return Person(
            id: .make(at: .start), mastery: mastery, seniority: seniority, city: city, isRemote: isRemote, shown: shown)
    }

    private func company(_ random: inout SeededGenerator) -> Company {
        let city = Int.random(in: 0..<Self.cities, using: &random)
        let wanted = (0..<Int.random(in: 1...3, using: &random)).map { _ in work(&random) }
        return Company(
            id: .make(at: .start), jobs: wanted.map(\.job), city: city,
            shown: CompanyFeatures(offers: wanted.map(\.offer), place: Place(city: "city \(city)", country: nil)))
    }

    private func work(_ random: inout SeededGenerator) -> (job: Job, offer: OfferFeatures) {
        let field = Self.point(3, &random)
        let pull = zip(popularity, loadings).map { $0 + 8 * Self.product(field, $1) }
        let needed = Self.draw(.random(in: 3...6, using: &random), by: pull, &random)
        let shares = Self.importance.prefix(needed.count)
        let whole = shares.reduce(0, +)
        let job = Job(
            needs: zip(needed, shares).map { ($0, $1 / whole) }, seniority: Self.bell(&random),
            isRemote: Self.chance(0.4, &random))
        var named = needed.enumerated().filter { !errs($0.offset < 2 ? 0.03 : 0.15, &random) }.map(\.element)
        if errs(0.3, &random) { named += Self.draw(1, by: pull, &random) }
        let years = 6 + 3 * job.seniority + noise * Self.bell(&random)
        let offer = OfferFeatures(
            title: "Work",
            needs: NeededSkill.distinct(named.shuffled(using: &random).map { spelling(of: $0, &random) }),
            years: errs(0.3, &random) ? nil : max(0, Int(years.rounded())), isRemote: job.isRemote ? true : nil)
        return (job, offer)
    }

    /// A skill's name as somebody writes it: in capitals, or that of a near one.
    private func spelling(of place: Int, _ random: inout SeededGenerator) -> String {
        let skill = skills[place]
        switch Double.random(in: 0...1, using: &random) {
        case ..<(0.05 * noise): return near.neighbours(of: skill).keys.sorted().randomElement(using: &random) ?? skill
        case ..<0.25: return skill.uppercased()
        default: return skill
        }
    }

    // MARK: - Chance

    private static func chance(_ share: Double, _ random: inout SeededGenerator) -> Bool {
        .random(in: 0..<1, using: &random) < share
    }

    /// Whether somebody makes an error that is made so often with all the noise.
    private func errs(_ share: Double, _ random: inout SeededGenerator) -> Bool { Self.chance(share * noise, &random) }

    /// So many places, each drawn with a likelihood that grows with the exponential of its weight (Gumbel's trick).
    private static func draw(_ count: Int, by weights: [Double], _ random: inout SeededGenerator) -> [Int] {
        let lots = weights.enumerated().map { place, weight in
            (place: place, lot: weight - log(-log(Double.random(in: 1e-12..<1, using: &random))))
        }
        return lots.sorted { $0.lot > $1.lot }.prefix(count).map(\.place)
    }

    /// A point of length 1 that leans towards a few directions.
    private static func point(_ strong: Int, _ random: inout SeededGenerator) -> [Double] {
        var point = (0..<directions).map { _ in 0.15 * bell(&random) }
        for direction in (0..<directions).shuffled(using: &random).prefix(strong) {
            point[direction] += .random(in: 0.4...1, using: &random)
        }
        return unit(point)
    }

    private static func unit(_ point: [Double]) -> [Double] {
        let length = max(product(point, point).squareRoot(), 1e-9)
        return point.map { $0 / length }
    }

    private static func product(_ one: [Double], _ other: [Double]) -> Double {
        var sum = 0.0
        for place in 0..<min(one.count, other.count) { sum += one[place] * other[place] }
        return sum
    }

    /// About a bell curve of deviation 1.
    private static func bell(_ random: inout SeededGenerator) -> Double {
        ((0..<4).map { _ in Double.random(in: -1...1, using: &random) }.reduce(0, +)) * 0.866
    }
}
