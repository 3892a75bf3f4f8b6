import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: what is made up fits its contract and is the same each time.
@Suite struct MadeUpTests {
    @Test(arguments: ["octocat", "A", "some-body-else", "x1"])
    func `a GitHub user is old enough and has repositories`(login: String) throws {
        let user = try #require(GitHubUser(login: login, base: "http://sandbox/github"))
        #expect(user.createdAt < Timestamp(seconds: 1_735_689_600))
        #expect(user.repositories(page: 1, perPage: 100).count == user.repositoryCount)
        #expect(user.repositoryCount >= 3)
        #expect(user.json == GitHubUser(login: login, base: "http://sandbox/github")?.json)
    }

    @Test(arguments: ["", "-a", "a-", "a--b", "a b", "a/b", "é", String(repeating: "a", count: 40)])
    func `GitHub allows no such login`(login: String) {
        #expect(GitHubUser(login: login, base: "") == nil)
    }

    @Test func `a schema is filled with what it allows`() throws {
        let schema: JSONValue = [
            "type": "object", "required": ["outcome", "share", "reasons", "nested", "maybe"],
            "properties": [
                "outcome": ["enum": ["client", "worker"]],
                "share": ["type": "integer", "minimum": 10, "maximum": 20],
                "step": ["type": "integer", "minimum": 3, "maximum": 30, "multipleOf": 5],
                "ratio": ["type": "number", "minimum": 0, "maximum": 1],
                "reasons": ["type": "array", "minItems": 2, "items": ["type": "string", "maxLength": 5]],
                "nested": ["$ref": "#/$defs/thing"],
                "maybe": ["anyOf": [["type": "null"], ["type": "boolean"]]],
                "long": ["type": ["string", "null"], "minLength": 100],
            ],
            "$defs": [
                "thing": [
                    "type": "object", "properties": ["self": ["$ref": "#/$defs/thing"], "one": ["const": 1]],
                ]
            ],
        ]
        let value = SchemaFilling(schema: schema, seed: 7).value
        #expect(["client", "worker"].contains(value["outcome"]?.string))
        #expect(value["share"]?.integer == 15)
        #expect(value["step"]?.integer == 15)
        #expect(value["ratio"] == .decimal("0.5"))
        #expect(value["reasons"]?.array?.count == 2)
        #expect(value["reasons"]?.array?.allSatisfy { ($0.string?.count ?? 9) <= 5 } == true)
        #expect(value["nested"]?["one"] == 1)
        #expect(value["maybe"]?.bool != nil)
        #expect((value["long"]?.string?.count ?? 0) >= 100)
        #expect(SchemaFilling(schema: schema, seed: 7).value == value)
    }

    @Test func `an empty schema is filled, too`() {
        #expect(SchemaFilling(schema: .object([]), seed: 0).value.string != nil)
        #expect(SchemaFilling(schema: ["$ref": "#"], seed: 0).value == .null)
    }
}
