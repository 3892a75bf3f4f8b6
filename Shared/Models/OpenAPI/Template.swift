/// What to send, before anybody has said anything: every member of a body, with `null` in place of each value.
///
/// A member that may be left out may stay `null`, which says nothing. One that must be said is refused as `null`, so a
/// caller that sends a template as it is never says what it did not mean.
enum Template {
    static func make(of schema: Schema) -> JSONValue {
        switch schema {
        case .object(let object):
            .object(object.properties.map { JSONMember($0.name, make(of: $0.schema)) })
        // One element, so that its members are seen.
        case .array(.object(let element), _): [make(of: .object(element))]
        case .string, .integer, .number, .amount, .boolean, .array, .nullable, .any: .null
        }
    }
}
