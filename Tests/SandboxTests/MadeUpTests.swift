import SharedModels
import Testing

@testable import SandboxService

/// The promise under test: made-up data fits its contract and is the same each time.
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

    /// The question of contracts about a dispute: `evidence_ids` names the existing evidence.
    @Test(arguments: [0, 1, 3])
    func `an advice on a dispute cites evidence of the case, and nothing when there is no evidence`(count: Int) throws {
        let ids = (0..<count).map { JSONValue.string("00000000-0000-7000-8000-00000000000\($0)") }
        let cited: JSONValue =
            ids.isEmpty
            ? ["type": "array", "items": ["type": "string"], "maxItems": 0]
            : ["type": "array", "items": ["type": "string", "enum": .array(ids)], "minItems": 1]
        let schema: JSONValue = [
            "type": "object", "additionalProperties": false, "required": ["outcome", "confidence", "reasons"],
            "properties": [
                "outcome": ["type": "string", "enum": ["client", "worker", "split"]],
                "confidence": ["type": "number", "minimum": 0, "maximum": 1],
                "reasons": [
                    "type": "array", "minItems": 1, "maxItems": 10,
                    "items": [
                        "type": "object", "additionalProperties": false, "required": ["text", "evidence_ids"],
                        "properties": [
                            "text": ["type": "string", "minLength": 1, "maxLength": 2000], "evidence_ids": cited,
                        ],
                    ],
                ],
            ],
        ]
        for seed in 0..<20 as Range<UInt64> {
            let advice = SchemaFilling(schema: schema, seed: seed).value
            #expect(advice == SchemaFilling(schema: schema, seed: seed).value)
            #expect(["client", "worker", "split"].contains(advice["outcome"]?.string))
            #expect(advice["confidence"] == .decimal("0.5"))
            let reasons = try #require(advice["reasons"]?.array)
            #expect(!reasons.isEmpty)
            for reason in reasons {
                let cited = try #require(reason["evidence_ids"]?.array)
                #expect(cited.isEmpty == ids.isEmpty)
                #expect(cited.allSatisfy(ids.contains))
            }
        }
    }

    @Test func `an empty schema is filled, too`() {
        #expect(SchemaFilling(schema: .object([]), seed: 0).value.string != nil)
        #expect(SchemaFilling(schema: ["$ref": "#"], seed: 0).value == .null)
    }

    @Test func `a vector counts words, whatever their case and order`() {
        let vector = WordVector.of("Maps of rivers")
        #expect(vector.count == 64 && abs(vector.map { $0 * $0 }.reduce(0, +) - 1) < 1e-9)
        #expect(WordVector.of("rivers, of MAPS!") == vector)
        #expect(WordVector.of("Maps of lakes") != vector)
        #expect(WordVector.of("…").reduce(0, +) == 1)
    }
}
