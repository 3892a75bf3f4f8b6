/// What an admin may call a skill or a category: letters, digits, spaces and the signs that names of skills have, with a
/// letter or digit first.
public enum CatalogueName {
    public static let longest = 100

    public static func isAcceptable(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, isLetterOrDigit(first) else { return false }
        return name.unicodeScalars.count <= longest
            && name.unicodeScalars.allSatisfy { isLetterOrDigit($0) || isMark($0) || signs.contains($0) }
    }

    private static let signs = " .+#/&-".unicodeScalars

    private static func isLetterOrDigit(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        default:
            !scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.generalCategory == .decimalNumber)
        }
    }

    /// The signs that belong to a letter in the scripts of India and others. Accents apart from their letter are none of
    /// them: the letter with the accent is one character.
    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value > 0x36F && [.nonspacingMark, .spacingMark].contains(scalar.properties.generalCategory)
    }

    /// What ``isAcceptable(_:)`` asks for, as the end of a sentence about a name.
    public static let refusal =
        "must begin with a letter or digit and have only letters, digits, spaces and . + # / & - after it"
    /// Spaces around a name are left out before it is judged.
    static let rule = MemberRule.pattern(
        #"^ *[A-Za-z0-9\u00AA-\uFFFF][A-Za-z0-9\u00AA-\uFFFF .+#/&-]*$"#, 1...longest)
}
