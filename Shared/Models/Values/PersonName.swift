import Foundation

/// The one rule for names that people read on all surfaces: of persons, of their agents and of their keys.
///
/// A name has a visible character, and none that makes it look like another's: no control characters or line breaks,
/// nothing that turns the direction of writing, nothing invisible but what joins the letters of some scripts and emoji.
/// It is kept in Unicode's form NFC, without white space around it.
public enum PersonName {
    /// In Unicode scalars, as JSON Schema and PostgreSQL count.
    public static let longest = 100

    /// `text` as it is kept; what is wrong with it otherwise stays for ``problem(of:)`` to tell.
    static func normalized(_ text: String) -> String {
        trimmed(text.precomposedStringWithCanonicalMapping)
    }

    /// What is wrong with a normalized text, or `nil`.
    static func problem(of text: String) -> String? {
        if text.unicodeScalars.contains(where: \.isDisguise) {
            return
                "must not have line breaks, control characters, invisible ones, or such as turn the direction of writing"
        }
        return text.hasVisibleCharacter ? nil : "must not be blank"
    }

    /// The name that somebody else's text stands for, such as one at a provider: what does not belong in a name is left
    /// out, and what is too long is cut.
    ///
    /// - Returns: `nil` when nothing visible is left.
    public static func cleaned(_ text: String?) -> String? {
        guard let text else { return nil }
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(10 * longest) {
            if scalar.properties.isWhitespace { kept.append(" ") } else if !scalar.isDisguise { kept.append(scalar) }
        }
        let scalars = normalized(String(kept)).unicodeScalars.prefix(longest)
        let name = trimmed(String(String.UnicodeScalarView(scalars)))
        return name.hasVisibleCharacter ? name : nil
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text.unicodeScalars[...]
        while let first = rest.first, first.properties.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.properties.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}

extension String {
    /// Whether a reader sees anything of it.
    var hasVisibleCharacter: Bool { unicodeScalars.contains { $0.leavesInk } }
}

extension Unicode.Scalar {
    /// U+2800 is an empty pattern of Braille, a symbol by its category.
    fileprivate var leavesInk: Bool {
        guard !properties.isWhitespace, !properties.isDefaultIgnorableCodePoint, self != "\u{2800}" else {
            return false
        }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .spaceSeparator, .nonspacingMark, .enclosingMark:
            false
        default: true
        }
    }

    /// Whether it has no place in a name. The joiners and variation selectors do: Persian, the scripts of India and many
    /// emoji are written with them.
    fileprivate var isDisguise: Bool {
        switch self {
        case "\u{200C}", "\u{200D}", "\u{FE00}"..."\u{FE0F}": return false
        default:
            let category = properties.generalCategory
            return category == .control || category == .lineSeparator || category == .paragraphSeparator
                || properties.isBidiControl || properties.isDefaultIgnorableCodePoint
        }
    }
}
