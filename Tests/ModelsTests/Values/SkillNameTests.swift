import Testing

@testable import SharedModels

/// The promise under test: a skill is one, however it is spelled.
@Suite struct SkillNameTests {
    @Test(arguments: [
        ["react", "React", "REACT", "ReactJS", "React.js", "react js", " React-JS ", "Ｒｅａｃｔ"],
        ["Node.js", "node", "NodeJS", "node js"],
        ["C++", "cpp", "C + +", "cplusplus"],
        ["C#", "csharp", "c #"],
        [".NET", "dotnet", ".net core", "NET"],
        ["PostgreSQL", "postgres", "Postgre SQL"],
        ["Café design", "cafe design", "Cafe\u{301} Design", "CAFE-DESIGN"],
        ["CI/CD", "ci cd", "Continuous Integration"],
    ])
    func `spellings of one skill are one`(spellings: [String]) {
        #expect(Set(spellings.map(SkillName.init)).count == 1)
    }

    @Test(arguments: [
        ("C", "C++"), ("C", "C#"), ("Java", "JavaScript"), ("React", "React Native"), ("SQL", "NoSQL"),
        ("Angular", "AngularJS"), ("日本語", "中文"), ("हिन्दी", "हिन्दू"), ("🎨", "🎹"),
    ])
    func `different skills stay different`(one: String, other: String) {
        #expect(SkillName(one) != SkillName(other))
    }

    @Test func `the normal form is its own normal form`() {
        for (other, name) in SkillAliases.names {
            #expect(SkillName(other).normal == name)
            #expect(SkillName(name).normal == name)
            #expect(SkillName(SkillName(other).normal) == SkillName(other))
        }
    }

    @Test func `a name made of marks alone is as it was written, and a long one is cut`() {
        #expect(SkillName("🎨").normal == "🎨")
        #expect(SkillName(String(repeating: "a", count: 100_000)).normal.utf8.count == 200)
    }
}
