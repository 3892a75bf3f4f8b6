/// What the names of people and places consist of where they are typed on Skillhouse.
public enum PlainWords {
    /// Whether a text has only letters with their marks, spaces, and what stands inside of names: O'Brien, Jean-Luc,
    /// St. Gallen.
    public static func arePermitted(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy(isPermitted)
    }

    /// What ``arePermitted(_:)`` asks for, as the end of a sentence about a text.
    public static let refusal = "must have letters and spaces only"

    private static func isPermitted(_ scalar: Unicode.Scalar) -> Bool {
        if " '’-.,".unicodeScalars.contains(scalar) { return true }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark:
            true
        default: "\u{200C}\u{200D}".unicodeScalars.contains(scalar)
        }
    }
}
