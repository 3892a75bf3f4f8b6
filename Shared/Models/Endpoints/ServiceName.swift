/// Our executables. An entry here, its line in Package.swift and its folder are a service; `guildhallctl services` prints
/// what else follows (`docs/adding-a-service.md`).
public enum ServiceName: String, Sendable, CaseIterable, Codable, SchemaDescribed {
    // A new one comes last: the place of each gives its ports and addresses.
    case auth, talent, jobs, contracts, payments, notifications, messages, web, sandbox

    /// The services with a database and the secret of the services. Web has neither: it is a client of the API.
    public static let withDatabase = allCases.filter { $0 != .web }

    /// The services with endpoints that people and programs call. Each asks auth who is calling.
    public static let withCallers = Set(withDatabase).subtracting([.sandbox])

    /// The services that call providers, and the sandbox, which stands in for these. Compose lets no other out.
    public static let reachingOutside: Set<ServiceName> = [
        .auth, .talent, .contracts, .payments, .notifications, .sandbox,
    ]

    /// The service's port is the port base (`GUILDHALL_PORT`, the gateway's port) plus this number.
    public var portOffset: Int { Self.offsets[self, default: 0] }

    private static let offsets = Dictionary(uniqueKeysWithValues: zip(allCases, 1...))

    /// What the service owns, for the README's table.
    public var owns: String {
        switch self {
        case .auth: "accounts, passwords, sessions, API keys, plans and limits"
        case .talent: "profiles, pictures and media, matches"
        case .jobs: "gigs, jobs, applications, categories and skills"
        case .contracts: "negotiations, contracts, milestones, disputes, reviews"
        case .payments: "the ledger, escrows, checkouts, wallets, payouts, credits, Stripe's webhook"
        case .notifications: "channels, webhooks, deliveries"
        case .messages: "conversations, messages, who has read what"
        case .web: "the pages for people, made from the public API"
        case .sandbox: "the made-up outside world; development only"
        }
    }
}
