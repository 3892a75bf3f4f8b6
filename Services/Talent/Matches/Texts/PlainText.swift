import SharedModels

/// What of a free text may be shown to the provider of vectors: neither who somebody is nor how old.
enum PlainText {
    /// Texts are read so far, in Unicode scalars.
    private static let longest = 20_000
    /// What is kept at most.
    static let most = 2_000
    /// A word with as many digits is a year, a number of something or an address.
    private static let tellingDigits = 3

    /// The text without mail addresses, links, names of accounts, numbers such as years, and the names given.
    ///
    /// - Parameter names: Whose words are left out.
    static func cleaned(_ text: String, without names: [String]) -> String {
        let hidden = Set(names.flatMap { words(of: $0) }.map { plain($0) }.filter { $0.utf8.count > 1 })
        guard CombiningMarks.areFew(in: text) else { return "" }
        let kept = words(of: text).filter { word in
            let word = plain(word)
            return !word.isEmpty && !isTelling(word) && !isName(word, of: hidden)
        }
        let scalars = kept.joined(separator: " ").unicodeScalars.prefix(most)
        return String(String.UnicodeScalarView(scalars))
    }

    private static let separators = Set(",;()[]<>|\"".unicodeScalars)

    private static func words(of text: String) -> [String] {
        let head = text.unicodeScalars.prefix(longest)
        return head.split { $0.properties.isWhitespace || separators.contains($0) }.map { String(Substring($0)) }
    }

    /// In lower case, without the marks around it.
    private static func plain(_ word: String) -> String {
        let marks = ".:!?'’“”„*_-–—"
        var scalars = Substring(word.lowercased()).unicodeScalars
        while let last = scalars.last, marks.unicodeScalars.contains(last) { scalars.removeLast() }
        while let first = scalars.first, marks.unicodeScalars.contains(first) { scalars.removeFirst() }
        return String(Substring(scalars))
    }

    private static func isTelling(_ word: String) -> Bool {
        let digits = word.unicodeScalars.count { $0.properties.numericType != nil }
        let isAddress =
            word.utf8.contains(UInt8(ascii: "@")) || word.utf8.contains("://".utf8)
            || word.utf8.starts(with: "www.".utf8)
        // A year in short, ’14, or a part of a telephone number.
        let isNumber = digits == 2 && !word.unicodeScalars.contains { $0.properties.isAlphabetic }
        return isAddress || isNumber || digits >= tellingDigits
    }

    /// Whether it is one of the words, or `ada’s` of `ada`.
    private static func isName(_ word: String, of hidden: Set<String>) -> Bool {
        if hidden.contains(word) { return true }
        return hidden.contains { name in ["'s", "’s", "s"].contains { word.isSpelled(name + $0) } }
    }
}
