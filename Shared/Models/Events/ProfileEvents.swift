/// Somebody changed a profile, on whichever surface.
public enum ProfileUpdated: UserEvent {
    public typealias Content = ProfileChange
    public static let name = EventName.profileUpdated
    public static let audience = Audience.owner
    public static let isStandard = false
    public static let summary = "Your profile was changed"
}

public struct ProfileChange: Model, Equatable {
    public let userID: PrefixedID<AccountKind>
    /// The members that changed, as SkillSync calls them, and `work_details` for what Skillhouse alone shows.
    public let updatedFields: [String]
    public let updatedAt: Timestamp

    public init(userID: AccountID, updatedFields: [String], updatedAt: Timestamp) {
        self.userID = PrefixedID(userID)
        self.updatedFields = updatedFields
        self.updatedAt = updatedAt
    }
}
