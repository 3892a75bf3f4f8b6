import Testing

@testable import SharedModels

/// The promise under test: what an agent is given to fill in has every member of the body, and no word that nobody said.
@Suite struct TemplateTests {
    @Test func `a template has the members of its body and no value`() throws {
        for operation in Catalogue.published {
            guard let schema = operation.inputSchema else { continue }
            let template = Template.make(of: schema)
            #expect(template.object?.map(\.name) == schema.properties.map(\.name), "\(operation.line)")
            #expect(template.isSilent, "\(operation.line): \(template)")
        }
    }

    @Test func `in a template, what must be said is refused, and what may be left out is not`() throws {
        let review = try Schema.reflecting(ReviewInput.self)
        #expect(Template.make(of: review) == ["rating": nil, "review_text": nil])
        #expect(review.issues(in: Template.make(of: review)).map(\.path) == ["rating"])
        let evidence = try Schema.reflecting(DisputeResponseInput.self)
        #expect(Template.make(of: evidence) == ["evidence": [["type": nil, "url": nil, "description": nil]]])
        #expect(evidence.issues(in: Template.make(of: evidence)).map(\.path) == ["evidence.0.type"])
    }
}

extension JSONValue {
    /// Whether it has nothing but `null` in its members and elements.
    fileprivate var isSilent: Bool {
        switch self {
        case .null: true
        case .object(let members): members.allSatisfy(\.value.isSilent)
        case .array(let elements): elements.allSatisfy(\.isSilent)
        case .bool, .integer, .decimal, .string: false
        }
    }
}
