/// Which of our APIs an endpoint belongs to; decides the shape of errors.
public enum Surface: String, Sendable, CaseIterable {
    case clawConnected = "ClawConnected"
    case skillhouse = "Skillhouse"
    case skillSync = "SkillSync AI"
    case `internal` = "Internal"
    case operations = "Operations"
}
