/// All endpoints. Each stored property is a group of them, in the order of the OpenAPI document.
///
/// The lists below are read from these properties, so no list is kept by hand.
public struct Catalogue: Sendable {
    public let health = HealthEndpoints()
    public let session = SessionEndpoints()
    public let auth = AuthEndpoints()
    public let registrations = RegistrationEndpoints()
    public let passwords = PasswordEndpoints()
    public let adminUsers = AdminUserEndpoints()
    public let tiers = TierEndpoints()
    public let serviceStates = ServiceStateEndpoints()
    public let keys = KeyEndpoints()
    public let scopedKeys = ScopedKeyEndpoints()
    public let oauth = OAuthEndpoints()
    public let oauthClients = OAuthClientEndpoints()
    public let oauthGrants = OAuthGrantEndpoints()
    public let oauthMetadata = OAuthMetadataEndpoints()
    public let hostedAgents = HostedAgentEndpoints()
    public let account = AccountEndpoints()
    public let profiles = ProfileEndpoints()
    public let freelancerProfiles = FreelancerProfileEndpoints()
    public let clientProfiles = ClientProfileEndpoints()
    public let pictures = PictureEndpoints()
    public let media = MediaEndpoints()
    public let talentProfiles = TalentProfileEndpoints()
    public let resumes = ResumeEndpoints()
    public let repositories = RepositoryEndpoints()
    public let vouches = VouchEndpoints()
    public let matches = MatchEndpoints()
    public let analytics = AnalyticsEndpoints()
    public let gigs = GigEndpoints()
    public let applications = ApplicationEndpoints()
    public let jobs = JobEndpoints()
    public let jobApplications = JobApplicationEndpoints()
    public let categories = CategoryEndpoints()
    public let skills = SkillEndpoints()
    public let negotiations = NegotiationEndpoints()
    public let contracts = ContractEndpoints()
    public let reviews = ReviewEndpoints()
    public let disputes = DisputeEndpoints()
    public let clientContracts = ClientContractEndpoints()
    public let freelancerContracts = FreelancerContractEndpoints()
    public let clientReviews = ClientReviewEndpoints()
    public let stripe = StripeEndpoints()
    public let notifications = NotificationEndpoints()
    public let reading = ReadingEndpoints()
    public let unsubscribing = UnsubscribeEndpoints()
    public let skillSyncWebhooks = SkillSyncWebhookEndpoints()
    public let feed = FeedEndpoints()
    public let credits = CreditEndpoints()
    public let earnings = EarningsEndpoints()
    public let ledger = LedgerEndpoints()
    public let escrowCases = EscrowCaseEndpoints()
    public let messages = MessageEndpoints()
    public let checkouts = CheckoutEndpoints()
    public let escrow = EscrowEndpoints()
    public let wallets = WalletEndpoints()

    public let authInternal = AuthInternal()
    public let talentInternal = TalentInternal()
    public let people = PeopleInternal()
    public let jobsInternal = JobsInternal()
    public let hiringInternal = HiringInternal()
    public let catalogueInternal = CatalogueInternal()
    public let contractsInternal = ContractsInternal()
    public let checkoutInternal = CheckoutInternal()
    public let paymentsInternal = PaymentsInternal()
    public let notificationsInternal = NotificationsInternal()
    public let messagesInternal = MessagesInternal()
    public let matchInternal = MatchInternal()
    public let mediaInternal = MediaInternal()

    public let userImport = UserImport()
    public let profileImport = ProfileImport()
    public let jobImport = JobImport()
    public let contractImport = ContractImport()
    public let moneyImport = MoneyImport()
    public let chatImport = ChatImport()
    public let noticeImport = NoticeImport()

    static let shared = Catalogue()

    public static let all = Mirror(reflecting: shared).children
        .compactMap { $0.value as? any EndpointGroup }.flatMap(\.operations)
    /// The endpoints that the gateway lets through and OpenAPI shows.
    public static let published = all.filter { $0.surface != .internal }
    /// The endpoints that only our services may call.
    public static let `internal` = all.filter { $0.surface == .internal }

    public static func operations(of service: ServiceName) -> [Operation] {
        all.filter { $0.service == service }
    }
}

/// An endpoint by its group: `Endpoints.gigs.create`.
@dynamicMemberLookup
public enum Endpoints {
    public static subscript<Group: EndpointGroup>(dynamicMember group: KeyPath<Catalogue, Group>) -> Group {
        Catalogue.shared[keyPath: group]
    }
}
