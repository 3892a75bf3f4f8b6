/// Talent's answers.
public struct TalentInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.talent

    public let profiles = Endpoint<ProfileQuery, ProfileBatch>(
        "internal.profiles", .post, "/internal/profiles/query", of: Self.self,
        access: .service(from: [.jobs, .contracts]), "Many profiles at once"
    )
    public let work = Endpoint<NoInput, ServiceWork>.work(of: Self.self)
    public let receiveEvents = Endpoint<EventBatch, NoOutput>.events(
        of: Self.self, from: [.auth, .jobs, .contracts, .messages])
}

public struct ProfileQuery: Model {
    public let userIDs: [AccountID]
    public init(userIDs: [AccountID]) { self.userIDs = userIDs }
    public static let rules: [String: MemberRule] = ["userIDs": .count(0...100)]
}

public struct ProfileBatch: Model {
    public let profiles: [PublicProfile]
    public init(profiles: [PublicProfile]) { self.profiles = profiles }
}
