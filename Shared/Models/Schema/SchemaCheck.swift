#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Schema {
    /// All problems of `value`, at most 50; empty when it fits.
    ///
    /// Members that the schema does not name are refused by name, so that a misspelt or forbidden one never passes
    /// silently.
    public func issues(in value: JSONValue) -> [InputIssue] {
        var check = SchemaCheck()
        check.check(value, against: self, at: "")
        return check.issues
    }
}

private struct SchemaCheck {
    private static let maximumIssues = 50
    var issues: [InputIssue] = []
    private var isFull: Bool { issues.count == Self.maximumIssues }

    mutating func check(_ value: JSONValue, against schema: Schema, at path: String) {
        guard !isFull else { return }
        switch (schema, value) {
        case (.any, _), (.nullable, .null), (.boolean, .bool):
            return
        case (.nullable(let wrapped), _):
            check(value, against: wrapped, at: path)
        case (.string(let rules), .string(let text)):
            if let message = rules.refusal(of: text) { report(path, message) }
        case (.integer(let range), .integer(let number)):
            if !range.contains(number) { report(path, "must be \(range.phrase)") }
        case (.number(let range), .integer), (.number(let range), .decimal):
            if let range, !range.contains(value) { report(path, "must be \(range.phrase)") }
        case (.amount(let range, let decimals), .integer), (.amount(let range, let decimals), .decimal):
            let amount = decimals.minorUnits(of: value)
            if amount.map(range.contains) != true { report(path, "must be \(decimals.phrase(of: range))") }
        case (.array(let element, let count), .array(let elements)):
            guard count.contains(elements.count) else {
                return report(path, "must have \(count.phrase(of: "element"))")
            }
            for (index, item) in elements.enumerated() {
                check(item, against: element, at: path.isEmpty ? "\(index)" : "\(path).\(index)")
            }
        case (.object(let object), .object(let members)):
            check(members, against: object, at: path)
        default:
            report(path, "must be \(schema.phrase), not \(value.typeName)")
        }
    }

    private mutating func check(_ members: [JSONMember], against object: ObjectSchema, at path: String) {
        for property in object.properties {
            let place = path.isEmpty ? property.name : "\(path).\(property.name)"
            if let member = members.first(where: { $0.name.isSpelled(property.name) }) {
                check(member.value, against: property.schema, at: place)
            } else if property.isRequired {
                report(place, "is required")
            }
        }
        for member in members where !isFull && !object.properties.contains(where: { $0.name.isSpelled(member.name) }) {
            issues.append(.unknown(member.name, in: path, known: object.properties.map(\.name)))
        }
    }

    private mutating func report(_ path: String, _ message: String) {
        guard !isFull else { return }
        issues.append(InputIssue(path: path, message: message))
    }
}

extension Schema {
    /// "a string", "a whole number or null".
    fileprivate var phrase: String {
        switch self {
        case .string(let rules): rules.format?.phrase ?? "a string"
        case .integer: "a whole number"
        case .number: "a number"
        case .amount: "an amount of money"
        case .boolean: "true or false"
        case .array: "a list"
        case .object: "an object"
        case .nullable(let wrapped): "\(wrapped.phrase) or null"
        case .any: "anything"
        }
    }
}

extension StringRules {
    /// What is wrong with `text`, or `nil`.
    func refusal(of text: String) -> String? {
        if let values, !values.contains(where: { $0.isSpelled(text) }) {
            return "must be one of \(values.filter { !$0.isEmpty }.joined(separator: ", "))"
        }
        if isName, let problem = PersonName.problem(of: text) { return problem }
        if !mayBeBlank, !text.hasVisibleCharacter { return "must not be blank" }
        if !length.contains(text.unicodeScalars.count) { return "must have \(length.phrase(of: "character"))" }
        if let format, !format.accepts(text) { return "must be \(format.phrase)" }
        if let idPrefix, UUID(text, after: idPrefix) == nil {
            return isObjectID
                ? "must be an id of 24 hexadecimal digits" : "must be an id, \(idPrefix)_ and 32 digits"
        }
        return nil
    }
}

extension StringFormat {
    var phrase: String {
        switch self {
        case .uuid: "an id (a UUID)"
        case .date: "a date as YYYY-MM-DD"
        case .dateTime: "a time, such as 2026-01-31T12:00:00Z"
        case .uri: "an http or https URL without credentials"
        case .email: "a mail address"
        }
    }

    public func accepts(_ text: String) -> Bool {
        switch self {
        case .uuid:
            UUID(hexadecimal: text[...]) != nil || text.prefixedDigits != nil || UUID(objectID: text[...]) != nil
        case .date: CalendarDay(text) != nil
        case .dateTime: Timestamp(text) != nil
        case .uri: text.utf8.count <= 2048 && WebURL(text) != nil
        case .email: text.isMailAddress
        }
    }
}

extension String {
    /// The 32 digits of `<prefix>_<32 hex>`. Any prefix passes here; the id's own type checks it.
    fileprivate var prefixedDigits: Substring? {
        guard let underscore = utf8.firstIndex(of: UInt8(ascii: "_")) else { return nil }
        let digits = self[utf8.index(after: underscore)...]
        return digits.utf8.count == 32 && UUID(hexadecimal: digits) != nil ? digits : nil
    }

    /// One `@` with something before it and a dotted or local host after it; no white space, no control characters.
    fileprivate var isMailAddress: Bool {
        guard utf8.count <= 254 else { return false }
        let parts = unicodeScalars.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return false }
        return parts[1].first != "." && parts[1].last != "."
            && unicodeScalars.allSatisfy { $0.isVisible && !"<>,;:\"()[]\\".unicodeScalars.contains($0) }
    }
}

extension ClosedRange where Bound == Int64 {
    fileprivate func contains(_ value: JSONValue) -> Bool {
        // What is too large for a number of ours is in no range.
        guard let number = try? value.decode(Double.self) else { return false }
        return (Double(lowerBound)...Double(upperBound)).contains(number)
    }

    /// "0 to 2^53 - 1", "3 to 10".
    var phrase: String {
        if upperBound >= 9_007_199_254_740_991 {
            return lowerBound <= -9_007_199_254_740_991 ? "a whole number up to 2^53 - 1" : "\(lowerBound) to 2^53 - 1"
        }
        return "\(lowerBound) to \(upperBound)"
    }
}
