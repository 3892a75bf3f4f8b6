import Testing

@testable import SharedModels

/// The promise under test: programs that make libraries of the document find what they need in it, and nothing that
/// they stumble over.
@Suite struct GeneratedLibraryTests {
    private static let made = OpenAPIDocument.make(server: "https://guildhall.example")
    private var document: JSONValue { Self.made }

    private func components() throws -> [JSONMember] {
        try #require(document["components"]?["schemas"]?.object)
    }

    @Test func `every operation has one tag of the list, and says who may call it`() throws {
        let tags = try #require(document["tags"]?.array).compactMap { $0["name"]?.string }
        #expect(Set(tags).count == tags.count)
        for operation in Catalogue.published {
            let object = document["paths"]?[operation.path]?[operation.method.rawValue.lowercased()]
            let own = object?["tags"]?.array?.compactMap(\.string) ?? []
            #expect(own.count == 1 && tags.contains(own.first ?? ""), "\(operation.line): \(own)")
            #expect(object?["description"]?.string?.hasSuffix(".") == true, "\(operation.line)")
        }
        for event in EventName.allCases {
            #expect(document["webhooks"]?[event.rawValue]?["post"]?["tags"] == ["received events"], "\(event)")
        }
        #expect(ResourceTag.allCases.allSatisfy { !$0.summary.isEmpty })
        #expect(Set(tags) == Set(ResourceTag.allCases.map(\.rawValue)))
    }

    @Test func `null is among the types, and nowhere in an anyOf`() {
        for object in document.everyObject {
            #expect(object["anyOf"] == nil)
            #expect(object["const"] == nil)
            guard let choices = object["oneOf"]?.array, choices.contains(["type": "null"]) else { continue }
            #expect(choices.count == 2 && choices[0]["$ref"] != nil, "\(choices)")
        }
    }

    @Test func `the names of components differ in every language, and none is another with New before it`() throws {
        let names = try components().map(\.name)
        let folded = Dictionary(grouping: names) { $0.lowercased().filter { $0.isLetter || $0.isNumber } }
        #expect(folded.values.filter { $0.count > 1 } == [])
        for name in names where name.hasPrefix("New") { #expect(!names.contains(String(name.dropFirst(3)))) }
        let operations = Catalogue.published.map { $0.id.lowercased().filter(\.isLetter) }
        #expect(Set(operations).count == operations.count)
    }

    @Test func `the members of a component differ in every language`() throws {
        for component in try components() {
            let members = component.value["properties"]?.object?.map(\.name) ?? []
            let folded = Set(members.map { $0.lowercased().filter { $0.isLetter || $0.isNumber } })
            #expect(folded.count == members.count, "\(component.name)")
        }
    }

    @Test func `every member is described`() throws {
        for component in try components() {
            for member in component.value["properties"]?.object ?? [] {
                #expect(member.value["description"]?.string?.isEmpty == false, "\(component.name).\(member.name)")
            }
        }
    }

    @Test func `an answer always has all its members, and may have more after an upgrade`() throws {
        let sent = Set(Catalogue.published.compactMap(\.inputSchema).flatMap(\.namedObjects).compactMap(\.name))
        // The standards of OAuth know no null.
        let leaving = Set(Catalogue.models.filter { $0 is any LeavesOutNil.Type }.map { $0.schemaName })
        for operation in Catalogue.published {
            for object in operation.outputSchema?.namedObjects ?? [] {
                guard let name = object.name, !sent.contains(name), object.variants == nil else { continue }
                if leaving.contains(name) { continue }
                let component = try #require(document["components"]?["schemas"]?[name], "\(name)")
                let required = component["required"]?.array?.compactMap(\.string) ?? []
                #expect(required == component["properties"]?.object?.map(\.name), "\(name)")
                #expect(component["additionalProperties"] == nil, "\(name)")
            }
        }
        for name in sent where !["ChannelInput", "ChannelConfig"].contains(name) {
            let component = try #require(document["components"]?["schemas"]?[name], "\(name)")
            #expect(component["additionalProperties"] == false, "\(name)")
        }
    }

    @Test func `a channel's config is told by its type`() throws {
        let schemas = try #require(document["components"]?["schemas"])
        for name in ["ChannelInput", "ChannelView"] {
            let forms = try #require(schemas[name]?["oneOf"]?.array)
            #expect(forms.count == ChannelType.allCases.count)
            let discriminator = schemas[name]?["discriminator"]
            #expect(discriminator?["propertyName"] == "channel_type")
            #expect(discriminator?["mapping"]?.object?.map(\.name) == ChannelType.allCases.map(\.rawValue))
        }
        let telegram = try #require(schemas["TelegramChannelInput"])
        #expect(telegram["properties"]?["channel_type"]?["enum"] == ["telegram"])
        #expect(telegram["properties"]?["config"]?["$ref"] == "#/components/schemas/TelegramChannelConfig")
        #expect(schemas["TelegramChannelConfig"]?["required"] == ["chat_id"])
        #expect(schemas["TelegramChannelConfig"]?["properties"]?.object?.map(\.name) == ["chat_id"])
    }

    @Test func `an action and its method are among those declared`() throws {
        let schemas = try #require(document["components"]?["schemas"])
        let action = try #require(schemas["NextAction"]?["properties"])
        #expect(action["action"]?["$ref"] == "#/components/schemas/ActionName")
        #expect(schemas["ActionName"]?["enum"]?.array?.compactMap(\.string) == NextAction.actions)
        #expect(action["method"]?["$ref"] == "#/components/schemas/ActionMethod")
        #expect(schemas["ActionMethod"]?["enum"]?.array?.compactMap(\.string) == Method.allCases.map(\.rawValue))
        #expect(document.everyObject.allSatisfy { $0["$ref"]?.string?.contains("NextActionCamelCase") != true })
    }

    @Test func `a choice of words is one component wherever it is`() throws {
        var choices: [String: [String]] = [:]
        for operation in Catalogue.all {
            for rules in [operation.inputSchema, operation.outputSchema].compactMap(\.self).flatMap(\.everyString) {
                guard let name = rules.valuesName, let values = rules.values else { continue }
                #expect(choices[name, default: values] == values, "\(name)")
                choices[name] = values
            }
        }
        let status = document["components"]?["schemas"]?["GigStatus"]
        #expect(status?["enum"] == ["draft", "active", "closed"])
        #expect(status?["x-enum-varnames"] == ["GIG_STATUS_DRAFT", "GIG_STATUS_ACTIVE", "GIG_STATUS_CLOSED"])
        // In place it would be another type in every body, and in some languages a text.
        for object in document.everyObject where (object["enum"]?.array?.count ?? 0) > 1 {
            #expect(object["x-enum-varnames"]?.array?.count == object["enum"]?.array?.count, "\(object)")
        }
        let constants = document.everyObject.flatMap { $0["x-enum-varnames"]?.array?.compactMap(\.string) ?? [] }
        #expect(Set(constants).count == constants.count)
        #expect(constants.contains("EVENT_NAME_GIG_APPLICATION_CREATED"))
    }

    @Test func `ids in paths are UUIDs where answers show UUIDs, and have the answers' form elsewhere`() throws {
        let id = AccountID.make(at: Timestamp(microseconds: 1_770_000_000_000_000))
        for operation in Catalogue.published {
            let described = document["paths"]?[operation.path]?[operation.method.rawValue.lowercased()]
            for parameter in described?["parameters"]?.array ?? [] where parameter["in"] == "path" {
                let schema = try #require(parameter["schema"])
                if operation.surface == .clawConnected {
                    #expect(schema == ["type": "string", "format": "uuid"], "\(operation.line)")
                    continue
                }
                // A type for UUIDs could hold neither of the forms that these answers show.
                #expect(schema["format"] == nil, "\(operation.line)")
                let pattern = try Regex(try #require(schema["pattern"]?.string, "\(operation.line)"))
                let shown = operation.surface == .skillhouse ? id.objectID : id.prefixed
                #expect(shown.contains(pattern) && "\(id)".contains(pattern), "\(operation.line)")
                #expect(!"me".contains(pattern) && !"\(id)a".contains(pattern), "\(operation.line)")
            }
        }
    }

    @Test func `a page's size has its default`() throws {
        let list = try #require(document["paths"]?["/api/gigs"]?["get"]?["parameters"]?.array)
        #expect(list.first { $0["name"] == "limit" }?["schema"]?["default"] == 50)
    }

    @Test func `answers say their headers, and refusals how long to wait`() {
        let apply = document["paths"]?["/api/gigs/{id}/apply"]?["post"]?["responses"]?["201"]?["headers"]
        #expect(apply?["Idempotent-Replayed"] != nil && apply?["X-Request-Id"] != nil)
        let gig = document["paths"]?["/api/gigs/{id}"]?["get"]?["responses"]?["200"]?["headers"]
        #expect(gig?["ETag"] != nil && gig?["X-RateLimit-Remaining"] != nil && gig?["X-RateLimit-Retry-After"] != nil)
        let busy = document["components"]?["responses"]?["TooManyRequests"]?["headers"]
        #expect(busy?["Retry-After"] != nil && busy?["X-RateLimit-Reset"] != nil)
    }

    @Test func `a whole number says how large it can be`() {
        for object in document.everyObject where object["type"] == "integer" {
            #expect(["int32", "int64"].contains(object["format"]?.string))
        }
    }

    @Test func `every number says how small it can be, but for those that a ledger may owe`() throws {
        let signed: Set = [
            "LedgerEntryView.amount_minor", "LedgerEntryView.balance_minor", "AccountEntryView.amount_minor",
            "AccountEntryView.balance_minor", "AccountLedger.balance_minor", "CurrencyEarnings.earned_cents",
            "CurrencyEarnings.refunded_cents",
            "CurrencyEarnings.paid_out_cents", "CurrencyEarnings.balance_cents", "MonthlyEarnings.earned_cents",
            "MonthlyEarnings.refunded_cents", "MonthlyEarnings.paid_out_cents",
        ]
        var unbounded: Set<String> = []
        for component in try components() where component.name != "SkillSyncErrorIssue" {
            for member in component.value["properties"]?.object ?? [] {
                let types = member.value["type"]?.array?.compactMap(\.string) ?? [member.value["type"]?.string ?? ""]
                guard types.contains("integer") || types.contains("number") else { continue }
                if member.value["minimum"] == nil { unbounded.insert("\(component.name).\(member.name)") }
            }
        }
        #expect(unbounded == signed)
    }

    @Test func `a number has the range that its name tells`() throws {
        let schemas = try #require(document["components"]?["schemas"])
        func range(_ type: String, _ member: String) -> [JSONValue?] {
            let shown = schemas[type]?["properties"]?[member]
            return [shown?["minimum"], shown?["maximum"]]
        }
        #expect(range("ReviewView", "rating") == [1, 5])
        #expect(range("MatchView", "match_score") == [0, 100])
        #expect(range("NegotiationView", "hours_per_week") == [0, 168])
        #expect(range("MatchPagination", "per_page") == [1, 100])
        #expect(range("UserList", "currentPage") == [1, nil])
        // The same name means another thing.
        #expect(range("MatchedSkill", "weight") == [0, 1])
        #expect(range("ScorePart", "weight") == [0, 100])
        #expect(range("RecommendationView", "confidence") == [0, 1])
        #expect(range("ContractView", "rate_cents") == [0, nil])
        #expect(range("WalletBalanceView", "balance") == [0, nil])
        #expect(range("MilestoneInput", "amount_cents") == [0, 99_999_999])
    }
}

extension JSONValue {
    fileprivate var everyObject: [JSONValue] {
        switch self {
        case .object(let members): [self] + members.flatMap(\.value.everyObject)
        case .array(let elements): elements.flatMap(\.everyObject)
        case .null, .bool, .integer, .decimal, .string: []
        }
    }
}

extension Schema {
    fileprivate var everyString: [StringRules] {
        switch self {
        case .string(let rules): [rules]
        case .nullable(let wrapped), .array(let wrapped, _): wrapped.everyString
        case .object(let object): object.properties.flatMap(\.schema.everyString)
        case .integer, .number, .amount, .boolean, .any: []
        }
    }
}
