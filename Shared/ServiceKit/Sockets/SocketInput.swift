import SharedModels

/// Reads what a client sends with an event, by the same rules as the body of a request.
package struct SocketInput<Input: Model>: Sendable {
    private let schema: Schema

    package init(_: Input.Type) {
        do {
            schema = try Schema.reflecting(Input.self, in: .camelCase)
        } catch {
            preconditionFailure("\(Input.self) has no single JSON shape: \(error)")
        }
    }

    /// - Throws: 400 that names what is wrong.
    package func read(_ value: JSONValue) throws -> Input {
        guard case .object = value else { throw Refusal(.badRequest, "The event takes an object.") }
        let marks = CombiningMarks.issues(in: value)
        guard marks.isEmpty else { throw Refusal.validation(marks) }
        let value = schema.normalizing(value)
        let issues = schema.issues(in: value)
        guard issues.isEmpty else { throw Refusal.validation(issues) }
        do {
            return try value.decode(Input.self, in: .camelCase)
        } catch {
            throw Refusal.validation([error.issue])
        }
    }
}
