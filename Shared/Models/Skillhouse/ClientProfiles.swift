/// A client's profile, as Skillhouse shows it. What is not known yet is empty.
public struct ClientProfile: Model {
    public let _id: ObjectID<AccountKind>
    public let userID: ClientContact
    public let firstName: String
    public let city: String
    public let state: String
    /// A URL; empty without a picture. Where the picture is stored here, the link expires.
    public let profilePic: String
    /// How many jobs the client has posted.
    public let jobsPosted: Int64
    /// What the client has paid for contracts that were not canceled.
    public let totalSpent: Rupees
    public let profileCompleted: Bool
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        id: AccountID, email: String?, firstName: String, city: String, state: String, profilePic: String,
        jobsPosted: Int64, totalSpent: Rupees, profileCompleted: Bool, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        _id = ObjectID(id)
        userID = ClientContact(id: id, email: email)
        self.firstName = firstName
        self.city = city
        self.state = state
        self.profilePic = profilePic
        self.jobsPosted = jobsPosted
        self.totalSpent = totalSpent
        self.profileCompleted = profileCompleted
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

/// Whom a client's profile belongs to.
public struct ClientContact: Model {
    public let _id: ObjectID<AccountKind>
    /// `nil` when the account has none.
    public let email: String?

    init(id: AccountID, email: String?) {
        _id = ObjectID(id)
        self.email = email
    }
}

public struct ClientProfileInput: Model {
    public var firstName: String
    public var city: String
    public var state: String
    /// The present picture's address, one elsewhere, or empty for none. Absent, it stays.
    public var profilePic: String?

    public static let rules: [String: MemberRule] = [
        "firstName": .name, "city": .text(1...100), "state": .text(1...100), "profilePic": .optionalText(0...2048),
    ]
}

public struct ClientProfileAnswer: Model {
    public let data: ClientProfile
    public init(data: ClientProfile) { self.data = data }
}

public struct SavedClientProfile: Model {
    public let message: String
    public let data: ClientProfile

    public init(message: String, data: ClientProfile) {
        self.message = message
        self.data = data
    }
}

/// `/api/client/profile`.
public struct ClientProfileEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.talent

    public let get = Endpoint<NoInput, ClientProfileAnswer>(
        "client.profile.get", .get, "/api/client/profile/get-profile/{id}", of: Self.self,
        access: .account(.profilesRead), errors: [.badRequest, .notFound], "A client's profile")
    public let update = Endpoint<ClientProfileInput, SavedClientProfile>(
        "client.profile.update", .put, "/api/client/profile/update-profile/{id}", of: Self.self,
        access: .client(.profilesWrite), errors: [.badRequest, .forbidden, .notFound, .preconditionFailed],
        "Change your profile as a client")
}
