/// What a notice of Skillhouse is about.
public enum NoticeType: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case contract, applied, approved
}
