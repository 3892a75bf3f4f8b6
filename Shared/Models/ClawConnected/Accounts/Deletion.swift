public struct DeletionInput: Model {
    /// Why, in the account's own words.
    public var reason: String?

    public static let rules: [String: MemberRule] = ["reason": .optionalText(0...1000)]
}

public struct DeletedAccount: Model {
    public let deleted: Bool

    public init() { deleted = true }
}

/// `/api/account`.
public struct AccountEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.auth

    /// 409 while money or a dispute is open: `error.issues` names each.
    public let delete = Endpoint<DeletionInput, DeletedAccount>(
        "account.delete", .post, "/api/account/delete", of: Self.self, access: .sessionOnly, errors: [.conflict],
        "Delete your account for good, with every session and key")
}
