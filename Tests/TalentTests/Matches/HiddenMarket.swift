import Foundation
import TestSupport

@testable import SharedModels
@testable import TalentService

/// A made-up market of which the truth is known: who is really good at what, and what the work really needs. What the two
/// sides say of themselves shows it only in part. The truth has the shape of the score.
struct HiddenMarket: PlantedMarket {
    struct Person: PlantedPerson {
        let id: AccountID
        /// 0 to 1.
        let abilities: [(skill: Int, ability: Double)]
        let years: Double
        let city: Int
        let isRemote: Bool
        let industries: Set<Int>
        let size: Int
        let shown: PersonFeatures
    }

    struct Job: Sendable {
        let needs: [Int]
        let years: Double
        let isRemote: Bool
    }

    struct Company: PlantedCompany {
        let id: AccountID
        let jobs: [Job]
        let city: Int
        let industry: Int
        let size: Int
        let shown: CompanyFeatures
    }

    private static let cities = 60
    private static let industries = 15
    private static let sizes = ["startup", "small", "medium", "large"]

    let skills: [String]
    private(set) var people: [Person] = []
    private(set) var companies: [Company] = []
    /// How near two skills are, 0 to 1.
    private let closeness: [Float]

    /// - Parameter skills: In their normal form.
    init(people: Int, companies: Int, skills: [String], near: NearSkills, seed: UInt64) {
        self.skills = skills
        closeness = skills.flatMap { one in skills.map { Float(near.closeness(of: one, to: $0)) / 100 } }
        var random = SeededGenerator(seed: seed)
        let specialities = (0..<50).map { _ -> [Int] in
            let first = Int.random(in: skills.indices, using: &random)
            let nearby = skills.indices.filter { closeness[first * skills.count + $0] > 0 }.shuffled(using: &random)
                .prefix(8)
            let others = (0..<6).map { _ in Int.random(in: skills.indices, using: &random) }
            return Array(Set(nearby + others)).sorted()
        }
        self.people = (0..<people).map { _ in person(specialities, &random) }
        self.companies = (0..<companies).map { _ in company(specialities, &random) }
    }

    // MARK: - The truth

    /// How well a person and a company really suit each other, 0 to 1.
    func relevance(_ person: Person, _ company: Company) -> Double {
        company.jobs.map { relevance(person, company, $0) }.max() ?? 0
    }

    private func relevance(_ person: Person, _ company: Company, _ job: Job) -> Double {
        var skill = 0.0
        for need in job.needs {
            var best = 0.0
            for (own, ability) in person.abilities {
                best = max(best, ability * Double(closeness[own * skills.count + need]))
            }
            skill += best
        }
        skill /= Double(job.needs.count)
        let (short, over) = (max(0, job.years - person.years), max(0, person.years - job.years))
        let experience = max(0, 1 - 0.15 * short - 0.04 * over)
        let isNear = person.city == company.city || (person.isRemote && job.isRemote)
        let place = isNear ? 1 : Self.country(person.city) == Self.country(company.city) ? 0.5 : 0
        let industry = person.industries.contains(company.industry) ? 1.0 : 0
        let size = person.size == company.size ? 1.0 : 0
        return 0.5 * skill + 0.3 * experience + 0.2 * (place + industry + size) / 3
    }

    private static func country(_ city: Int) -> Int { city % 8 }

    // MARK: - What is shown of it

    private func person(_ specialities: [[Int]], _ random: inout SeededGenerator) -> Person {
        let main = specialities.randomElement(using: &random) ?? []
        let second = specialities.randomElement(using: &random) ?? []
        let talent = Double.random(in: 0.35...1, using: &random)
        var abilities: [Int: Double] = [:]
        for skill in main.shuffled(using: &random).prefix(.random(in: 4...8, using: &random)) {
            abilities[skill] = min(1, max(0.1, talent + noise(0.15, &random)))
        }
        for skill in second.shuffled(using: &random).prefix(2) {
            abilities[skill] = .random(in: 0.1...0.6, using: &random)
        }
        let known = abilities.sorted { $0.key < $1.key }.map { (skill: $0.key, ability: $0.value) }
        let years = min(30, max(0, 12 * talent * .random(in: 0.2...1.4, using: &random)))
        let (city, isRemote) = (place(&random), Bool.random(using: &random))
        let industries = Set((0..<2).map { _ in Int.random(in: 0..<Self.industries, using: &random) })
        let size = Int.random(in: Self.sizes.indices, using: &random)

        var listed: [(name: String, level: SkillLevel?)] = []
        for (skill, ability) in known where .random(in: 0...1, using: &random) < 0.97 {
            let level: SkillLevel =
                switch ability + noise(0.04, &random) {
                case 0.85...: .expert
                case 0.65...: .advanced
                case 0.4...: .intermediate
                default: .beginner
                }
            listed.append((skills[skill], level))
        }
        if .random(in: 0...1, using: &random) < 0.08 {
            listed.append((skills.randomElement(using: &random) ?? "", .intermediate))
        }
        let shown = PersonFeatures(
            skills: RatedSkill.distinct(listed), years: max(0, Int((years + noise(0.4, &random)).rounded())),
            place: Place(
                city: .random(in: 0...1, using: &random) < 0.96 ? "city \(city)" : nil,
                country: "country \(Self.country(city))",
                isRemote: isRemote),
            companySizes: .random(in: 0...1, using: &random) < 0.88 ? [Self.sizes[size]] : [],
            industries: industries.filter { _ in .random(in: 0...1, using: &random) < 0.96 }.sorted().map {
                "industry \($0)"
            })
        return Person(
            id: .make(at: .start), abilities: known, years: years, city: city, isRemote: isRemote,
            industries: industries,
            size: size, shown: shown)
    }

    private func company(_ specialities: [[Int]], _ random: inout SeededGenerator) -> Company {
        let jobs = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            let speciality = specialities.randomElement(using: &random) ?? []
            return Job(
                needs: Array(speciality.shuffled(using: &random).prefix(.random(in: 3...6, using: &random))),
                years: .random(in: 0...10, using: &random), isRemote: .random(in: 0...1, using: &random) < 0.4)
        }
        let (city, industry) = (place(&random), Int.random(in: 0..<Self.industries, using: &random))
        let size = Int.random(in: Self.sizes.indices, using: &random)
        let offers = jobs.map { job in
            var needs = job.needs.filter { _ in .random(in: 0...1, using: &random) < 0.97 }
            if needs.isEmpty { needs = job.needs }
            if .random(in: 0...1, using: &random) < 0.06 { needs.append(.random(in: skills.indices, using: &random)) }
            return OfferFeatures(
                title: "Work", needs: NeededSkill.distinct(needs.map { skills[$0] }),
                years: .random(in: 0...1, using: &random) < 0.95
                    ? max(0, Int((job.years + noise(0.4, &random)).rounded())) : nil,
                isRemote: job.isRemote)
        }
        let shown = CompanyFeatures(
            offers: offers, place: Place(city: "city \(city)", country: "country \(Self.country(city))"),
            sizes: .random(in: 0...1, using: &random) < 0.96 ? [Self.sizes[size]] : [],
            industries: .random(in: 0...1, using: &random) < 0.975 ? ["industry \(industry)"] : [])
        return Company(id: .make(at: .start), jobs: jobs, city: city, industry: industry, size: size, shown: shown)
    }

    /// A few cities have most of the people.
    private func place(_ random: inout SeededGenerator) -> Int {
        let share = Double.random(in: 0..<1, using: &random)
        return Int(share * share * Double(Self.cities))
    }

    /// About a bell curve of this deviation.
    private func noise(_ deviation: Double, _ random: inout SeededGenerator) -> Double {
        ((0..<4).map { _ in Double.random(in: -1...1, using: &random) }.reduce(0, +)) * deviation * 0.866
    }
}
