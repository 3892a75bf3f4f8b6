import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: a score follows from skills, years and preferences as the documentation says, and from nothing
/// else.
@Suite struct MatchScorerTests {
    static let near = NearSkills([
        ("react", "nextjs", 60), ("react", "javascript", 50), ("postgresql", "mysql", 70), ("docker", "kubernetes", 60),
    ])
    private let scorer = MatchScorer(near: Self.near)

    private static let known = [
        "react", "nextjs", "javascript", "postgresql", "mysql", "docker", "kubernetes", "golang", "rust", "python",
        "django", "figma", "seo", "excel", "swift",
    ]

    private func person(_ skills: [(String, SkillLevel?)], years: Int? = nil) -> PersonFeatures {
        PersonFeatures(skills: RatedSkill.distinct(skills.map { (name: $0.0, level: $0.1) }), years: years)
    }

    private func company(_ needs: String..., years: Int? = nil) -> CompanyFeatures {
        CompanyFeatures(offers: [OfferFeatures(needs: NeededSkill.distinct(needs), years: years)])
    }

    private func technical(_ skills: [(String, SkillLevel?)], _ needs: String...) -> Int? {
        scorer.score(
            person(skills), CompanyFeatures(offers: [OfferFeatures(needs: NeededSkill.distinct(needs))]))?.points
            .technical
    }

    @Test(
        arguments: [
            (SkillLevel.expert, 100), (.advanced, 85), (.intermediate, 75), (.beginner, 50), (nil, 75),
        ] as [(SkillLevel?, Int)])
    func `a skill counts by its level`(level: SkillLevel?, score: Int) {
        #expect(technical([("React", level)], "react") == score)
        #expect(technical([("React", level), ("Go", .expert)], "react", "COBOL") == (score + 1) / 2)
    }

    @Test func `a near skill counts in part, the best of several counts, and nearness makes no chain`() {
        #expect(technical([("Next.js", .expert)], "React") == 60)
        #expect(technical([("React", .expert)], "Next.js") == 60)
        #expect(technical([("Next.js", .expert), ("ReactJS", .beginner)], "React") == 60)
        #expect(technical([("Next.js", .expert), ("ReactJS", .advanced)], "React") == 85)
        #expect(technical([("Next.js", .expert)], "JavaScript") == nil)
    }

    @Test(arguments: [
        (5, 5, 100), (4, 5, 85), (3, 5, 70), (0, 5, 25), (0, 10, 0), (6, 5, 99), (15, 5, 90), (40, 0, 60),
    ])
    func `a year too few costs fifteen, a year too many one`(years: Int, wanted: Int, score: Int) {
        let found = scorer.score(person([("Go", .expert)], years: years), company("Go", years: wanted))
        #expect(found?.points.experience == score)
    }

    @Test func `the whole is half skills, three tenths experience, two tenths preferences and location`() throws {
        let found = try #require(
            scorer.score(person([("React", .expert)], years: 3), company("React", "Go", years: 5)))
        #expect(found.points == MatchPoints(total: 56, technical: 50, cultural: 50, experience: 70))
        let weighed = MatchScorer(near: Self.near, weights: MatchWeights(technical: 1, cultural: 0, experience: 0))
        #expect(
            weighed.score(person([("React", .expert)], years: 3), company("React", "Go", years: 5))?.points.total == 50)
    }

    @Test func `years that one side leaves out count for three quarters, whatever the other says`() {
        for (years, wanted) in [(nil, 5), (5, nil), (nil, nil)] as [(Int?, Int?)] {
            let found = scorer.score(person([("Go", .expert)], years: years), company("Go", years: wanted))
            #expect(found?.points == MatchPoints(total: 83, technical: 100, cultural: 50, experience: 75))
        }
    }

    /// 60 is what lists of matches begin at, unless the caller says otherwise.
    @Test func `who lists all that is asked for, and says nothing else, is shown`() {
        let found = scorer.score(person([("React", nil), ("Go", nil)]), company("ReactJS", "Golang"))
        #expect(found?.points == MatchPoints(total: 70, technical: 75, cultural: 50, experience: 75))
    }

    @Test func `location counts by city, country and remote, and what nobody said counts half`() {
        func cultural(_ one: Place, _ other: Place, isRemote: Bool? = nil) -> Int? {
            let person = PersonFeatures(skills: RatedSkill.distinct([("Go", nil)]), place: one)
            let company = CompanyFeatures(
                offers: [OfferFeatures(needs: NeededSkill.distinct(["Go"]), isRemote: isRemote)], place: other)
            return scorer.score(person, company)?.points.cultural
        }
        let berlin = Place(city: "berlin", country: "germany")
        #expect(cultural(Place(), Place()) == 50)
        #expect(cultural(berlin, Place()) == 50)
        #expect(cultural(berlin, berlin) == 100)
        #expect(cultural(berlin, Place(city: "munich", country: "germany")) == 50)
        #expect(cultural(berlin, Place(city: "paris", country: "france")) == 0)
        #expect(cultural(Place(city: "paris", country: "usa"), Place(city: "paris", country: "france")) == 0)
        #expect(cultural(Place(city: "berlin", isRemote: true), Place(city: "paris", isRemote: true)) == 100)
        #expect(cultural(Place(city: "berlin", isRemote: true), Place(city: "paris"), isRemote: true) == 100)
        #expect(cultural(Place(city: "berlin", isRemote: true), Place(city: "paris"), isRemote: false) == 0)
    }

    @Test func `preferences count where both sides have some`() {
        func cultural(_ person: PersonFeatures, _ company: CompanyFeatures) -> Int {
            MatchScorer.cultural(CultureTerm.all(person, company, OfferFeatures()))
        }
        let wants = PersonFeatures(roleTypes: ["contract"], companySizes: ["small"], industries: ["health"])
        #expect(cultural(wants, CompanyFeatures()) == 5_000)
        #expect(cultural(wants, CompanyFeatures(sizes: ["11-50", "small"])) == 10_000)
        #expect(cultural(wants, CompanyFeatures(sizes: ["small"], industries: ["finance"])) == 5_000)
        #expect(
            cultural(wants, CompanyFeatures(roleTypes: ["contract"], sizes: ["large"], industries: ["finance"]))
                == 3_333)
    }

    @Test
    func `a company is judged by the offer that suits best, and one that asks for nothing that is there has no score`()
    {
        var many = company("COBOL")
        many.offers += company("React").offers + company("React", "COBOL").offers
        #expect(scorer.score(person([("React", .expert)]), many)?.offer == 1)
        #expect(scorer.score(person([("React", .expert)]), CompanyFeatures()) == nil)
        #expect(scorer.score(person([("React", .expert)]), company()) == nil)
        #expect(scorer.score(person([("React", .expert)]), company("COBOL")) == nil)
    }

    // MARK: - Properties

    private func level(of skill: RatedSkill) -> SkillLevel? {
        SkillLevel.allCases.first { RatedSkill.strength(of: $0) == skill.strength }
    }

    private func randomPerson(_ random: inout SeededGenerator, most: Int = 10) -> PersonFeatures {
        let skills = Self.known.shuffled(using: &random).prefix(Int.random(in: 1...most, using: &random)).map {
            (name: $0, level: SkillLevel.allCases.randomElement(using: &random))
        }
        return PersonFeatures(
            skills: RatedSkill.distinct(skills),
            years: Bool.random(using: &random) ? .random(in: 0...20, using: &random) : nil,
            place: Place(
                city: ["berlin", "paris", nil].randomElement(using: &random) ?? nil, isRemote: .random(using: &random)))
    }

    private func randomCompany(_ random: inout SeededGenerator) -> CompanyFeatures {
        let offers = (1...3).map { _ in
            OfferFeatures(
                needs: NeededSkill.distinct(
                    Array(Self.known.shuffled(using: &random).prefix(.random(in: 1...6, using: &random)))),
                years: Bool.random(using: &random) ? .random(in: 0...12, using: &random) : nil)
        }
        return CompanyFeatures(
            offers: offers,
            place: Place(city: ["berlin", "paris", nil].randomElement(using: &random) ?? nil, isRemote: true))
    }

    @Test func `a score is between nothing and all, and the same again`() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            let (person, company) = (randomPerson(&random), randomCompany(&random))
            let score = scorer.score(person, company)
            #expect(score == scorer.score(person, company))
            for part in [score?.total, score?.technical, score?.cultural, score?.experience] {
                #expect((0...MatchScorer.whole).contains(part ?? 0))
            }
        }
    }

    @Test func `one more skill, or a better level, never lowers a score`() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<500 {
            let (person, company) = (randomPerson(&random), randomCompany(&random))
            let before = scorer.score(person, company)?.total ?? 0
            var more = person
            let name = Self.known.randomElement(using: &random) ?? ""
            more.skills = RatedSkill.distinct(
                person.skills.map { (name: $0.key, level: .expert) } + [(name: name, level: .beginner)])
            #expect(scorer.score(more, company)?.total ?? 0 >= before)
        }
    }

    @Test func `a skill a hundred times is one skill, and a list of all skills gains nothing`() {
        var random = SeededGenerator(seed: 3)
        let everything = (0..<400).map { (name: "skill \($0)", level: SkillLevel?.some(.expert)) }
        for _ in 0..<300 {
            let (person, company) = (randomPerson(&random), randomCompany(&random))
            let honest = scorer.score(person, company)
            var repeated = person
            repeated.skills = RatedSkill.distinct(
                (0..<100).flatMap { _ in
                    person.skills.map { (name: $0.key.uppercased(), level: SkillLevel?.some(.beginner)) }
                }
                    + person.skills.map { (name: $0.key, level: level(of: $0)) })
            #expect(scorer.score(repeated, company)?.total == honest?.total)
            var stuffed = person
            stuffed.skills = RatedSkill.distinct(
                person.skills.map { (name: $0.key, level: .expert) } + Self.known.map { (name: $0, level: .expert) }
                    + everything)
            guard honest?.technical ?? 0 > 0 else { continue }
            #expect(scorer.score(stuffed, company)?.total ?? 0 <= honest?.total ?? 0)
        }
    }

    @Test
    func `a gig that asks for a skill a hundred times asks once, and one that asks for everything suits nobody better`()
    {
        let me = person([("React", .expert)])
        let once = scorer.score(me, company("React", "Go"))?.total
        let often = CompanyFeatures(
            offers: [
                OfferFeatures(needs: NeededSkill.distinct(Array(repeating: "ReactJS", count: 99) + ["React", "go"]))
            ])
        #expect(scorer.score(me, often)?.total == once)
        let all = CompanyFeatures(offers: [OfferFeatures(needs: NeededSkill.distinct(Self.known))])
        #expect(scorer.score(me, all)?.total ?? 100 < once ?? 0)
    }
}
