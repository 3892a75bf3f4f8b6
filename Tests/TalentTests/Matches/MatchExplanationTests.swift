import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: what is said of a score is what it is made of.
@Suite struct MatchExplanationTests {
    private let scorer = MatchScorer(near: MatchScorerTests.near)
    private let company = CompanyFeatures(
        offers: [
            OfferFeatures(
                gigID: .make(at: .start), title: "Shop", needs: NeededSkill.distinct(["React.js", "PostgreSQL", "Go"]),
                years: 5)
        ],
        place: Place(city: "berlin", country: "germany"), industries: ["health"])

    private func explanation(_ person: PersonFeatures) throws -> MatchExplanation {
        try #require(MatchExplanation(scorer, person, company))
    }

    @Test func `strengths, gaps and skills come from the terms`() throws {
        let told = try explanation(
            PersonFeatures(
                skills: RatedSkill.distinct([("ReactJS", .expert), ("MySQL", .advanced)]), years: 3,
                place: Place(city: "berlin"), industries: ["finance"]))
        #expect(
            told.strengths == [
                "1 of 3 skills asked for: React.js", "MySQL is near PostgreSQL", "The same place: berlin",
            ])
        #expect(
            told.gaps == ["Not there: Go", "2 years less than the 5 asked for", "The industry is another than sought"])
        #expect(told.skills.map(\.need.name) == ["React.js", "PostgreSQL"])
        #expect(told.skills.map { MatchScore.rounded($0.credit) } == [100, 60])
        #expect(told.reasons == told.strengths)
        #expect(
            told.summary == "\(told.score.points.total) of 100: skills 53, experience 70, preferences and location 50.")
    }

    @Test func `what would raise the score does so, by as much as it says`() throws {
        let person = PersonFeatures(skills: RatedSkill.distinct([("ReactJS", .beginner), ("MySQL", .advanced)]))
        let told = try explanation(person)
        #expect(told.improvements.count == 5)
        #expect(told.improvements.first?.suggestion == "Go among the skills")
        #expect(told.improvements.contains { $0.suggestion == "React.js at level expert" })
        #expect(told.improvements.contains { $0.suggestion == "5 years of experience, stated in the profile" })
        #expect(told.improvements.allSatisfy { $0.total > told.score.total })
        var better = person
        better.skills = RatedSkill.distinct([("ReactJS", .beginner), ("MySQL", .advanced), ("Go", .expert)])
        #expect(try explanation(better).score.total == told.improvements.first?.total)
    }

    @Test func `nothing is missing from a perfect match`() throws {
        let told = try explanation(
            PersonFeatures(
                skills: RatedSkill.distinct([("React", .expert), ("PostgreSQL", .expert), ("Go", .expert)]), years: 5,
                place: company.place, industries: ["health"]))
        #expect(told.score.points.total == 100)
        #expect(told.gaps == [])
        #expect(told.improvements.isEmpty)
    }
}
