/// A language in which people are written to.
public enum Language: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case english = "en"
    case german = "de"
}
