/// A key with scopes (SkillSync contract, section 3.1).
public struct ScopedKeyInput: Model {
    public var name: String
    /// What the key may do, at most what its maker may.
    public var scopes: [Scope]
    /// In the future; a key without it does not expire.
    public var expiresAt: Timestamp?

    public static let rules: [String: MemberRule] = ["name": .name, "scopes": .count(1...64)]
}

/// A key just made: the only time its text is shown.
public struct CreatedScopedKey: Model {
    public let id: PrefixedID<APIKeyKind>
    public let name: String
    /// The plaintext: `sk_live_`, 32 random base-62 characters, 6 of CRC-32.
    public let key: String
    public let scopes: [Scope]
    /// `nil` when it does not expire.
    public let expiresAt: Timestamp?
    public let createdAt: Timestamp

    public init(
        id: PrefixedID<APIKeyKind>, name: String, key: String, scopes: [Scope], expiresAt: Timestamp?,
        createdAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.key = key
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.createdAt = createdAt
    }
}

/// `/v1/auth/api-keys`.
public struct ScopedKeyEndpoints: EndpointGroup {
    public static let surface = Surface.skillSync
    public static let service = ServiceName.auth

    public let create = Endpoint<ScopedKeyInput, CreatedScopedKey>(
        "skillsync.keys.create", .post, "/v1/auth/api-keys", of: Self.self, access: .account(.keysWrite), success: 201,
        errors: [.conflict], answersSecret: true, "Create an API key with scopes; its text is shown once")
}
