import SharedModels

/// Reads settings from the environment, once, at start.
///
/// Every reader throws ``BadSetting``, whose text is the one line the service stops with. An empty value counts as missing.
package struct SettingsReader: Sendable {
    private let environment: [String: String]

    package init(_ environment: [String: String]) {
        self.environment = environment
    }

    package func optional(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    package func string(_ name: String, default initial: String) -> String {
        optional(name) ?? initial
    }

    package func required(_ name: String) throws(BadSetting) -> String {
        guard let value = optional(name) else { throw BadSetting(name, "is missing") }
        return value
    }

    package func secret(_ name: String) throws(BadSetting) -> Secret {
        Secret(try required(name))
    }

    package func optionalSecret(_ name: String) -> Secret? {
        optional(name).map(Secret.init)
    }

    /// An `http` or `https` URL with a host and without credentials, less its trailing slash.
    package func url(_ name: String, default initial: String? = nil) throws(BadSetting) -> String {
        guard let value = optional(name) ?? initial else { throw BadSetting(name, "is missing") }
        guard WebURL(value) != nil, value.utf8.allSatisfy(\.isVisibleASCII) else {
            throw BadSetting(name, "must be an http or https URL with a host and without credentials")
        }
        return value.hasSuffix("/") ? String(value.dropLast()) : value
    }

    package func integer(_ name: String, default initial: Int, _ range: ClosedRange<Int>) throws(BadSetting) -> Int {
        guard let text = optional(name) else { return initial }
        guard let number = Int(text), range.contains(number) else {
            throw BadSetting(
                name, "must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(text)'")
        }
        return number
    }

    /// A span in whole seconds.
    package func seconds(_ name: String, default initial: Duration, _ range: ClosedRange<Int>) throws(BadSetting)
        -> Duration
    {
        .seconds(try integer(name, default: Int(initial.components.seconds), range))
    }

    package func flag(_ name: String, default initial: Bool) throws(BadSetting) -> Bool {
        switch optional(name)?.lowercased() {
        case nil: return initial
        case "1", "true", "on", "yes": return true
        case "0", "false", "off", "no": return false
        case let text?: throw BadSetting(name, "must be on or off, not '\(text)'")
        }
    }

    /// Parts between commas, without surrounding spaces; empty ones are dropped.
    package func list(_ name: String) -> [String] {
        (optional(name) ?? "").split(separator: ",").map { $0.trimming(" ") }.filter { !$0.isEmpty }
    }

    package func oneOf<Value: RawRepresentable & CaseIterable>(
        _ name: String, default initial: Value
    ) throws(BadSetting) -> Value where Value.RawValue == String {
        guard let text = optional(name) else { return initial }
        guard let value = Value(rawValue: text) else {
            let known = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw BadSetting(name, "must be one of \(known), not '\(text)'")
        }
        return value
    }
}

/// A setting that keeps a service from starting.
package struct BadSetting: Error, Equatable, CustomStringConvertible {
    package let name: String
    package let problem: String

    package init(_ name: String, _ problem: String) {
        self.name = name
        self.problem = problem
    }

    /// One line, whatever the value was.
    package var description: String {
        "setting \(name) \(problem)".split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

extension StringProtocol {
    func trimming(_ character: Character) -> String {
        var rest = self[...]
        while rest.first == character { rest = rest.dropFirst() }
        while rest.last == character { rest = rest.dropLast() }
        return String(rest)
    }
}
