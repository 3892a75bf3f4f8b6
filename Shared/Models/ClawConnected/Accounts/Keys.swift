public struct APIKeyInput: Model {
    /// Up to 16 of `a-z0-9_`; `cc_live_` when absent.
    public var prefix: String?
    public var name: String?
    public var hostedAgentID: HostedAgentID?

    public static let rules: [String: MemberRule] = [
        "prefix": .pattern("^[a-z0-9_]+$", 1...16), "name": .name,
    ]
}

/// A key just made: the only time its text is shown.
public struct CreatedAPIKey: Model {
    public let id: APIKeyID
    /// The plaintext: prefix, 32 random base-62 characters, 6 of CRC-32.
    public let key: String
    public let prefix: String
    public let name: String?
    public let hostedAgentID: HostedAgentID?
    public let expiresAt: Timestamp?
    public let createdAt: Timestamp

    public init(
        id: APIKeyID, key: String, prefix: String, name: String?, hostedAgentID: HostedAgentID?, expiresAt: Timestamp?,
        createdAt: Timestamp
    ) {
        self.id = id
        self.key = key
        self.prefix = prefix
        self.name = name
        self.hostedAgentID = hostedAgentID
        self.expiresAt = expiresAt
        self.createdAt = createdAt
    }
}

/// A key in a list: never its text.
public struct APIKeyView: Model {
    public let id: APIKeyID
    public let prefix: String
    /// The prefix and the first characters after it, enough to tell keys apart.
    public let displayPrefix: String
    public let name: String?
    public let hostedAgentID: HostedAgentID?
    /// `nil` when the key may do everything that the account may do.
    public let scopes: [Scope]?
    /// `nil` when it does not expire.
    public let expiresAt: Timestamp?
    public let revokedAt: Timestamp?
    public let lastUsedAt: Timestamp?
    public let createdAt: Timestamp

    public init(
        id: APIKeyID, prefix: String, displayPrefix: String, name: String?, hostedAgentID: HostedAgentID?,
        scopes: [Scope]?, expiresAt: Timestamp?, revokedAt: Timestamp?, lastUsedAt: Timestamp?, createdAt: Timestamp
    ) {
        self.id = id
        self.prefix = prefix
        self.displayPrefix = displayPrefix
        self.name = name
        self.hostedAgentID = hostedAgentID
        self.scopes = scopes
        self.expiresAt = expiresAt
        self.revokedAt = revokedAt
        self.lastUsedAt = lastUsedAt
        self.createdAt = createdAt
    }
}

public struct APIKeyList: Model {
    public let keys: [APIKeyView]
    public let nextCursor: String?

    public init(keys: [APIKeyView], nextCursor: String?) {
        self.keys = keys
        self.nextCursor = nextCursor
    }
}

public struct VerifiedAPIKey: Model {
    public let userID: AccountID
    public let hostedAgentID: HostedAgentID?
    public let apiKeyID: APIKeyID

    public init(userID: AccountID, hostedAgentID: HostedAgentID?, apiKeyID: APIKeyID) {
        self.userID = userID
        self.hostedAgentID = hostedAgentID
        self.apiKeyID = apiKeyID
    }
}

public struct RotationInput: Model {
    /// How long the old key lives on, 0 to 86,400 s; 0 when absent.
    public var overlapSeconds: Int?

    public static let rules: [String: MemberRule] = ["overlapSeconds": .range(0...86_400)]
}

public struct RevokedAPIKey: Model {
    public let id: APIKeyID
    public let revoked: Bool

    public init(id: APIKeyID) {
        self.id = id
        revoked = true
    }
}

/// A request that a key made.
public struct KeyRequestView: Model {
    public let at: Timestamp
    public let method: String
    /// The template of the path, with its parameters in braces: what was in their place is not kept.
    public let path: String
    public let status: Int
    /// Until the answer began.
    public let durationUs: Int64
    /// `X-Request-ID` of the answer.
    public let requestID: String

    public init(at: Timestamp, method: String, path: String, status: Int, durationUs: Int64, requestID: String) {
        self.at = at
        self.method = method
        self.path = path
        self.status = status
        self.durationUs = durationUs
        self.requestID = requestID
    }
}

public struct KeyRequestList: Model {
    public let requests: [KeyRequestView]
    public let nextCursor: String?

    public init(requests: [KeyRequestView], nextCursor: String?) {
        self.requests = requests
        self.nextCursor = nextCursor
    }
}

/// `/api/keys`.
public struct KeyEndpoints: EndpointGroup {
    public static let surface = Surface.clawConnected
    public static let service = ServiceName.auth

    public let create = Endpoint<APIKeyInput, CreatedAPIKey>(
        "keys.create", .post, "/api/keys", of: Self.self, access: .sessionOnly, success: 201,
        errors: [.notFound, .conflict], answersSecret: true, "Create an API key; its text is shown once")
    public let list = Endpoint<NoInput, APIKeyList>(
        "keys.list", .get, "/api/keys", of: Self.self, access: .account(.accountRead),
        query: [Parameter<Int>.limit, Parameter<PageCursor?>.cursor], "List your API keys")
    public let verify = Endpoint<NoInput, VerifiedAPIKey>(
        "keys.verify", .get, "/api/keys/verify", of: Self.self, access: .keyOnly, "Whose key this is")
    public let rotate = Endpoint<RotationInput, CreatedAPIKey>(
        "keys.rotate", .post, "/api/keys/rotate", of: Self.self, access: .keyOnly, errors: [.conflict],
        answersSecret: true, "Replace the presented key")
    public let rotateNamed = Endpoint<RotationInput, CreatedAPIKey>(
        "keys.rotate.named", .post, "/api/keys/{id}/rotate", of: Self.self, access: .ownKeys,
        errors: [.forbidden, .notFound, .conflict], answersSecret: true, "Replace one of your keys")
    public let revoke = Endpoint<NoInput, RevokedAPIKey>(
        "keys.revoke", .post, "/api/keys/{id}/revoke", of: Self.self, access: .sessionOnly, errors: [.notFound],
        "Revoke a key at once")
    public let requests = Endpoint<NoInput, KeyRequestList>(
        "keys.requests", .get, "/api/keys/{id}/requests", of: Self.self, access: .account(.accountRead),
        query: [Parameter<Int>.limit, Parameter<PageCursor?>.cursor], errors: [.notFound],
        "The last requests of one of your keys")
}
