extension Schema {
    /// What describes the member at a path, written as in ``InputIssue/path``; `nil` for one that is not known.
    public func part(at path: String) -> Schema? {
        var part = self
        for step in path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            guard let next = part.member(String(decoding: step, as: UTF8.self)) else { return nil }
            part = next
        }
        return part
    }

    private func member(_ name: String) -> Schema? {
        switch self {
        case .nullable(let wrapped): wrapped.member(name)
        case .array(let element, _): Int(name) == nil ? nil : element
        case .object(let object): object.properties.first { $0.name.isSpelled(name) }?.schema
        case .any, .string, .integer, .number, .amount, .boolean: nil
        }
    }

    /// The names of the members at a path; `nil` when that is no object.
    public func members(at path: String) -> [String]? {
        switch path.isEmpty ? self : part(at: path) {
        case .object(let object)?, .nullable(.object(let object))?: object.properties.map(\.name)
        default: nil
        }
    }

    /// What fits, in words: "one of accept, reject, save", "a string of 1 to 100 characters".
    public var expectation: String {
        switch self {
        case .string(let rules): rules.expectation
        case .integer(let range) where range.upperBound >= 9_007_199_254_740_991 && range.lowerBound < 0:
            "a whole number"
        case .integer(let range): "a whole number, \(range.phrase)"
        case .number: "a number"
        case .amount(let range, let decimals): "an amount, \(decimals.phrase(of: range))"
        case .boolean: "true or false"
        case .array(let element, let count):
            count.upperBound >= 10_000
                ? "a list, each \(element.expectation)"
                : "a list of \(count.phrase(of: "element")), each \(element.expectation)"
        case .object: "an object"
        case .nullable(let wrapped): "\(wrapped.expectation), or null"
        case .any: "anything"
        }
    }
}

extension StringRules {
    fileprivate var expectation: String {
        if let values { return "one of \(values.joined(separator: ", "))" }
        if let idPrefix {
            return isObjectID ? "an id of 24 hexadecimal digits" : "an id, \(idPrefix)_ and 32 digits"
        }
        if let format { return format.phrase }
        let kind = isName ? "a name" : "a string"
        let size = length.upperBound >= 1_000_000 ? kind : "\(kind) of \(length.phrase(of: "character"))"
        return mayBeBlank || isName ? size : "\(size), not blank"
    }
}

extension JSONValue {
    /// The value at a path, written as in ``InputIssue/path``.
    public func part(at path: String) -> JSONValue? {
        var part = self
        for step in path.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
            let name = String(decoding: step, as: UTF8.self)
            switch part {
            case .object(let members):
                guard let member = members.first(where: { $0.name.isSpelled(name) }) else { return nil }
                part = member.value
            case .array(let elements):
                guard let place = Int(name), elements.indices.contains(place) else { return nil }
                part = elements[place]
            case .null, .bool, .integer, .decimal, .string: return nil
            }
        }
        return part
    }
}
