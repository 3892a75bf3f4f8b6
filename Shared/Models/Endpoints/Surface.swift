/// Which of our APIs an endpoint belongs to. It decides the shape of errors and the style of member names.
public enum Surface: String, Sendable, CaseIterable {
    case clawConnected = "ClawConnected"
    case skillhouse = "Skillhouse"
    case skillSync = "SkillSync AI"
    /// Answers and errors as the standards of OAuth 2.0 have them, without an envelope.
    case oauth = "OAuth 2.0"
    case `internal` = "Internal"
    case operations = "Operations"

    public var keyStyle: KeyStyle {
        switch self {
        case .skillhouse: .camelCase
        case .clawConnected, .skillSync, .oauth, .internal, .operations: .snakeCase
        }
    }
}
