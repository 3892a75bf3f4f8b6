/// Auth's answers to the other services.
public struct AuthInternal: EndpointGroup {
    public static let surface = Surface.internal
    public static let service = ServiceName.auth

    public let resolveCredential = Endpoint<CredentialInput, CredentialResolution>(
        "internal.credentials.resolve", .post, "/internal/credentials/resolve", of: Self.self,
        access: .service(from: ServiceName.withCallers),
        "Whose credential this is, and how many requests it may make")
    /// What is not told is lost, and nothing but the log lacks it.
    public let keyRequests = Endpoint<KeyRequestNotes, NoOutput>(
        "internal.keys.requests", .post, "/internal/keys/requests", of: Self.self,
        access: .service(from: ServiceName.withCallers), success: 204, "Which requests keys have made of a service")
    /// A process that holds places and says nothing for 20 s counts as dead.
    public let returnPlaces = Endpoint<PlaceReturn, NoOutput>(
        "internal.places.return", .post, "/internal/places/return", of: Self.self,
        access: .service(from: ServiceName.withCallers), success: 204, "Which requests in flight have ended")
    /// Server-sent events: `revoked` with `{credential_sha256}` or `{user_id}`; a comment every 5 s.
    public let revocations = Endpoint<NoInput, EventStreamOutput>(
        "internal.revocations", .get, "/internal/revocations", of: Self.self,
        access: .service(from: ServiceName.withCallers),
        "Credentials that stopped being valid")
    public let account = Endpoint<NoInput, AccountFacts>(
        "internal.accounts.get", .get, "/internal/accounts/{id}", of: Self.self,
        access: .service(from: [.talent, .payments]), errors: [.notFound],
        "An account")
    public let setUserType = Endpoint<UserTypeInput, AccountFacts>(
        "internal.accounts.userType", .put, "/internal/accounts/{id}/user-type", of: Self.self,
        access: .service(from: [.talent]),
        errors: [.notFound], "Switch an account between client and freelancer")
    public let setPlan = Endpoint<PlanInput, AccountFacts>(
        "internal.accounts.plan", .put, "/internal/accounts/{id}/plan", of: Self.self,
        access: .service(from: [.payments]),
        errors: [.notFound], "Set an account's plan")
    /// Repeating it with the same id spends nothing more.
    public let spendAdvice = Endpoint<NoInput, NoOutput>(
        "internal.agents.spend", .put, "/internal/agents/{id}/spendings/{spendingId}", of: Self.self,
        access: .service(from: [.contracts]), success: 204, errors: [.agentPaused],
        "Spend one recommendation of a hosted agent's month")
    public let giveAdviceBack = Endpoint<NoInput, NoOutput>(
        "internal.agents.giveBack", .delete, "/internal/agents/{id}/spendings/{spendingId}", of: Self.self,
        access: .service(from: [.contracts]), success: 204, "Give back what was spent for nothing")
}

/// A request that a key made of a service.
public struct KeyRequestNote: Model {
    public let apiKeyID: APIKeyID
    public let at: Timestamp
    public let method: String
    /// The template.
    public let path: String
    public let status: Int
    public let durationUs: Int64
    public let requestID: String

    public init(
        apiKeyID: APIKeyID, at: Timestamp, method: String, path: String, status: Int, durationUs: Int64,
        requestID: String
    ) {
        self.apiKeyID = apiKeyID
        self.at = at
        self.method = method
        self.path = path
        self.status = status
        self.durationUs = durationUs
        self.requestID = requestID
    }
}

/// What a service tells of at once: at most 50 requests of a key, because a key has 500 places.
public struct KeyRequestNotes: Model {
    public let requests: [KeyRequestNote]

    public init(_ requests: [KeyRequestNote]) { self.requests = requests }
}

public struct AccountFacts: Model {
    public let userID: AccountID
    public let userType: UserType
    public let plan: Plan
    public let displayName: String
    public let email: String?
    /// The address that the owner has proven, in lower case.
    public let verifiedEmail: String?
    /// GitHub's numeric id, because a username can be given up and taken by somebody else.
    public let githubID: Int64?
    public let githubUsername: String?
    /// Google's id of the owner.
    public let googleSubject: String?
    /// Whether the owner had an account before and deleted it.
    public let isReturning: Bool
    /// Grows with every change. `account.updated` carries it as the sequence.
    public let version: Int64
    public let createdAt: Timestamp

    public init(
        userID: AccountID, userType: UserType, plan: Plan, displayName: String, email: String?,
        verifiedEmail: String? = nil, githubID: Int64? = nil, githubUsername: String?, googleSubject: String? = nil,
        isReturning: Bool = false, version: Int64 = 1, createdAt: Timestamp
    ) {
        self.userID = userID
        self.userType = userType
        self.plan = plan
        self.displayName = displayName
        self.email = email
        self.verifiedEmail = verifiedEmail
        self.githubID = githubID
        self.githubUsername = githubUsername
        self.googleSubject = googleSubject
        self.isReturning = isReturning
        self.version = version
        self.createdAt = createdAt
    }
}

public struct UserTypeInput: Model {
    public let userType: UserType
    public init(userType: UserType) { self.userType = userType }
}

public struct PlanInput: Model {
    public let plan: Plan
}
