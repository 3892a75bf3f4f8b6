/// An account as admins see it.
public struct UserView: Model {
    public let _id: ObjectID<AccountKind>
    public let name: String
    /// Empty when the account has none.
    public let email: String
    public let mobile: String?
    public let role: Role
    /// A URL; empty when the account has no picture.
    public let profilePic: String
    /// Whether the person signs in with Google.
    public let isGoogleAuth: Bool
    public let status: AccountStatus
    public let subscriptionTier: Plan
    public let createdAt: Timestamp
    public let updatedAt: Timestamp

    public init(
        id: AccountID, name: String, email: String, mobile: String?, role: Role, profilePic: String,
        isGoogleAuth: Bool, status: AccountStatus, subscriptionTier: Plan, createdAt: Timestamp, updatedAt: Timestamp
    ) {
        _id = ObjectID(id)
        self.name = name
        self.email = email
        self.mobile = mobile
        self.role = role
        self.profilePic = profilePic
        self.isGoogleAuth = isGoogleAuth
        self.status = status
        self.subscriptionTier = subscriptionTier
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }
}

public struct UserList: Model {
    public let success: Bool
    public let data: [UserView]
    public let total: Int
    public let currentPage: Int
    public let totalPages: Int

    /// - Parameter limit: Rows per page.
    public init(_ data: [UserView], total: Int, page: Int, limit: Int) {
        success = true
        self.data = data
        self.total = total
        currentPage = page
        totalPages = (total + limit - 1) / limit
    }
}

public struct ChangedUser: Model {
    public let success: Bool
    public let message: String
    public let data: UserView

    public init(_ message: String, _ data: UserView) {
        success = true
        self.message = message
        self.data = data
    }
}

/// `/api/admin/users`: the people of the marketplace, newest first. Admins are in neither list and cannot be blocked.
public struct AdminUserEndpoints: EndpointGroup {
    public static let surface = Surface.skillhouse
    public static let service = ServiceName.auth

    public static let search = Parameter<String?>.text(
        "search", 100, "Words of the name or the mail address, or their beginnings")

    public let clients = Endpoint<NoInput, UserList>(
        "admin.users.clients", .get, "/api/admin/users/get-clients", of: Self.self, access: .admin(.accountRead),
        query: [Parameter<Int>.page, Parameter<Int>.limit, Self.search], "List clients")
    public let freelancers = Endpoint<NoInput, UserList>(
        "admin.users.freelancers", .get, "/api/admin/users/get-freelancers", of: Self.self,
        access: .admin(.accountRead), query: [Parameter<Int>.page, Parameter<Int>.limit, Self.search],
        "List freelancers")
    /// Ends the account's sessions and keys in every service. Open deals stay.
    public let blockClient = Endpoint<NoInput, ChangedUser>(
        "admin.users.blockClient", .put, "/api/admin/users/block-client/{clientId}", of: Self.self,
        access: .admin(.accountWrite), errors: [.notFound], "Block a client")
    public let unblockClient = Endpoint<NoInput, ChangedUser>(
        "admin.users.unblockClient", .put, "/api/admin/users/unblock-client/{clientId}", of: Self.self,
        access: .admin(.accountWrite), errors: [.notFound], "Unblock a client")
    public let blockFreelancer = Endpoint<NoInput, ChangedUser>(
        "admin.users.blockFreelancer", .put, "/api/admin/users/block-freelancer/{freelancerId}", of: Self.self,
        access: .admin(.accountWrite), errors: [.notFound], "Block a freelancer")
    public let unblockFreelancer = Endpoint<NoInput, ChangedUser>(
        "admin.users.unblockFreelancer", .put, "/api/admin/users/unblock-freelancer/{freelancerId}", of: Self.self,
        access: .admin(.accountWrite), errors: [.notFound], "Unblock a freelancer")
}
