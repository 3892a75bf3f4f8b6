/// How well somebody has a skill, on SkillSync.
public enum SkillLevel: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case beginner, intermediate, advanced, expert
}
