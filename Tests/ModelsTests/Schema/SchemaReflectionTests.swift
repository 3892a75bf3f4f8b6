import Testing

@testable import SharedModels

private struct Everything: Model {
    var id: GigID
    var at: Timestamp
    var day: CalendarDay
    var text: String
    var flag: Bool
    var count: Int
    var cents: Int64
    var share: Double
    var currency: Currency
    var any: JSONValue
    var cell: Cell
    var texts: [String]
    var grid: [[Cell]]
    var optionalID: GigID?
    var optionalText: String?
    var optionalFlag: Bool?
    var optionalCount: Int?
    var optionalCents: Int64?
    var optionalShare: Double?
    var optionalCell: Cell?
    var optionalTexts: [String]?
}

private struct Cell: Model {
    var name: String
    static let rules: [String: MemberRule] = ["name": .text(1...3)]
}

private struct Ruled: Model {
    var title: String
    var note: String
    var age: Int?
    var tags: [String]
    var rows: [Cell]
    var url: String?
    var mood: String

    static let rules: [String: MemberRule] = [
        "title": .text(1...5), "note": .optionalText(0...4), "age": .range(18...99),
        "tags": .texts(count: 1...2, length: 1...3),
        "rows": .count(0...1), "url": .format(.uri), "mood": .oneOf("Mood", ["glad", "sad"]),
    ]
}

private struct Misruled: Model {
    var userID: GigID
    static let rules: [String: MemberRule] = ["user_id": .text(1...5)]
}

private struct Misnamed: Model {
    var userID: GigID
    var inner: Inner

    struct Inner: Model {
        var otherID: GigID
    }
}

/// The promise under test: the schema that is checked and shown is the shape that is decoded.
@Suite struct SchemaReflectionTests {
    /// The schema as OpenAPI shows it, named objects in place.
    private func shown(_ type: any Model.Type) throws -> JSONValue {
        let schema = try Schema.reflecting(type)
        var components = SchemaComponents(sent: [schema])
        _ = components.reference(schema)
        return try #require(components.members.first { $0.name == type.schemaName }?.value)
    }

    @Test(arguments: Catalogue.models)
    func `every body of the catalogue is an object with its own shape`(type: any Model.Type) throws {
        guard case .object(let object) = try Schema.reflecting(type) else {
            Issue.record("\(type) is not an object")
            return
        }
        #expect(object.name == type.schemaName)
        #expect(Set(object.properties.map(\.name)).count == object.properties.count)
        #expect(!object.properties.isEmpty)
    }

    @Test(arguments: Catalogue.models)
    func `every rule is about a member that is there, and of its kind`(type: any Model.Type) throws {
        let schema = try Schema.reflecting(type)
        for (name, rule) in type.rules {
            let property = try #require(schema.properties.first { $0.member == name }, "\(type) has no \(name)")
            #expect(rule.fits(property.schema), "\(type).\(name)")
        }
    }

    @Test func `members are found with their types, required unless optional`() throws {
        let schema = try shown(Everything.self)
        let members = try #require(schema["properties"]?.object)
        let types = members.map { member in
            let type = member.value["type"]
            return "\(member.name) \(type?.string ?? type?.array?.compactMap(\.string).joined(separator: "|") ?? "-")"
        }
        #expect(
            types == [
                "id string", "at string", "day string", "text string", "flag boolean", "count integer",
                "cents integer",
                "share number", "currency -", "any -", "cell -", "texts array", "grid array",
                "optional_id string|null", "optional_text string|null",
                "optional_flag boolean|null", "optional_count integer|null", "optional_cents integer|null",
                "optional_share number|null", "optional_cell -", "optional_texts array|null",
            ])
        #expect(schema["required"] == .array(members.prefix(13).map { .string($0.name) }))
        #expect(schema["additionalProperties"] == false)
        let properties = try #require(schema["properties"])
        #expect(properties["id"]?["format"] == "uuid")
        #expect(properties["at"]?["format"] == "date-time")
        #expect(properties["day"]?["format"] == "date")
        #expect(properties["currency"]?["$ref"] == "#/components/schemas/Currency")
        #expect(properties["any"] == [:])
        #expect(properties["cell"] == ["$ref": "#/components/schemas/Cell"])
        #expect(properties["grid"]?["items"]?["items"] == ["$ref": "#/components/schemas/Cell"])
        #expect(
            properties["optional_cell"] == [
                "oneOf": [["$ref": "#/components/schemas/Cell"], ["type": "null"]]
            ])
        #expect(properties["optional_flag"] == ["type": ["boolean", "null"]])
        #expect(properties["optional_texts"]?["items"] == ["type": "string"])
    }

    @Test func `rules narrow members, in optionals and lists too`() throws {
        let properties = try #require(try shown(Ruled.self)["properties"])
        let visible: JSONValue = #"[^\s\u0000-\u001f\u007f-\u009f]"#
        #expect(
            properties["title"] == [
                "type": "string", "minLength": 1, "maxLength": 5, "pattern": visible, "description": "Its title",
            ])
        #expect(
            properties["note"] == ["type": "string", "maxLength": 4, "description": "In the writer's own words"])
        #expect(
            properties["age"] == [
                "type": ["integer", "null"], "format": "int32", "minimum": 18, "maximum": 99,
            ])
        #expect(
            properties["tags"] == [
                "type": "array",
                "items": ["type": "string", "minLength": 1, "maxLength": 3, "pattern": visible], "minItems": 1,
                "maxItems": 2,
            ])
        #expect(properties["rows"]?["maxItems"] == 1)
        #expect(properties["url"]?["type"] == ["string", "null"])
        #expect(properties["url"]?["format"] == "uri")
        #expect(properties["mood"] == ["$ref": "#/components/schemas/Mood"])
    }

    @Test func `a rule about a member that is not there is a mistake of ours`() {
        #expect(throws: RuleWithoutMember(rule: "user_id", schema: "Misruled")) { try Schema.reflecting(Misruled.self) }
    }

    @Test func `a type that is written in two styles is two components`() throws {
        var components = SchemaComponents(sent: [])
        let snake = components.reference(try Schema.reflecting(Misnamed.self))
        let camel = components.reference(try Schema.reflecting(Misnamed.self, in: .camelCase))
        #expect(components.reference(try Schema.reflecting(Misnamed.self)) == snake)
        #expect(snake != camel)
        let names = components.members.map { $0.value["properties"]?.object?.map(\.name) ?? [] }
        #expect(names == [["user_id", "inner"], ["other_id"], ["userId", "inner"], ["otherId"]])
        #expect(
            components.members.map(\.name) == [
                "Misnamed", "Inner", "MisnamedCamelCase", "InnerCamelCase",
            ])
    }

    @Test func `rules hold at every depth`() throws {
        let schema = try Schema.reflecting(Everything.self)
        var invention = Invention(seed: 1)
        var members = try #require(invention.value(of: schema).object).filter {
            !["cell", "grid"].contains($0.name)
        }
        members += [
            JSONMember("cell", ["name": ""]),
            JSONMember("grid", [[["name": "ok"]], [["name": "ok"], ["name": "long"]]]),
        ]
        #expect(
            schema.issues(in: .object(members)) == [
                InputIssue(path: "cell.name", message: "must not be blank"),
                InputIssue(path: "grid.1.1.name", message: "must have 1 to 3 characters"),
            ])
    }
}

extension MemberRule {
    /// Whether it says something about such a member.
    fileprivate func fits(_ schema: Schema) -> Bool {
        switch (self, schema) {
        case (_, .nullable(let wrapped)): fits(wrapped)
        case (.text, .string), (.name, .string), (.fullName, .string), (.optionalText, .string), (.format, .string),
            (.oneOf, .string),
            (.pattern, .string),
            (.range, .integer), (.range, .amount),
            (.count, .array), (.texts, .array(.string, _)):
            true
        default: false
        }
    }
}
