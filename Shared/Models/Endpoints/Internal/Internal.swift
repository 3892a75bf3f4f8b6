/// What services ask each other. The gateway refuses `/internal`; each call carries a service token.
public enum InternalEndpoints {
    /// Every service that is a destination of some event takes it here, idempotently by event id.
    public static func receiveEvents(_ service: ServiceName) -> Endpoint<EventBatch, NoOutput> {
        Endpoint(
            "internal.\(service.rawValue).events", .post, "/internal/events", of: service, access: .service,
            success: 204, "Events of another service")
    }
}

/// Auth's answers to the other services.
public enum AuthInternal {
    public static let resolveCredential = Endpoint<CredentialInput, CredentialResolution>(
        "internal.credentials.resolve", .post, "/internal/credentials/resolve", of: .auth, access: .service,
        "Whose credential this is, and how many requests it may make")
    /// Server-sent events: `revoked` with `{credential_sha256}` or `{user_id}`; a comment every 5 s.
    public static let revocations = Endpoint<NoInput, EventStreamOutput>(
        "internal.revocations", .get, "/internal/revocations", of: .auth, access: .service,
        "Credentials that stopped being valid")
    public static let account = Endpoint<NoInput, AccountFacts>(
        "internal.accounts.get", .get, "/internal/accounts/{id}", of: .auth, access: .service, errors: [.notFound],
        "An account")
    public static let setUserType = Endpoint<UserTypeInput, AccountFacts>(
        "internal.accounts.userType", .put, "/internal/accounts/{id}/user-type", of: .auth, access: .service,
        errors: [.notFound], "Switch an account between client and freelancer")
    public static let setPlan = Endpoint<PlanInput, AccountFacts>(
        "internal.accounts.plan", .put, "/internal/accounts/{id}/plan", of: .auth, access: .service,
        errors: [.notFound], "Set an account's plan")

    public static let all: [Operation] = [
        resolveCredential.operation, revocations.operation, account.operation, setUserType.operation, setPlan.operation,
    ]
}

public struct CredentialInput: Model {
    /// How the credential came: the session cookie, or a bearer token or key.
    public let source: CredentialSource
    public let secret: String
    /// Requests of the last grant that were not used, to be given back.
    public let unspent: Int

    public init(source: CredentialSource, secret: String, unspent: Int) {
        self.source = source
        self.secret = secret
        self.unspent = unspent
    }

    enum CodingKeys: String, CodingKey { case source, secret, unspent }
}

public enum CredentialSource: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case cookie, token
}

/// Exactly one of `principal` and `refusal` is set.
public struct CredentialResolution: Model {
    public let principal: Principal?
    public let grant: Grant?
    /// Why the credential is not accepted, for the caller.
    public let refusal: String?

    public init(principal: Principal, grant: Grant) {
        self.principal = principal
        self.grant = grant
        refusal = nil
    }

    public init(refusal: String) {
        principal = nil
        grant = nil
        self.refusal = refusal
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
    /// `nil`: everything the account may do.
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

    enum CodingKeys: String, CodingKey {
        case accountID = "user_id"
        case userType = "user_type"
        case isAdmin = "is_admin"
        case plan, credential
        case sessionID = "session_id"
        case apiKeyID = "api_key_id"
        case hostedAgentID = "hosted_agent_id"
        case scopes
        case githubUsername = "github_username"
        case expiresAt = "expires_at"
    }
}

/// How many requests a service may let through for an account before it asks again.
public struct Grant: Model, Equatable {
    /// Requests granted; 0 means the limit is reached until `retryAfterSeconds` have passed.
    public let requests: Int
    /// Until when they may be used.
    public let expiresAt: Timestamp
    /// The plan's requests per minute, for `X-RateLimit-Limit`.
    public let limit: Int
    /// What is left of the minute after this grant, for `X-RateLimit-Remaining`.
    public let remaining: Int
    /// When the minute ends, for `X-RateLimit-Reset`.
    public let resetsAt: Timestamp
    /// Requests of the account in flight at once, per service.
    public let concurrent: Int
    public let retryAfterSeconds: Int

    public init(
        requests: Int, expiresAt: Timestamp, limit: Int, remaining: Int, resetsAt: Timestamp, concurrent: Int,
        retryAfterSeconds: Int
    ) {
        self.requests = requests
        self.expiresAt = expiresAt
        self.limit = limit
        self.remaining = remaining
        self.resetsAt = resetsAt
        self.concurrent = concurrent
        self.retryAfterSeconds = retryAfterSeconds
    }

    enum CodingKeys: String, CodingKey {
        case requests
        case expiresAt = "expires_at"
        case limit, remaining
        case resetsAt = "resets_at"
        case concurrent
        case retryAfterSeconds = "retry_after_seconds"
    }
}

public struct AccountFacts: Model {
    public let userID: AccountID
    public let userType: UserType
    public let plan: Plan
    public let displayName: String
    public let email: String?
    /// GitHub's number: a username can be given up and taken by another.
    public let githubID: Int64?
    public let githubUsername: String?
    public let createdAt: Timestamp

    public init(
        userID: AccountID, userType: UserType, plan: Plan, displayName: String, email: String?,
        githubID: Int64? = nil, githubUsername: String?, createdAt: Timestamp
    ) {
        self.userID = userID
        self.userType = userType
        self.plan = plan
        self.displayName = displayName
        self.email = email
        self.githubID = githubID
        self.githubUsername = githubUsername
        self.createdAt = createdAt
    }

    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case userType = "user_type"
        case plan
        case displayName = "display_name"
        case email
        case githubID = "github_id"
        case githubUsername = "github_username"
        case createdAt = "created_at"
    }
}

public struct UserTypeInput: Model {
    public let userType: UserType
    public init(userType: UserType) { self.userType = userType }
    enum CodingKeys: String, CodingKey { case userType = "user_type" }
}

public struct PlanInput: Model {
    public let plan: Plan
    public init(plan: Plan) { self.plan = plan }
}

/// Talent's answers.
public enum TalentInternal {
    public static let profiles = Endpoint<ProfileQuery, ProfileBatch>(
        "internal.profiles", .post, "/internal/profiles/query", of: .talent, access: .service, "Many profiles at once")
    public static let receiveEvents = InternalEndpoints.receiveEvents(.talent)
    public static let all: [Operation] = [profiles.operation, receiveEvents.operation]
}

public struct ProfileQuery: Model {
    public let userIDs: [AccountID]
    public init(userIDs: [AccountID]) { self.userIDs = userIDs }
    public static let rules: [String: MemberRule] = ["user_ids": .count(0...100)]
    enum CodingKeys: String, CodingKey { case userIDs = "user_ids" }
}

public struct ProfileBatch: Model {
    public let profiles: [PublicProfile]
    public init(profiles: [PublicProfile]) { self.profiles = profiles }
}

/// Jobs' answers.
public enum JobsInternal {
    /// Holds a shortlisted applicant for a negotiation about to be opened. Repeating it with the same negotiation
    /// is harmless; it lapses after 60 s unless `negotiation.created` follows.
    public static let engage = Endpoint<EngagementInput, EngagedGig>(
        "internal.gigs.engage", .post, "/internal/gigs/{id}/engagements", of: .jobs, access: .service,
        errors: [.forbidden, .notFound, .conflict], "Reserve a shortlisted applicant for a negotiation")
    public static let receiveEvents = InternalEndpoints.receiveEvents(.jobs)
    public static let all: [Operation] = [engage.operation, receiveEvents.operation]
}

public struct EngagementInput: Model {
    public let negotiationID: NegotiationID
    public let clientUserID: AccountID
    public let workerUserID: AccountID

    public init(negotiationID: NegotiationID, clientUserID: AccountID, workerUserID: AccountID) {
        self.negotiationID = negotiationID
        self.clientUserID = clientUserID
        self.workerUserID = workerUserID
    }

    enum CodingKeys: String, CodingKey {
        case negotiationID = "negotiation_id"
        case clientUserID = "client_user_id"
        case workerUserID = "worker_user_id"
    }
}

/// What a negotiation takes over from its gig.
public struct EngagedGig: Model {
    public let gigID: GigID
    public let title: String
    public let rateCents: Int64?

    public init(gigID: GigID, title: String, rateCents: Int64?) {
        self.gigID = gigID
        self.title = title
        self.rateCents = rateCents
    }

    enum CodingKeys: String, CodingKey {
        case gigID = "gig_id"
        case title
        case rateCents = "rate_cents"
    }
}

/// Contracts' answers.
public enum ContractsInternal {
    /// Whether an account has negotiations or contracts that are not over, in either role.
    public static let openDeals = Endpoint<NoInput, OpenDeals>(
        "internal.accounts.deals", .get, "/internal/accounts/{id}/open-deals", of: .contracts, access: .service,
        "An account's deals that are not over")
    public static let receiveEvents = InternalEndpoints.receiveEvents(.contracts)
    public static let all: [Operation] = [openDeals.operation, receiveEvents.operation]
}

public struct OpenDeals: Model {
    public let asClient: Int
    public let asWorker: Int

    public init(asClient: Int, asWorker: Int) {
        self.asClient = asClient
        self.asWorker = asWorker
    }

    enum CodingKeys: String, CodingKey {
        case asClient = "as_client"
        case asWorker = "as_worker"
    }
}

/// Payments' answers: what happened to money.
public enum PaymentsInternal {
    /// A one-time link to the provider's onboarding; makes the account there when the payee has none.
    public static let onboardingLink = Endpoint<NoInput, ConnectLink>(
        "internal.payees.link", .post, "/internal/payees/{id}/onboarding-link", of: .payments, access: .service,
        errors: [.conflict, .badGateway, .serviceUnavailable], idempotency: .resumable, "A payee's onboarding link")
    /// Makes, or finds, the manual-capture PaymentIntent of a milestone.
    public static let fund = Endpoint<EscrowInput, EscrowView>(
        "internal.escrows.fund", .post, "/internal/escrows/{id}/fund", of: .payments, access: .service,
        errors: [.conflict, .badGateway, .serviceUnavailable], idempotency: .resumable, "Begin funding a milestone")
    /// Captures if need be, posts fee and earning to the ledger, schedules the payout. Repeating it answers the same.
    public static let release = Endpoint<NoInput, EscrowView>(
        "internal.escrows.release", .post, "/internal/escrows/{id}/release", of: .payments, access: .service,
        errors: [.notFound, .conflict, .badGateway, .serviceUnavailable], idempotency: .resumable, "Release a milestone's money")
    /// Lets the hold go, or gives captured money back. An escrow that is released refuses.
    public static let cancel = Endpoint<NoInput, EscrowView>(
        "internal.escrows.cancel", .post, "/internal/escrows/{id}/cancel", of: .payments, access: .service,
        errors: [.notFound, .conflict, .badGateway, .serviceUnavailable], idempotency: .resumable, "Cancel a milestone's hold")
    /// Divides a milestone's money as a dispute was decided. Repeating it answers the same.
    public static let settle = Endpoint<SettlementInput, EscrowView>(
        "internal.escrows.settle", .post, "/internal/escrows/{id}/settle", of: .payments, access: .service,
        errors: [.notFound, .conflict, .badGateway, .serviceUnavailable], idempotency: .resumable,
        "Divide a disputed milestone's money")
    /// Books the fee of a dispute's arbitration, once for each dispute, as owed by the party that lost it.
    public static let chargeArbitration = Endpoint<ArbitrationInput, NoOutput>(
        "internal.disputes.charge", .post, "/internal/disputes/{id}/fee", of: .payments, access: .service, success: 204,
        "Book an arbitration fee")
    public static let credits = Endpoint<NoInput, CreditsView>(
        "internal.credits", .get, "/internal/accounts/{id}/credits", of: .payments, access: .service, "An account's credits")
    /// The ledger of one milestone, for the demo, support and the reconciler.
    public static let ledger = Endpoint<NoInput, MilestoneLedger>(
        "internal.escrows.ledger", .get, "/internal/escrows/{id}/ledger", of: .payments, access: .service,
        errors: [.notFound], "A milestone's ledger")
    public static let receiveEvents = InternalEndpoints.receiveEvents(.payments)

    public static let all: [Operation] = [
        onboardingLink.operation, fund.operation, release.operation, cancel.operation, settle.operation,
        chargeArbitration.operation, credits.operation, ledger.operation, receiveEvents.operation,
    ]
}

public struct EscrowInput: Model {
    public let contractID: ContractID
    public let clientUserID: AccountID
    public let workerUserID: AccountID
    public let amountCents: Int64
    public let payoutDelayDays: Int

    public init(contractID: ContractID, clientUserID: AccountID, workerUserID: AccountID, amountCents: Int64, payoutDelayDays: Int) {
        self.contractID = contractID
        self.clientUserID = clientUserID
        self.workerUserID = workerUserID
        self.amountCents = amountCents
        self.payoutDelayDays = payoutDelayDays
    }

    public static let rules: [String: MemberRule] = ["amount_cents": .range(1...9_007_199_254_740_991), "payout_delay_days": .range(0...10)]

    enum CodingKeys: String, CodingKey {
        case contractID = "contract_id"
        case clientUserID = "client_user_id"
        case workerUserID = "worker_user_id"
        case amountCents = "amount_cents"
        case payoutDelayDays = "payout_delay_days"
    }
}

public struct SettlementInput: Model {
    /// How much of the amount is the worker's, in US cents, before the platform's fee; the rest goes back to the client.
    public let workerCents: Int64

    public init(workerCents: Int64) { self.workerCents = workerCents }

    public static let rules: [String: MemberRule] = ["worker_cents": .amount]

    enum CodingKeys: String, CodingKey { case workerCents = "worker_cents" }
}

public struct ArbitrationInput: Model {
    public let payerUserID: AccountID
    /// US cents.
    public let amountCents: Int64

    public init(payerUserID: AccountID, amountCents: Int64) {
        self.payerUserID = payerUserID
        self.amountCents = amountCents
    }

    public static let rules: [String: MemberRule] = ["amount_cents": .range(1...9_007_199_254_740_991)]

    enum CodingKeys: String, CodingKey {
        case payerUserID = "payer_user_id"
        case amountCents = "amount_cents"
    }
}

/// Where a milestone's money is.
///
///     unfunded ──fund──▶ authorizing ──capturable──▶ held ──capture──▶ escrowed ──release──▶ released ──transfer──▶ paid
///                          │   ▲                      │                                 ▲
///                          │   └──────cancel/lapse────┘──────────release────────────────┘
///                          ▼
///                       unfunded ◀──refund── escrowed
public enum EscrowState: String, Codable, CaseIterable, Sendable, SchemaDescribed {
    case unfunded, authorizing, held, escrowed, released, paid
}

public struct EscrowView: Model {
    public let milestoneID: MilestoneID
    public let state: EscrowState
    public let amountCents: Int64
    public let platformFeeCents: Int64
    public let transferCents: Int64
    public let payoutAt: Timestamp?
    public let paymentIntentID: String?
    public let clientSecret: String?

    public init(
        milestoneID: MilestoneID, state: EscrowState, amountCents: Int64, platformFeeCents: Int64, transferCents: Int64,
        payoutAt: Timestamp?, paymentIntentID: String?, clientSecret: String?
    ) {
        self.milestoneID = milestoneID
        self.state = state
        self.amountCents = amountCents
        self.platformFeeCents = platformFeeCents
        self.transferCents = transferCents
        self.payoutAt = payoutAt
        self.paymentIntentID = paymentIntentID
        self.clientSecret = clientSecret
    }

    enum CodingKeys: String, CodingKey {
        case milestoneID = "milestone_id"
        case state
        case amountCents = "amount_cents"
        case platformFeeCents = "platform_fee_cents"
        case transferCents = "transfer_cents"
        case payoutAt = "payout_at"
        case paymentIntentID = "payment_intent_id"
        case clientSecret = "client_secret"
    }
}

public struct CreditsView: Model {
    public let creditsBalance: Int64
    public init(creditsBalance: Int64) { self.creditsBalance = creditsBalance }
    enum CodingKeys: String, CodingKey { case creditsBalance = "credits_balance" }
}

public struct MilestoneLedger: Model {
    public let milestoneID: MilestoneID
    public let state: EscrowState
    public let transferID: String?
    public let entries: [LedgerEntryView]

    public init(milestoneID: MilestoneID, state: EscrowState, transferID: String?, entries: [LedgerEntryView]) {
        self.milestoneID = milestoneID
        self.state = state
        self.transferID = transferID
        self.entries = entries
    }

    enum CodingKeys: String, CodingKey {
        case milestoneID = "milestone_id"
        case state
        case transferID = "transfer_id"
        case entries
    }
}

public struct LedgerEntryView: Model {
    public let transactionID: LedgerTransactionID
    public let kind: String
    public let account: String
    /// Positive: the account gains. The entries of one transaction sum to zero.
    public let amountMinor: Int64
    public let currency: Currency
    public let at: Timestamp

    public init(transactionID: LedgerTransactionID, kind: String, account: String, amountMinor: Int64, currency: Currency, at: Timestamp) {
        self.transactionID = transactionID
        self.kind = kind
        self.account = account
        self.amountMinor = amountMinor
        self.currency = currency
        self.at = at
    }

    enum CodingKeys: String, CodingKey {
        case transactionID = "transaction_id"
        case kind, account
        case amountMinor = "amount_minor"
        case currency, at
    }
}

/// Notifications' answers.
public enum NotificationsInternal {
    public static let receiveEvents = InternalEndpoints.receiveEvents(.notifications)
    public static let all: [Operation] = [receiveEvents.operation]
}
