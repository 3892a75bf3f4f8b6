/// A header's value with parameters: `form-data; name="resume"` (RFC 9110, sections 5.6.4 and 5.6.6).
struct HeaderParameters: Sendable {
    /// In lower case.
    let value: String
    private let parameters: [(name: String, value: String)]

    /// - Returns: `nil` when a parameter is malformed, or there is one twice: nobody can know which was
    ///   meant.
    init?(_ text: String) {
        var rest = Substring(text)
        value = rest.take { $0 != ";" }.trimming(" ").lowercased()
        var parameters: [(name: String, value: String)] = []
        while rest.first == ";" {
            rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
            // A semicolon at the end, or two in a row, name nothing.
            guard let next = rest.first, next != ";" else { continue }
            guard let parameter = rest.takeParameter() else { return nil }
            guard !parameters.contains(where: { $0.name == parameter.name }) else { return nil }
            parameters.append(parameter)
            rest = rest.drop { $0 == " " || $0 == "\t" }
        }
        guard rest.isEmpty else { return nil }
        self.parameters = parameters
    }

    /// - Parameter name: In lower case.
    subscript(name: String) -> String? { parameters.first { $0.name == name }?.value }
}

extension Substring {
    /// Takes the longest beginning that consists of what `belongs`.
    fileprivate mutating func take(while belongs: (Character) -> Bool) -> String {
        let taken = prefix(while: belongs)
        self = self[taken.endIndex...]
        return String(taken)
    }

    /// Takes `name=value` or `name="value"`.
    fileprivate mutating func takeParameter() -> (name: String, value: String)? {
        let name = take { $0 != "=" && $0 != ";" && $0 != " " && $0 != "\t" }.lowercased()
        guard !name.isEmpty, first == "=" else { return nil }
        self = dropFirst()
        guard first == "\"" else {
            let value = take { $0 != ";" && $0 != " " && $0 != "\t" && $0 != "\"" }
            return value.isEmpty ? nil : (name, value)
        }
        guard let value = takeQuoted() else { return nil }
        return (name, value)
    }

    /// Takes a quoted string, a backslash standing before what is meant as it is.
    private mutating func takeQuoted() -> String? {
        self = dropFirst()
        var value = ""
        while let character = popFirst() {
            switch character {
            case "\"": return value
            case "\\":
                guard let escaped = popFirst() else { return nil }
                value.append(escaped)
            default: value.append(character)
            }
        }
        return nil
    }
}
