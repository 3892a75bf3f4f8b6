public struct DeletionInput: Model {
    /// Why, in the account's own words.
    public let reason: String?

    public init(reason: String? = nil) { self.reason = reason }

    public static let rules: [String: MemberRule] = ["reason": .optionalText(0...1000)]
}

public struct DeletedAccount: Model {
    public let deleted: Bool

    public init() { deleted = true }
}

/// `/api/account`.
public enum AccountEndpoints {
    /// 409 while money or a dispute is open: `error.issues` names each.
    public static let delete = Endpoint<DeletionInput, DeletedAccount>(
        "account.delete", .post, "/api/account/delete", of: .auth, access: .sessionOnly, errors: [.conflict],
        "Delete your account for good, with every session and key")

    public static let all: [Operation] = [delete.operation]
}
