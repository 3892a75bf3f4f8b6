import Foundation
import TestSupport

@testable import SharedModels
@testable import TalentService

/// A market whose truth has another shape than the score: what somebody can do and what work needs are points in a space that
/// nobody sees, and relevance is a logistic function of how they fit. Skills, levels and years are noisy traces of these points:
/// people leave skills out, name near ones instead, spell them in other ways, and misstate their years.
struct LatentMarket: PlantedMarket {
    struct Person: PlantedPerson {
        let id: AccountID
        /// What the person can do, in each direction.
        let ability: [Double]
        let seniority: Double
        let city: Int
        let isRemote: Bool
        let shown: PersonFeatures
    }

    struct Job: Sendable {
        /// What the work needs, of length 1.
        let need: [Double]
        let seniority: Double
        let isRemote: Bool
    }

    struct Company: PlantedCompany {
        let id: AccountID
        let jobs: [Job]
        let city: Int
        let shown: CompanyFeatures
    }

    private static let directions = 12
    private static let cities = 60

    let skills: [String]
    private let near: NearSkills
    /// How much each skill tells of each direction; of length 1.
    private var loadings: [[Double]] = []
    private(set) var people: [Person] = []
    private(set) var companies: [Company] = []

    /// - Parameter skills: In their normal form.
    init(people: Int, companies: Int, skills: [String], near: NearSkills, seed: UInt64) {
        self.skills = skills
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
        self.people = (0..<people).map { _ in person(&random) }
        self.companies = (0..<companies).map { _ in company(&random) }
    }

    // MARK: - The truth

    func relevance(_ person: Person, _ company: Company) -> Double {
        company.jobs.map { job in
            let fit = Self.product(person.ability, job.need)
            let short = max(0, job.seniority - person.seniority)
            let isHere = person.city == company.city || (person.isRemote && job.isRemote)
            return Self.logistic(5 * fit - 2 * short * short + (isHere ? 1 : 0) - 4)
        }.max() ?? 0
    }

    private static func logistic(_ value: Double) -> Double { 1 / (1 + exp(-value)) }

    // MARK: - What is shown of it

    private func person(_ random: inout SeededGenerator) -> Person {
        let strength = Double.random(in: 0.5...1.3, using: &random)
        let ability = Self.point(3, &random).map { $0 * strength }
        let seniority = Self.bell(&random)
        let (city, isRemote) = (Int.random(in: 0..<Self.cities, using: &random), Bool.random(using: &random))
        var listed: [(name: String, level: SkillLevel?)] = []
        for place in skills.indices {
            let mastery = Self.product(ability, loadings[place])
            guard mastery > 0.3, Double.random(in: 0...1, using: &random) < 0.35 * mastery else { continue }
            let isSilent = Double.random(in: 0...1, using: &random) < 0.2
            let level: SkillLevel? =
                switch mastery + 0.2 * Self.bell(&random) {
                case _ where isSilent: nil
                case 0.95...: .expert
                case 0.75...: .advanced
                case 0.5...: .intermediate
                default: .beginner
                }
            listed.append((spelling(of: place, &random), level))
        }
        listed = Array(listed.shuffled(using: &random).prefix(12))
        let years = 6 + 3 * seniority + 1.5 * Self.bell(&random)
        let shown = PersonFeatures(
            skills: RatedSkill.distinct(listed),
            years: .random(in: 0...1, using: &random) < 0.8 ? min(40, max(0, Int(years.rounded()))) : nil,
            place: Place(
                city: .random(in: 0...1, using: &random) < 0.85 ? "city \(city)" : nil, country: nil,
                isRemote: isRemote ? true : nil))
        return Person(
            id: .make(at: .start), ability: ability, seniority: seniority, city: city, isRemote: isRemote, shown: shown)
    }

    private func company(_ random: inout SeededGenerator) -> Company {
        let jobs = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            Job(
                need: Self.point(3, &random), seniority: Self.bell(&random),
                isRemote: .random(in: 0...1, using: &random) < 0.4)
        }
        let city = Int.random(in: 0..<Self.cities, using: &random)
        let offers = jobs.map { job in
            // Who writes the offer names what seems to belong to the need.
            let seeming = skills.indices.map { place in
                (place, Self.product(job.need, loadings[place]) + 0.15 * Self.bell(&random))
            }
            let named = seeming.sorted { $0.1 > $1.1 }.prefix(.random(in: 3...6, using: &random)).map(\.0)
            let years = 6 + 3 * job.seniority + Self.bell(&random)
            return OfferFeatures(
                title: "Work", needs: NeededSkill.distinct(named.map { spelling(of: $0, &random) }),
                years: .random(in: 0...1, using: &random) < 0.6 ? max(0, Int(years.rounded())) : nil,
                isRemote: job.isRemote ? true : nil)
        }
        return Company(
            id: .make(at: .start), jobs: jobs, city: city,
            shown: CompanyFeatures(offers: offers, place: Place(city: "city \(city)", country: nil)))
    }

    /// A skill's name as somebody writes it: in capitals, or that of a near one.
    private func spelling(of place: Int, _ random: inout SeededGenerator) -> String {
        let skill = skills[place]
        switch Double.random(in: 0...1, using: &random) {
        case ..<0.1: return near.neighbours(of: skill).keys.sorted().randomElement(using: &random) ?? skill
        case ..<0.3: return skill.uppercased()
        default: return skill
        }
    }

    // MARK: - Points

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
