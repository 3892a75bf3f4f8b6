import HTTPTypes
import SharedModels
import Testing

@testable import ServiceKit

/// The promise under test: a list in a query comes whole, in each of the forms that people write it in.
@Suite struct ListParameterTests {
    private let skills = Parameter<[String]>.list("skills", atMost: 4, ofAtMost: 20, "Skills")

    private func head(_ query: String) -> RequestHead {
        RequestHead(
            method: "GET", path: "/", pathParameters: [], query: QueryReading.parameters(query), headers: HTTPFields())
    }

    @Test(arguments: [
        "skills[]=React&skills[]=Node.js", "skills%5B%5D=React&skills%5B%5D=Node.js", "skills=React&skills=Node.js",
        "skills=React,Node.js", "skills[]=React&skills=Node.js", "skills=&skills=React,+Node.js",
    ])
    func `two skills are two in every form`(query: String) throws {
        try head(query).check(skills)
        #expect(try skills.value(of: head(query).list(skills)) == ["React", "Node.js"])
    }

    @Test func `no list is an empty one`() throws {
        try head("limit=1").check(skills)
        #expect(try skills.value(of: head("limit=1").list(skills)) == [])
    }

    @Test(arguments: ["skills=1,2,3&skills[]=4,5", "skills[]=%FF", "skills=%00"])
    func `a list that is too long or no text is refused`(query: String) {
        #expect(throws: (any Error).self) { try head(query).check(skills) }
    }
}
