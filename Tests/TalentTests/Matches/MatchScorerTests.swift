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
            (SkillLevel.expert, 100), (.advanced, 85), (.intermediate, 75), (.beginner, 50), (nil, 60),
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
        (5, 5, 100), (4, 5, 85), (3, 5, 70), (0, 5, 25), (0, 10, 0), (6, 5, 99), (15, 5, 90), (40, 0, 75),
    ])
    func `a year too few costs fifteen, a year too many one, up to twenty-five`(years: Int, wanted: Int, score: Int) {
        let found = scorer.score(person([("Go", .expert)], years: years), company("Go", years: wanted))
        #expect(found?.points.experience == score)
    }

    @Test func `the whole is half skills, three tenths experience, two tenths preferences and location`() throws {
        let found = try #require(
            scorer.score(person([("React", .expert)], years: 3), company("React", "Go", years: 5)))
        #expect(found.points == MatchPoints(total: 52, technical: 50, cultural: 30, experience: 70))
        let weighed = MatchScorer(near: Self.near, weights: MatchWeights(technical: 1, cultural: 0, experience: 0))
        #expect(
            weighed.score(person([("React", .expert)], years: 3), company("React", "Go", years: 5))?.points.total == 50)
    }

    @Test func `who does not state years has none, and work that does not ask takes everybody`() {
        for (years, wanted, points) in [(nil, 5, 25), (nil, 1, 75), (nil, 0, 75), (5, nil, 85), (nil, nil, 85)]
            as [(Int?, Int?, Int)]
        {
            let found = scorer.score(person([("Go", .expert)], years: years), company("Go", years: wanted))
            #expect(found?.points.experience == points)
        }
    }

    /// 60 is what lists of matches begin at, unless the caller says otherwise.
    @Test func `who lists all that is asked for, and says nothing else, is shown`() {
        let found = scorer.score(person([("React", nil), ("Go", nil)]), company("ReactJS", "Golang"))
        #expect(found?.points == MatchPoints(total: 62, technical: 60, cultural: 30, experience: 85))
    }

    @Test func `location counts by city, country and remote, and what nobody said like what is not in common`() {
        func cultural(_ one: Place, _ other: Place, isRemote: Bool? = nil) -> Int? {
            let person = PersonFeatures(skills: RatedSkill.distinct([("Go", nil)]), place: one)
            let company = CompanyFeatures(
                offers: [OfferFeatures(needs: NeededSkill.distinct(["Go"]), isRemote: isRemote)], place: other)
            return scorer.score(person, company)?.points.cultural
        }
        let berlin = Place(city: "berlin", country: "germany")
        #expect(cultural(Place(), Place()) == 30)
        #expect(cultural(berlin, Place()) == 30)
        #expect(cultural(berlin, berlin) == 90)
        #expect(cultural(berlin, Place(city: "munich", country: "germany")) == 60)
        #expect(cultural(berlin, Place(city: "paris", country: "france")) == 30)
        #expect(cultural(Place(city: "paris", country: "usa"), Place(city: "paris", country: "france")) == 30)
        #expect(cultural(Place(city: "berlin", isRemote: true), Place(city: "paris", isRemote: true)) == 90)
        #expect(cultural(Place(city: "berlin", isRemote: true), Place(city: "paris"), isRemote: true) == 90)
        #expect(cultural(Place(city: "berlin", isRemote: true), Place(city: "paris"), isRemote: false) == 30)
    }

    @Test func `each thing in common adds, the first the most, and what is not in common costs nothing`() {
        func cultural(_ company: CompanyFeatures) -> Int {
            let wants = PersonFeatures(
                place: Place(city: "berlin"), roleTypes: ["contract"], companySizes: ["small"], industries: ["health"])
            return MatchScorer.cultural(CultureTerm.all(wants, company, OfferFeatures()))
        }
        #expect(cultural(CompanyFeatures()) == 3_000)
        #expect(cultural(CompanyFeatures(sizes: ["11-50", "small"])) == 9_000)
        #expect(cultural(CompanyFeatures(sizes: ["small"], industries: ["finance"])) == 9_000)
        #expect(cultural(CompanyFeatures(roleTypes: ["contract"], sizes: ["small"])) == 9_700)
        #expect(
            cultural(
                CompanyFeatures(
                    place: Place(city: "berlin"), roleTypes: ["contract"], sizes: ["small"], industries: ["health"]))
                == 10_000)
    }

    @Test func `of what somebody wants five of a kind count`() {
        #expect(Wishes.counted((1...9).map { " Industry  \($0)" }) == (1...5).map { "industry \($0)" })
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

    /// A level that nobody stated counts ten hundredths of a skill more than a beginner's.
    @Test func `to leave something out of a profile never raises its score, but a level by at most five`() {
        var random = SeededGenerator(seed: 4)
        var weighing = scorer
        weighing.weights.text = 20
        for _ in 0..<500 {
            let (person, company) = (said(randomPerson(&random), &random), said(randomCompany(&random), &random))
            let before = weighing.score(person, company)?.total ?? 0
            for (name, less, gain) in lesser(person) {
                #expect(weighing.score(less, company)?.total ?? 0 <= before + gain, "without \(name): \(person)")
            }
            for (name, less) in lesser(company) {
                #expect(weighing.score(person, less)?.total ?? 0 <= before, "without \(name): \(company)")
            }
        }
    }

    private func words(_ random: inout SeededGenerator) -> [String] {
        Array(["contract", "full-time", "small", "health", "finance"].shuffled(using: &random).prefix(2))
    }

    private func vector(_ random: inout SeededGenerator) -> TextVector? {
        TextVector(model: "m", (0..<3).map { _ in Double.random(in: -1...1, using: &random) })
    }

    /// The person with everything else said, too.
    private func said(_ person: PersonFeatures, _ random: inout SeededGenerator) -> PersonFeatures {
        var person = person
        person.place.country = ["germany", "france", nil].randomElement(using: &random) ?? nil
        (person.roleTypes, person.companySizes, person.industries) = (words(&random), words(&random), words(&random))
        person.text = vector(&random)
        return person
    }

    private func said(_ company: CompanyFeatures, _ random: inout SeededGenerator) -> CompanyFeatures {
        var company = company
        company.place.country = company.place.city == "berlin" ? "germany" : "france"
        (company.roleTypes, company.sizes, company.industries) = (words(&random), words(&random), words(&random))
        for place in company.offers.indices { company.offers[place].text = vector(&random) }
        return company
    }

    /// The person with one thing less, and by how much that may raise the score. The country stays: without it a city may be
    /// another of the same name.
    private func lesser(_ person: PersonFeatures) -> [(String, PersonFeatures, Int)] {
        var found: [(String, PersonFeatures, Int)] = []
        func without(_ name: String, gain: Int = 0, _ leave: (inout PersonFeatures) -> Void) {
            var less = person
            leave(&less)
            found.append((name, less, gain))
        }
        without("years") { $0.years = nil }
        without("city") { $0.place.city = nil }
        without("remote") { $0.place.isRemote = nil }
        without("place") { $0.place = Place() }
        without("role types") { $0.roleTypes = [] }
        without("a role type") { $0.roleTypes.removeFirst() }
        without("sizes") { $0.companySizes = [] }
        without("industries") { $0.industries = [] }
        without("text") { $0.text = nil }
        for place in person.skills.indices {
            without("a skill") { $0.skills.remove(at: place) }
            without("a level", gain: 500) { $0.skills[place].strength = RatedSkill.unstated }
        }
        without("levels", gain: 500) { less in
            for place in less.skills.indices { less.skills[place].strength = RatedSkill.unstated }
        }
        return found
    }

    private func lesser(_ company: CompanyFeatures) -> [(String, CompanyFeatures)] {
        var found: [(String, CompanyFeatures)] = []
        func without(_ name: String, _ leave: (inout CompanyFeatures) -> Void) {
            var less = company
            leave(&less)
            found.append((name, less))
        }
        without("place") { $0.place = Place() }
        without("role types") { $0.roleTypes = [] }
        without("sizes") { $0.sizes = [] }
        without("industries") { $0.industries = [] }
        without("an offer") { $0.offers.removeFirst() }
        without("texts") { less in for place in less.offers.indices { less.offers[place].text = nil } }
        return found
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
