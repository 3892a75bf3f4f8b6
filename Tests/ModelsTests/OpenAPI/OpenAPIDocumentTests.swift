import Testing

@testable import SharedModels

/// The promise under test: the published document is whole, true to the declarations, and the same every
/// time.
@Suite struct OpenAPIDocumentTests {
    private static let made = OpenAPIDocument.make(server: "https://guildhall.example")
    private var document: JSONValue { Self.made }

    private struct Entry {
        let operation: SharedModels.Operation
        let object: JSONValue
    }

    private func entries() throws -> [Entry] {
        try Catalogue.published.map { operation in
            let object = document["paths"]?[operation.path]?[operation.method.rawValue.lowercased()]
            return Entry(operation: operation, object: try #require(object, "\(operation.line) is missing"))
        }
    }

    @Test func `it is JSON for every reader, and the same bytes twice`() throws {
        #expect(try JSONValue.parse(document.bytes) == document)
        #expect(document.agrees(with: try FoundationReading.read(document.bytes)))
        #expect(OpenAPIDocument.make(server: "https://guildhall.example").bytes == document.bytes)
        #expect(document["openapi"] == "3.1.0")
        #expect(document["servers"] == [["url": "https://guildhall.example"]])
    }

    @Test func `it has every published operation and no other`() throws {
        let described = try #require(document["paths"]?.object).flatMap { path in
            (path.value.object ?? []).map { "\($0.name.uppercased()) \(path.name)" }
        }
        #expect(described.sorted() == Catalogue.published.map(\.line).sorted())
        #expect(described.allSatisfy { !$0.contains("/internal") })
    }

    @Test func `every reference leads to a component, and every component is referred to`() throws {
        let references = document.values(of: "$ref").compactMap(\.string)
        let components = try ["schemas", "responses", "headers"].flatMap { kind in
            try #require(document["components"]?[kind]?.object).map { "#/components/\(kind)/\($0.name)" }
        }
        #expect(Set(references).symmetricDifference(components) == [])
        #expect(Set(components).count == components.count)
    }

    @Test func `every way to sign in is used by some operation, and no other`() throws {
        let declared = try #require(document["components"]?["securitySchemes"]?.object).map(\.name)
        let used = try entries().flatMap { $0.object["security"]?.array ?? [] }.flatMap { $0.object ?? [] }
            .map(\.name)
        #expect(Set(used) == Set(declared))
        for entry in try entries() {
            let schemes = try #require(entry.object["security"]?.array)
            #expect(schemes.isEmpty == entry.operation.isForAnyone, "\(entry.operation.line)")
        }
    }

    @Test func `one name stands for one shape`() throws {
        var shapes: [String: String] = [:]
        for operation in Catalogue.all {
            for schema in [operation.inputSchema, operation.outputSchema].compactMap(\.self) {
                for object in schema.namedObjects {
                    let name = try #require(object.name)
                    let shape = String(describing: object.properties)
                    #expect(shapes[name, default: shape] == shape, "\(name) has two shapes")
                    shapes[name] = shape
                }
            }
        }
        #expect(shapes.keys.allSatisfy { !$0.hasPrefix("New") && !$0.isEmpty })
    }

    @Test func `every operation says what it is and how it is refused`() throws {
        for entry in try entries() {
            #expect(entry.object["operationId"]?.string == entry.operation.id)
            #expect(entry.object["summary"]?.string?.isEmpty == false, "\(entry.operation.line)")
            #expect(entry.object["tags"]?.array?.count == 1, "\(entry.operation.line)")
            let responses = try #require(entry.object["responses"]?.object)
            #expect(responses.contains { $0.name.hasPrefix("4") }, "\(entry.operation.line)")
            for response in responses {
                guard response.name >= "400" else {
                    #expect(response.value["description"]?.string?.isEmpty == false, "\(entry.operation.line)")
                    continue
                }
                let shared = try #require(response.value["$ref"]?.string?.split(separator: "/").last)
                let refusal = try #require(document["components"]?["responses"]?[String(shared)])
                #expect(refusal["description"]?.string?.isEmpty == false)
                let schema = refusal["content"]?["application/json"]?["schema"]
                let names: [Surface: String] = [.skillSync: "SkillSyncError", .oauth: "OAuthError"]
                let name = names[entry.operation.surface] ?? "Error"
                #expect(
                    schema == ["$ref": "#/components/schemas/\(name)"],
                    "\(entry.operation.line) \(response.name)")
            }
            let statuses = Set(responses.map(\.name))
            let declared =
                [entry.operation.success] + entry.operation.alsoAnswers + entry.operation.errors.map(\.status)
            #expect(statuses.isSuperset(of: declared.map(String.init)), "\(entry.operation.line)")
        }
    }

    @Test func `every success says what its body is, and has the shape of what is JSON`() throws {
        for entry in try entries() {
            for response in try #require(entry.object["responses"]?.object)
            where response.name.hasPrefix("2") && response.name != "204" {
                let content = try #require(response.value["content"]?.object, "\(entry.operation.line)")
                let schema = content.first { $0.name == "application/json" }?.value["schema"]
                #expect(!content.isEmpty, "\(entry.operation.line)")
                #expect((schema?["$ref"] != nil) == (entry.operation.outputSchema != nil), "\(entry.operation.line)")
                #expect(!content.contains { $0.name.contains("*") }, "\(entry.operation.line)")
                #expect(schema?.object?.isEmpty != true, "\(entry.operation.line)")
            }
        }
    }

    @Test func `the parameters of the path and the query are all declared`() throws {
        for entry in try entries() {
            let parameters = entry.object["parameters"]?.array ?? []
            func names(_ place: String) -> [String] {
                parameters.filter { $0["in"]?.string == place }.compactMap { $0["name"]?.string }
            }
            let braced = entry.operation.path.split(separator: "/").filter { $0.hasPrefix("{") }.map {
                String($0.dropFirst().dropLast())
            }
            #expect(names("path") == braced, "\(entry.operation.line)")
            #expect(names("query") == entry.operation.query.map(\.name), "\(entry.operation.line)")
            #expect(
                parameters.allSatisfy { $0["schema"] != nil && $0["description"]?.string?.isEmpty == false })
            #expect(parameters.filter { $0["in"] == "path" }.allSatisfy { $0["required"] == true })
            #expect(
                Set(parameters.map { "\($0["in"]?.string ?? "") \($0["name"]?.string ?? "")" }).count
                    == parameters.count)
            let isRepeatable = entry.operation.rule != nil && entry.operation.method != .get
            #expect(names("header").contains("Idempotency-Key") == isRepeatable, "\(entry.operation.line)")
        }
    }

    @Test func `a body is shown where one is taken, and required where it must hold something`() throws {
        for entry in try entries() {
            let body = entry.object["requestBody"]
            let isFormOfTexts = !entry.operation.form.isEmpty
            let isForm = entry.operation.file != nil || isFormOfTexts
            #expect(
                (body != nil) == (entry.operation.inputSchema != nil || isForm), "\(entry.operation.line)")
            guard let body else { continue }
            let type =
                isFormOfTexts
                ? "application/x-www-form-urlencoded" : isForm ? "multipart/form-data" : "application/json"
            #expect(body["content"]?.object?.map(\.name) == [type], "\(entry.operation.line)")
            #expect(body["content"]?[type]?["schema"]?.object?.isEmpty == false, "\(entry.operation.line)")
            let mustHold = entry.operation.inputSchema?.properties.contains(where: \.isRequired) ?? isForm
            #expect(body["required"]?.bool == mustHold, "\(entry.operation.line)")
        }
    }

    @Test func `a file is taken in a form, with its types and its size, and given as what it is`() throws {
        let taking = try entries().filter { $0.operation.file != nil }
        #expect(!taking.isEmpty)
        for entry in taking {
            let file = try #require(entry.operation.file)
            let body = try #require(entry.object["requestBody"])
            #expect(body["required"] == true)
            let form = try #require(body["content"]?["multipart/form-data"])
            #expect(form["schema"]?["required"] == [.string(file.name)])
            let field = try #require(form["schema"]?["properties"]?[file.name])
            #expect(field["format"] == "binary")
            #expect(field["description"]?.string?.contains("\(file.maximum)") == true)
            let types = form["encoding"]?[file.name]?["contentType"]?.string
            #expect(types == file.types.map(\.rawValue).joined(separator: ", "))
            for status in ["400", "413", "415"] { #expect(entry.object["responses"]?[status] != nil, "\(status)") }
        }
        func given(_ id: String, _ status: String) throws -> [JSONMember] {
            let entry = try #require(try entries().first { $0.operation.id == id })
            #expect(entry.object["responses"]?[status]?["headers"]?["Content-Disposition"] != nil)
            return try #require(entry.object["responses"]?[status]?["content"]?.object)
        }
        let resume = try given("profile.resume.get", "200")
        #expect(resume.map(\.name) == ["application/pdf", "image/jpeg", "image/png", "image/webp"])
        let media = try given("media.get", "206")
        #expect(media.map(\.name) == (FileType.images + FileType.videos).map(\.rawValue))
        #expect((resume + media).allSatisfy { $0.value["schema"]?["format"] == "binary" })
    }

    @Test func `every error code and every event is shown`() throws {
        let schemas = try #require(document["components"]?["schemas"])
        for code in [
            schemas["ErrorDetail"]?["properties"]?["code"], schemas["OAuthError"]?["properties"]?["error_code"],
        ] {
            #expect(code?["$ref"] == "#/components/schemas/ErrorCode")
        }
        #expect(schemas["ErrorCode"]?["enum"]?.array?.compactMap(\.string) == ErrorCode.allCases.map(\.rawValue))
        let other = schemas["SkillSyncErrorDetail"]?["properties"]?["code"]?["$ref"]
        #expect(other == "#/components/schemas/SkillSyncErrorCode")
        let codes = schemas["SkillSyncErrorCode"]?["enum"]?.array?.compactMap(\.string) ?? []
        #expect(codes.contains("VALIDATION_ERROR") && !codes.contains("VALIDATION_FAILED"))
        let refused = document["components"]?["responses"]?["SkillSyncUnauthorized"]?["description"]?.string
        #expect(refused?.hasPrefix("INVALID_API_KEY: ") == true)
        #expect(document["webhooks"]?.object?.map(\.name) == EventName.allCases.map(\.rawValue))
        for event in EventName.allCases {
            let schema = document["webhooks"]?[event.rawValue]?["post"]?["requestBody"]?["content"]?[
                "application/json"]?["schema"]
            let name = try #require(schema?["$ref"]?.string?.split(separator: "/").last)
            let component = document["components"]?["schemas"]?[String(name)]
            #expect(component?["properties"]?["event"]?["enum"] == [.string(event.rawValue)])
        }
    }

    @Test func `what is required is among the properties, everywhere`() {
        for schema in document.objects where schema["type"] == "object" && schema["required"] != nil {
            let properties = Set(schema["properties"]?.object?.map(\.name) ?? [])
            let required = schema["required"]?.array?.compactMap(\.string) ?? []
            #expect(properties.isSuperset(of: required))
        }
    }
}

extension JSONValue {
    /// Every object in it, at any depth.
    fileprivate var objects: [JSONValue] {
        switch self {
        case .object(let members): [self] + members.flatMap(\.value.objects)
        case .array(let elements): elements.flatMap(\.objects)
        case .null, .bool, .integer, .decimal, .string: []
        }
    }

    fileprivate func values(of name: String) -> [JSONValue] { objects.compactMap { $0[name] } }
}
