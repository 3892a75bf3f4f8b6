import SharedModels
import Testing

/// The promise under test: every example in the document could be sent or answered.
@Suite struct ExampleTests {
    private static let document = OpenAPIDocument.make(server: "https://guildhall.example")

    @Test(arguments: Catalogue.models)
    func `an example fits its schema, and is read and written as the body is`(type: any Model.Type) throws {
        try expectTrue(type)
    }

    private func expectTrue<Body: Model>(_ type: Body.Type) throws {
        let schema = try Schema.reflecting(type)
        let example = Example.make(of: schema)
        #expect(schema.issues(in: example) == [])
        let body = try example.decode(type)
        let written = try JSONValue.encode(body)
        #expect(String(decoding: written, as: UTF8.self) == String(decoding: example.bytes, as: UTF8.self))
    }

    @Test func `a text in an example says something: ExampleValues names each member that no format tells`() {
        for operation in Catalogue.published {
            for example in [operation.inputExample, operation.outputExample].compactMap(\.self) {
                #expect(example.unnamed == [], "\(operation.line)")
            }
        }
        for event in EventName.allCases { #expect(Example.make(of: event.event.schema).unnamed == []) }
    }

    @Test func `every JSON body in the document has its example`() throws {
        for operation in Catalogue.published {
            let described = Self.document["paths"]?[operation.path]?[operation.method.rawValue.lowercased()]
            let request = described?["requestBody"]?["content"]?["application/json"]
            #expect(request?["example"] == operation.inputExample, "\(operation.line)")
            let answer = described?["responses"]?[String(operation.success)]?["content"]?["application/json"]
            let example = operation.surface == .skillSync ? answer?["example"]?["data"] : answer?["example"]
            #expect(example == operation.outputExample, "\(operation.line)")
        }
    }

    @Test func `every webhook shows its data and the headers that sign it`() throws {
        for event in EventName.allCases {
            let post = try #require(Self.document["webhooks"]?[event.rawValue]?["post"])
            #expect(post["summary"]?.string?.isEmpty == false)
            let headers = post["parameters"]?.array?.compactMap { $0["name"]?.string }
            #expect(
                headers == [
                    "webhook-id", "webhook-timestamp", "webhook-signature", "X-ClawConnected-Signature",
                ])
            let content = try #require(post["requestBody"]?["content"]?["application/json"])
            let name = try #require(content["schema"]?["$ref"]?.string?.split(separator: "/").last)
            let data = try #require(
                Self.document["components"]?["schemas"]?[String(name)]?["properties"]?["data"]?.object)
            #expect(data.contains { ["$ref", "properties"].contains($0.name) }, "\(event)")
            #expect(event.event.schema.issues(in: try #require(content["example"]?["data"])) == [], "\(event)")
        }
    }
}

extension JSONValue {
    /// The members whose value is their own name, which means that nobody named a value for them.
    fileprivate var unnamed: [String] {
        switch self {
        case .object(let members):
            members.filter { $0.value == .string($0.name) }.map(\.name) + members.flatMap(\.value.unnamed)
        case .array(let elements): elements.flatMap(\.unnamed) + (elements.contains("") ? ["an element"] : [])
        case .null, .bool, .integer, .decimal, .string: []
        }
    }
}
