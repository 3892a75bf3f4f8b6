import Postgres
import TestSupport
import Testing

@testable import SharedModels
@testable import TalentService

/// The promise under test: a gig's text asks for what its words say.
@Suite struct SkillTextTests {
    private let text = SkillText(
        near: NearSkills([
            ("react", "nextjs", 60), ("nodejs", "javascript", 60), ("c++", "rust", 50), ("c#", "dotnet", 80),
            ("machinelearning", "python", 60), ("golang", "kubernetes", 30), ("swift", "ios", 70),
            ("postgresql", "mysql", 70),
            ("cicd", "docker", 40), ("rubyonrails", "ruby", 70),
        ]))

    @Test(arguments: [
        ("We need React, Node.js and PostgreSQL.", ["React", "Node.js", "PostgreSQL"]),
        ("React.js/NextJS developer; C++ or C# a plus", ["React.js", "NextJS", "C++", "C#"]),
        ("Machine learning with Python.", ["Machine learning", "Python"]),
        ("You react swiftly, go next door and ruby is a stone.", []),
        ("Golang and K8s, CI/CD with Docker", ["Golang", "K8s", "CI CD", "Docker"]),
        ("Ruby on Rails. Ruby on Rails! ruby on rails", ["Ruby on Rails"]),
        ("ReactJS react REACT React.js", ["ReactJS"]),
        ("", []),
    ])
    func `skills are found in sentences, once each`(sentence: String, skills: [String]) {
        #expect(text.skills(in: sentence).map(\.name) == skills)
    }

    @Test func `a long text is read so far, and a list of everything is cut`() {
        #expect(text.skills(in: String(repeating: "word ", count: 10_000) + "React").isEmpty)
        let many = NearSkills((0..<60).map { ("skill\($0)", "other\($0)", 50) })
        let list = (0..<60).map { "Skill\($0)" }.joined(separator: ", ")
        #expect(SkillText(near: many).skills(in: list).count == NeededSkill.most)
    }

    @Test(
        arguments: [
            ("5+ years of Go", 5), ("at least 12 years", 12), ("Senior engineer", 6), ("a junior", 1), ("Mid-level", 3),
            ("Tech lead", 10), ("leading brand", nil), ("99 years old", nil), ("nothing", nil),
        ] as [(String, Int?)])
    func `years are read, or the word for a level`(sentence: String, years: Int?) {
        #expect(SkillText.years(in: sentence) == years)
    }

    @Test(arguments: [("Fully remote", true), ("On-site in Berlin", false), ("Berlin", nil)] as [(String, Bool?)])
    func `remote work is what the text says`(sentence: String, isRemote: Bool?) {
        #expect(SkillText.isRemote(sentence) == isRemote)
    }

    @Test func `every near skill is in its normal form, and has a source`() async throws {
        try await TestDatabase.use(of: .talent) { database in
            let rows: [(String, String, String)] = try await database.all(
                "SELECT skill, near, source FROM near_skills"
            ) { (try $0.decode("skill"), try $0.decode("near"), try $0.decode("source")) }
            #expect(rows.count > 400)
            for (skill, near, source) in rows {
                #expect(SkillName(skill).normal == skill)
                #expect(SkillName(near).normal == near)
                #expect(["guildhall", "ESCO"].contains(source))
            }
            let near = try await FeatureStore().nearSkills(in: database)
            #expect(near.closeness(of: "react", to: "nextjs") == 60)
            #expect(near.closeness(of: "nextjs", to: "react") == 60)
            #expect(near.closeness(of: "css", to: "sass") == 70)
            #expect(near.closeness(of: "xcode", to: "eclipse") == 30)
        }
    }
}
