import SharedModels

/// Reads what a text asks for, where a gig has no list of skills.
struct SkillText: Sendable {
    /// Skills whose names are words of everyday English: in lower case alone they are not meant.
    private static let ordinary: Set<String> = [
        "angular", "backbone", "cassandra", "dart", "eclipse", "ember", "excel", "figma", "flask", "groovy", "jenkins",
        "java", "julia", "kafka", "lisp", "ml", "pandas", "perl", "processing", "prolog", "puppet", "python", "rails",
        "react", "ruby", "rust", "sass", "scala", "scratch", "sketch", "solidity", "spark", "springboot", "svelte",
        "swift", "unity", "vagrant", "quality", "copywriting", "elasticsearch",
    ]
    /// Words that are no skill alone, even at the beginning of a sentence.
    private static let never: Set<String> = [
        "next", "go", "rest", "word", "express", "nest", "three", "net", "access", "source", "less", "node", "r",
        "salt",
        "c", "tech", "ca", "elastic", "spring", "quality", "shell", "core",
    ]
    /// Texts are read so far.
    private static let longest = 20_000

    let near: NearSkills

    /// The skills that a text names, in the order of their first places. Only those count that have a place among the near
    /// skills.
    func skills(in text: String) -> [NeededSkill] {
        let words = Self.words(of: text)
        var found: [String] = []
        var index = 0
        while index < words.count {
            let length = (1...3).reversed().first { names(words[index...].prefix($0), $0) }
            guard let length else { index += 1; continue }
            found.append(words[index..<index + length].joined(separator: " "))
            index += length
        }
        return NeededSkill.distinct(found)
    }

    private func names(_ words: ArraySlice<String>, _ length: Int) -> Bool {
        guard words.count == length else { return false }
        let text = words.joined(separator: " ")
        let key = SkillName(text).normal
        guard near.contains(key) else { return false }
        guard length == 1 else { return true }
        if Self.never.contains(text.lowercased()) { return false }
        guard Self.ordinary.contains(key) else { return true }
        return text.utf8.contains { !$0.isASCIILowercase }
    }

    /// Split where neither letters and digits nor the marks of names like `C++`, `C#` and `Node.js` are.
    private static func words(of text: String) -> [String] {
        let head = text.unicodeScalars.prefix(longest)
        return head.split { !$0.isPartOfWord }.map { word in
            var word = word
            while word.last == "." { word.removeLast() }
            return String(Substring(word))
        }.filter { !$0.isEmpty }
    }

    /// How many years a text asks for: `5+ years`, or by its first word for a level.
    static func years(in text: String) -> Int? {
        let head = String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest))).lowercased()
        if let match = head.firstMatch(of: /\b([0-9]{1,2})\s*\+?\s*(?:years|yrs)\b/), let years = Int(match.1),
            years <= 40
        {
            return years
        }
        return head.firstMatch(of: /\b(junior|entry[ -]level|mid[ -]level|senior|lead|principal)\b/)
            .flatMap { ExperienceBand(word: String($0.1)) }?.years
    }

    /// Whether a text offers work from anywhere; `nil` when it does not say.
    static func isRemote(_ text: String) -> Bool? {
        let head = String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest))).lowercased()
        if head.firstMatch(of: /\b(?:on[ -]?site|in[ -]office)\b/) != nil { return false }
        return head.firstMatch(of: /\bremote(?:ly)?\b/) == nil ? nil : true
    }
}

extension Unicode.Scalar {
    fileprivate var isPartOfWord: Bool {
        properties.isAlphabetic || properties.numericType != nil || self == "+" || self == "#" || self == "."
    }
}

/// What people call so many years.
enum ExperienceBand: String, Sendable, CaseIterable {
    case junior, mid, senior, lead

    init(years: Int) {
        self =
            switch years {
            case ..<2: .junior
            case 2..<5: .mid
            case 5..<9: .senior
            default: .lead
            }
    }

    init?(word: String) {
        switch word.prefix(3) {
        case "jun", "ent": self = .junior
        case "mid": self = .mid
        case "sen": self = .senior
        case "lea", "pri": self = .lead
        default: return nil
        }
    }

    /// In the middle of the band.
    var years: Int {
        switch self {
        case .junior: 1
        case .mid: 3
        case .senior: 6
        case .lead: 10
        }
    }
}
