/// How many combining marks may follow each other: Unicode's limit for text that is safe to process in a stream
/// (UAX #15, section 13). Every language needs far fewer. Up to this limit the time for each of Swift's and PostgreSQL's
/// operations on a text grows with its length, not with its square.
package enum CombiningMarks {
    package static let most = 30
    /// What a text with more must be told.
    package static let refusal = "must not have more than \(most) combining marks in a row"

    /// The first combining mark in Unicode is U+0300. Its UTF-8 begins with this byte, and that of all others with a
    /// larger one.
    private static let firstByte: UInt8 = 0xCC

    /// Whether a caller's text is within the limit.
    package static func areFew(in text: String) -> Bool {
        var marks = 0
        guard mayOccur(in: text) else { return true }
        for scalar in text.unicodeScalars {
            marks = isMark(scalar) ? marks + 1 : 0
            if marks > most { return false }
        }
        return true
    }

    /// The text without what is over the limit: for texts that are not refused.
    static func thinned(_ text: String) -> String {
        guard !areFew(in: text) else { return text }
        var kept = String.UnicodeScalarView()
        var marks = 0
        for scalar in text.unicodeScalars {
            marks = isMark(scalar) ? marks + 1 : 0
            if marks <= most { kept.append(scalar) }
        }
        return String(kept)
    }

    /// Each mark has two bytes or more, so a short text has few of them.
    private static func mayOccur(in text: String) -> Bool {
        text.utf8.count > 2 * most && text.utf8.contains { $0 >= firstByte }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x300 && scalar.properties.canonicalCombiningClass != .notReordered
    }
}

extension CombiningMarks {
    /// What is wrong with the texts of a body, for the first 50 of them.
    package static func issues(in body: JSONValue) -> [InputIssue] {
        var places: [String] = []
        note(body, at: "", in: &places)
        return places.map { InputIssue(path: $0, message: refusal) }
    }

    private static func note(_ value: JSONValue, at place: String, in places: inout [String]) {
        func inside(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }
        guard places.count < 50 else { return }
        switch value {
        case .null, .bool, .integer, .decimal: break
        case .string(let text): if !areFew(in: text) { places.append(place) }
        case .array(let elements):
            for (index, element) in elements.enumerated() { note(element, at: inside("\(index)"), in: &places) }
        case .object(let members):
            for member in members { note(member.value, at: inside(member.name.excerpt), in: &places) }
        }
    }
}
