import SharedModels

/// Settings in a file, one line `NAME=VALUE` each. They are data: nothing is expanded, and quotes are part of the
/// value.
package struct SettingsFile: Sendable {
    /// One sentence for each faulty line.
    package let faults: [String]
    package let values: [String: String]

    package init(_ text: String) {
        var faults: [String] = []
        var values: [String: String] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let place = "line \(index + 1)"
            if line.allSatisfy(\.isWhitespace) || line.hasPrefix("#") { continue }
            guard let parts = line.wholeMatch(of: /([A-Za-z_][A-Za-z0-9_]*)=(.*)/) else {
                faults.append("\(place): is not NAME=VALUE")
                continue
            }
            let (name, value) = (String(parts.1), String(parts.2))
            values[name] = value
            if let fault = Self.fault(name, value) { faults.append("\(place): setting \(name) \(fault)") }
        }
        self.faults = faults
        self.values = values
    }

    private static func fault(_ name: String, _ value: String) -> String? {
        guard let setting = Declared.all.first(where: { $0.declaration.name == name }) else {
            // Other variables may be meant for libraries, such as HTTPS_PROXY and TZ.
            let known = Declared.names
            let isOurs = name.hasPrefix("GUILDHALL_") || NearMiss.nearest(to: name, among: known) != nil
            return isOurs && !known.contains(name) ? SettingsReader.unknown(name, among: known) : nil
        }
        if value.isEmpty { return nil }
        if value.count > 1, let quote = value.first, "\"'".contains(quote), value.last == quote {
            return "is written in quotes, which would be part of it; write it without"
        }
        return setting.fault(in: value)
    }
}
