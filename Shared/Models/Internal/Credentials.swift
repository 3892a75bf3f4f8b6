public struct CredentialInput: Model {
    /// How the credential came: the session cookie, or a bearer token or key.
    public let source: CredentialSource
    public let secret: String
    /// Unused requests of the last grant, to be given back.
    public let unspent: Int
    /// The place that the request takes among those that the account has in flight; `nil` when it takes none.
    public let place: PlaceRequest?

    public init(source: CredentialSource, secret: String, unspent: Int, place: PlaceRequest? = nil) {
        self.source = source
        self.secret = secret
        self.unspent = unspent
        self.place = place
    }
}

/// A place for a request in flight, by an id that the process has made up. Taking it twice takes one.
public struct PlaceRequest: Model {
    public let placeID: PlaceID
    public let replicaID: ReplicaID

    public init(placeID: PlaceID, replicaID: ReplicaID) {
        self.placeID = placeID
        self.replicaID = replicaID
    }
}

/// Says that a process is alive, and which of its requests have ended.
public struct PlaceReturn: Model {
    public let replicaID: ReplicaID
    /// Those that are free already, or never were taken, do no harm.
    public let placeIDs: [PlaceID]

    public init(replicaID: ReplicaID, placeIDs: [PlaceID]) {
        self.replicaID = replicaID
        self.placeIDs = placeIDs
    }
}

public enum CredentialSource: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case cookie, token
}

/// Exactly one of `principal` and `refusal` is set.
public struct CredentialResolution: Model {
    public let principal: Principal?
    public let grant: Grant?
    /// Why the credential is refused, in words for the caller.
    public let refusal: String?
    /// Whether it would be valid if its account were not blocked.
    public let isBlocked: Bool?

    public init(principal: Principal, grant: Grant) {
        self.principal = principal
        self.grant = grant
        refusal = nil
        isBlocked = nil
    }

    public init(refusal: String, isBlocked: Bool? = nil) {
        principal = nil
        grant = nil
        self.refusal = refusal
        self.isBlocked = isBlocked
    }
}

/// Who is calling.
public struct Principal: Model, Equatable {
    public let accountID: AccountID
    public let userType: UserType
    public let isAdmin: Bool
    public let plan: Plan
    public let credential: CredentialKind
    public let sessionID: SessionID?
    public let apiKeyID: APIKeyID?
    public let hostedAgentID: HostedAgentID?
    /// `nil` when the credential may do everything that the account may do.
    public let scopes: [Scope]?
    public let githubUsername: String?
    /// When the credential itself ends.
    public let expiresAt: Timestamp?

    public init(
        accountID: AccountID, userType: UserType, isAdmin: Bool, plan: Plan, credential: CredentialKind,
        sessionID: SessionID? = nil, apiKeyID: APIKeyID? = nil, hostedAgentID: HostedAgentID? = nil,
        scopes: [Scope]? = nil, githubUsername: String? = nil, expiresAt: Timestamp? = nil
    ) {
        self.accountID = accountID
        self.userType = userType
        self.isAdmin = isAdmin
        self.plan = plan
        self.credential = credential
        self.sessionID = sessionID
        self.apiKeyID = apiKeyID
        self.hostedAgentID = hostedAgentID
        self.scopes = scopes
        self.githubUsername = githubUsername
        self.expiresAt = expiresAt
    }
}

/// How many requests a service may let through for an account before it asks again.
public struct Grant: Model, Equatable {
    /// Requests granted; 0 means the limit is reached until `retryAfterSeconds` have passed.
    public let requests: Int
    /// When unused requests of the grant lapse.
    public let expiresAt: Timestamp
    /// The plan's requests per minute, for `X-RateLimit-Limit`.
    public let limit: Int
    /// How many requests of the minute are left after this grant, for `X-RateLimit-Remaining`.
    public let remaining: Int
    /// When the minute ends, for `X-RateLimit-Reset`.
    public let resetsAt: Timestamp
    /// Requests of the account in flight at once, over all services and replicas.
    public let concurrent: Int
    public let retryAfterSeconds: Int
    /// Whether the place that was asked for was taken. It must be given back.
    public let hasPlace: Bool
    /// Whether nothing was granted because the account has no place free. That can change at any moment.
    public let isFull: Bool

    public init(
        requests: Int, expiresAt: Timestamp, limit: Int, remaining: Int, resetsAt: Timestamp, concurrent: Int,
        retryAfterSeconds: Int, hasPlace: Bool = false, isFull: Bool = false
    ) {
        self.requests = requests
        self.expiresAt = expiresAt
        self.limit = limit
        self.remaining = remaining
        self.resetsAt = resetsAt
        self.concurrent = concurrent
        self.retryAfterSeconds = retryAfterSeconds
        self.hasPlace = hasPlace
        self.isFull = isFull
    }
}
