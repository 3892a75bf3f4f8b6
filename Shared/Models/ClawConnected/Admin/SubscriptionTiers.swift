public struct TierInput: PartialUpdate {
    public var subscriptionTier: Plan?
}

/// An account's plan.
public struct TierView: Model {
    public let userID: AccountID
    public let displayName: String
    public let userType: UserType
    public let subscriptionTier: Plan

    public init(userID: AccountID, displayName: String, userType: UserType, subscriptionTier: Plan) {
        self.userID = userID
        self.displayName = displayName
        self.userType = userType
        self.subscriptionTier = subscriptionTier
    }
}

/// `/api/admin/users/{id}`.
public struct TierEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.auth

    /// It takes effect at once: a larger plan begins with a full bucket.
    public let set = Endpoint<TierInput, TierView>(
        "admin.users.tier", .patch, "/api/admin/users/{id}", of: Self.self, access: .admin(.accountWrite),
        errors: [.notFound], "Set an account's plan")
}
