/// A text for people in every language: a row of a service's table of texts. `{gig}` is a place for a value.
package struct Phrase: Sendable, Equatable {
    private let english: String
    private let german: String

    package init(_ english: String, de german: String) {
        self.english = english
        self.german = german
    }

    package subscript(language: Language) -> String {
        switch language {
        case .english: english
        case .german: german
        }
    }

    /// The text with its values. What a value holds is never read as a place for another.
    ///
    /// - Parameter values: One for each place. A place without a value is left empty.
    package func said(in language: Language, _ values: [String: String] = [:]) -> String {
        var said = ""
        var rest = self[language][...]
        while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
            said += rest[..<start] + values[String(rest[rest.index(after: start)..<end]), default: ""]
            rest = rest[rest.index(after: end)...]
        }
        return said + rest
    }
}
