import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: the first stage finds whom the second would choose among everybody.
@Suite struct MatchIndexTests {
    private let scorer = MatchScorer(near: MatchScorerTests.near)
    private static let skills = [
        "react", "nextjs", "javascript", "postgresql", "mysql", "docker", "kubernetes", "golang", "rust", "python",
    ]
    private static let cities = ["berlin", "paris", "rome", nil]

    private func person(_ random: inout SeededGenerator) -> PersonFeatures {
        let skills = Self.skills.shuffled(using: &random).prefix(.random(in: 1...6, using: &random)).map {
            (name: $0, level: SkillLevel.allCases.randomElement(using: &random))
        }
        return PersonFeatures(
            skills: RatedSkill.distinct(skills), years: .random(in: 0...15, using: &random),
            place: Place(
                city: Self.cities.randomElement(using: &random) ?? nil,
                isRemote: [true, nil].randomElement(using: &random) ?? nil),
            roleTypes: [["contract"], []].randomElement(using: &random) ?? [],
            industries: [["health"], ["finance"], []].randomElement(using: &random) ?? [])
    }

    private func company(_ random: inout SeededGenerator) -> CompanyFeatures {
        CompanyFeatures(
            offers: (0..<Int.random(in: 1...3, using: &random)).map { _ in
                OfferFeatures(
                    needs: NeededSkill.distinct(
                        Array(Self.skills.shuffled(using: &random).prefix(.random(in: 1...4, using: &random)))),
                    years: .random(in: 0...12, using: &random))
            },
            place: Place(city: Self.cities.randomElement(using: &random) ?? nil, isRemote: true),
            roleTypes: ["contract"], industries: [["health"], []].randomElement(using: &random) ?? [])
    }

    @Test func `it finds the best on both sides, with the scores of the second stage`() {
        var random = SeededGenerator(seed: 7)
        var index = MatchIndex(scorer)
        var people: [AccountID: PersonFeatures] = [:]
        var companies: [AccountID: CompanyFeatures] = [:]
        for _ in 0..<300 {
            people[.make(at: .start)] = person(&random)
            companies[.make(at: .start)] = company(&random)
        }
        for (id, person) in people { index.put(id, .person(person)) }
        for (id, company) in companies { index.put(id, .company(company)) }
        for (_, person) in people.prefix(40) {
            let found = index.best(10, for: .person(person)).compactMap { companies[$0] }
            let best = companies.values.compactMap { scorer.score(person, $0)?.total }
            #expect(found.compactMap { scorer.score(person, $0)?.total } == Array(best.sorted(by: >).prefix(10)))
        }
        for (_, company) in companies.prefix(40) {
            let found = index.best(10, for: .company(company)).compactMap { people[$0] }
            let best = people.values.compactMap { scorer.score($0, company)?.total }
            #expect(found.compactMap { scorer.score($0, company)?.total } == Array(best.sorted(by: >).prefix(10)))
        }
    }

    @Test func `a change replaces, and who is taken out is not found`() {
        var random = SeededGenerator(seed: 8)
        var index = MatchIndex(scorer)
        let (id, company) = (
            AccountID.make(at: .start), CompanyFeatures(offers: [OfferFeatures(needs: NeededSkill.distinct(["rust"]))])
        )
        index.put(id, .person(PersonFeatures(skills: RatedSkill.distinct([("rust", .expert)]))))
        #expect(index.best(5, for: .company(company)) == [id])
        index.put(id, .person(PersonFeatures(skills: RatedSkill.distinct([("python", .expert)]))))
        #expect(index.best(5, for: .company(company)) == [])
        index.put(id, .person(PersonFeatures(skills: RatedSkill.distinct([("rust", .beginner)]))))
        for _ in 0..<30_000 { index.put(id, .person(person(&random))) }
        #expect(index.people.count < 20_100)
        index.put(id, .person(PersonFeatures(skills: RatedSkill.distinct([("rust", .beginner)]))))
        #expect(index.best(5, for: .company(company)) == [id])
        index.put(id, .company(company))
        #expect(index.best(5, for: .company(company)) == [])
        #expect(index.best(5, for: .person(PersonFeatures(skills: RatedSkill.distinct([("rust", nil)])))) == [id])
        index.put(id, nil)
        #expect(index.best(5, for: .person(PersonFeatures(skills: RatedSkill.distinct([("rust", nil)])))) == [])
        #expect(index.people.living == 0 && index.offers.living == 0)
    }
}
