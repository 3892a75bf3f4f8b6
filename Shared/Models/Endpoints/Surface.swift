/// Which of our APIs an endpoint belongs to. It decides the shape of errors and the style of member names.
public enum Surface: String, Sendable, CaseIterable {
    case clawConnected = "ClawConnected"
    case skillhouse = "Skillhouse"
    case skillSync = "SkillSync AI"
    case `internal` = "Internal"
    case operations = "Operations"

    public var keyStyle: KeyStyle {
        switch self {
        case .skillhouse: .camelCase
        case .clawConnected, .skillSync, .internal, .operations: .snakeCase
        }
    }
}
