/// Why a match has its score, and what would change it (SkillSync contract, section 3.4).
public struct MatchInsights: Model, Equatable {
    public let summary: String
    public let strengths: [String]
    public let gaps: [String]
    public let scoreBreakdown: ScoreBreakdown
    /// What would raise the score, the best first.
    public let improvements: [MatchImprovement]

    public init(
        summary: String, strengths: [String], gaps: [String], scoreBreakdown: ScoreBreakdown,
        improvements: [MatchImprovement]
    ) {
        self.summary = summary
        self.strengths = strengths
        self.gaps = gaps
        self.scoreBreakdown = scoreBreakdown
        self.improvements = improvements
    }
}

public struct ScoreBreakdown: Model, Equatable {
    public let technical: ScorePart
    public let cultural: ScorePart
    public let experience: ScorePart

    public init(technical: ScorePart, cultural: ScorePart, experience: ScorePart) {
        self.technical = technical
        self.cultural = cultural
        self.experience = experience
    }
}

public struct ScorePart: Model, Equatable {
    /// 0 to 100.
    public let score: Int
    /// Its share of the whole, in percent.
    public let weight: Int

    public init(score: Int, weight: Int) {
        self.score = score
        self.weight = weight
    }
}

public struct MatchImprovement: Model, Equatable {
    public let suggestion: String
    /// What the score would be.
    public let matchScore: Int

    public init(suggestion: String, matchScore: Int) {
        self.suggestion = suggestion
        self.matchScore = matchScore
    }
}

public enum MatchPageKind: IdentifierKind { public static let prefix = "page" }
public typealias MatchPageID = Identifier<MatchPageKind>

/// A place in a list as it was when its first page was read. Opaque to callers.
public struct MatchCursor: Sendable, Equatable, CustomStringConvertible {
    public let page: MatchPageID
    /// How many matches come before it.
    public let offset: Int

    public init(_ page: MatchPageID, _ offset: Int) {
        self.page = page
        self.offset = offset
    }

    public var description: String { "\(page.prefixed.dropFirst(MatchPageKind.prefix.utf8.count + 1))-\(offset)" }

    public init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard
            parts.count == 2, parts[0].count == 32, let page = MatchPageID(String(Substring(parts[0]))),
            let offset = Int(String(Substring(parts[1]))), (0...100_000).contains(offset),
            "\(offset)".utf8.count == parts[1].count
        else { return nil }
        self.init(page, offset)
    }

    static let schema: Schema = {
        var rules = StringRules()
        rules.length = 34...39
        rules.pattern = "^[0-9a-f]{32}-[0-9]{1,6}$"
        return .string(rules)
    }()
}
