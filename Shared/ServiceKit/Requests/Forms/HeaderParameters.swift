import SharedModels

/// A header's value with parameters: `form-data; name="resume"` (RFC 9110, sections 5.6.4 and 5.6.6).
struct HeaderParameters: Sendable {
    /// No header of ours has more.
    private static let most = 16

    /// In lower case.
    let value: String
    private let parameters: [(name: String, value: String)]

    /// - Returns: `nil` when a parameter is malformed, or occurs twice, so that the intended value is unclear, or when
    ///   there are too many.
    init?(_ text: some Sequence<UInt8>) {
        var rest = Array(text)[...]
        value = rest.take { $0 != UInt8(ascii: ";") }.headerToken()
        var parameters: [(name: String, value: String)] = []
        while rest.first == UInt8(ascii: ";") {
            rest = rest.dropFirst().drop(while: \.isBlank)
            // A semicolon at the end, or two in a row, means nothing.
            guard let next = rest.first, next != UInt8(ascii: ";") else { continue }
            guard let parameter = rest.takeParameter() else { return nil }
            let isKnown = parameters.contains { $0.name.isSpelled(parameter.name) }
            guard !isKnown, parameters.count < Self.most else { return nil }
            parameters.append(parameter)
            rest = rest.drop(while: \.isBlank)
        }
        guard rest.isEmpty else { return nil }
        self.parameters = parameters
    }

    /// - Parameter name: In lower case.
    subscript(name: String) -> String? { parameters.first { $0.name.isSpelled(name) }?.value }
}

extension ArraySlice<UInt8> {
    /// Takes the longest prefix whose bytes all satisfy `belongs`.
    fileprivate mutating func take(while belongs: (UInt8) -> Bool) -> ArraySlice<UInt8> {
        let taken = prefix(while: belongs)
        self = self[taken.endIndex...]
        return taken
    }

    /// Takes `name=value` or `name="value"`.
    fileprivate mutating func takeParameter() -> (name: String, value: String)? {
        let end: Set<UInt8> = [UInt8(ascii: "="), UInt8(ascii: ";"), 0x20, 0x09]
        let name = take { !end.contains($0) }.headerToken()
        guard !name.isEmpty, first == UInt8(ascii: "=") else { return nil }
        self = dropFirst()
        guard first == UInt8(ascii: "\"") else {
            let value = take { $0 != UInt8(ascii: ";") && !$0.isBlank && $0 != UInt8(ascii: "\"") }
            return value.isEmpty ? nil : (name, String(decoding: value, as: UTF8.self))
        }
        guard let value = takeQuoted() else { return nil }
        return (name, String(decoding: value, as: UTF8.self))
    }

    /// Takes a quoted string. A backslash quotes the character after it.
    private mutating func takeQuoted() -> [UInt8]? {
        self = dropFirst()
        var value: [UInt8] = []
        while let byte = popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return value
            case UInt8(ascii: "\\"):
                guard let escaped = popFirst() else { return nil }
                value.append(escaped)
            default: value.append(byte)
            }
        }
        return nil
    }
}
