/// Talent's answers.
public enum TalentInternal {
    public static let profiles = Endpoint<ProfileQuery, ProfileBatch>(
        "internal.profiles", .post, "/internal/profiles/query", of: .talent, access: .service, "Many profiles at once")
    public static let receiveEvents = InternalEndpoints.receiveEvents(.talent)
    public static let all: [Operation] = [profiles.operation, receiveEvents.operation]
}

public struct ProfileQuery: Model {
    public let userIDs: [AccountID]
    public init(userIDs: [AccountID]) { self.userIDs = userIDs }
    public static let rules: [String: MemberRule] = ["user_ids": .count(0...100)]
    enum CodingKeys: String, CodingKey { case userIDs = "user_ids" }
}

public struct ProfileBatch: Model {
    public let profiles: [PublicProfile]
    public init(profiles: [PublicProfile]) { self.profiles = profiles }
}
