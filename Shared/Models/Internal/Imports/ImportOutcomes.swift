/// What became of the things of one batch, in the batch's order.
public struct ImportAnswer: Model {
    public let outcomes: [ImportOutcome]

    public init(outcomes: [ImportOutcome]) {
        self.outcomes = outcomes
    }
}

/// What became of one thing that was to be imported.
public struct ImportOutcome: Model, Equatable {
    public let result: ImportResult
    /// Of a refusal: what the thing is refused for, as the original calls the member.
    public var field: String?
    /// Of a refusal: why.
    public var reason: String?
    /// Of a merged thing: the id of what is there instead.
    public var insteadID: String?

    private init(_ result: ImportResult, field: String? = nil, reason: String? = nil, insteadID: String? = nil) {
        self.result = result
        self.field = field
        self.reason = reason
        self.insteadID = insteadID
    }

    public static let imported = Self(.imported)
    public static let present = Self(.present)

    public static func merged(into id: String) -> Self { Self(.merged, insteadID: id) }

    public static func refused(_ field: String, _ reason: String) -> Self {
        Self(.refused, field: field, reason: reason)
    }
}

public enum ImportResult: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case imported
    /// It was imported before. Nothing is changed.
    case present
    /// Something else stands for it.
    case merged
    case refused
}

/// How much is imported by one request.
public enum ImportLimit {
    public static let things = 1...200
    /// Characters of a notice.
    public static let notice = 500
    /// In bytes.
    public static let body = 16 << 20
}
