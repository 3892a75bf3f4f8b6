import Foundation

/// The one rule for names that people read, on all surfaces: names of people, their agents and their keys.
///
/// A name has at least one visible character. It has nothing that makes it look like another name: no control
/// characters or line breaks, nothing that turns the writing direction, and no invisible characters except those that
/// join the letters of some scripts and emoji. It is kept in Unicode's form NFC, without white space around it.
public enum PersonName {
    /// In Unicode scalars, the unit that JSON Schema and PostgreSQL count in.
    public static let longest = 100

    /// `text` in the form that is stored. ``problem(of:)`` reports what is still wrong with it. A text far
    /// too long for a name stays as it is, and is refused for its length.
    static func normalized(_ text: String) -> String {
        guard text.utf8.count <= 100 * longest else { return text }
        return trimmed(text.precomposedStringWithCanonicalMapping)
    }

    /// What is wrong with a normalized text, or `nil`.
    static func problem(of text: String) -> String? {
        if text.unicodeScalars.contains(where: \.isDisguise) {
            return
                "must not have line breaks, control characters, invisible ones, or such as turn the direction of writing"
        }
        return text.hasVisibleCharacter ? nil : "must not be blank"
    }

    /// Makes a name out of somebody else's text, such as a name at a provider. Characters that do not belong in a name
    /// are left out, and a long text is cut.
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
    /// Whether a reader can see at least one of the characters.
    package var hasVisibleCharacter: Bool { unicodeScalars.contains { $0.leavesInk } }
}

extension Unicode.Scalar {
    /// U+2800 is a Braille pattern without dots. Unicode counts it as a symbol, but it is invisible.
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

    /// Whether the character has no place in a name. Joiners and variation selectors are allowed, because Persian, the
    /// scripts of India and many emoji need them.
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
