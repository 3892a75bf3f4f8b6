import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// Puts the sandbox's Stripe behind its routes.
struct StripeSandbox: Sendable {
    let parts: StripeParts
    private let gate: StripeGate
    /// All routes that go through the gate.
    let routes: [StripeGate.Route]
    private let onboarding: Onboarding
    private let page: CheckoutPage
    private let control: StripeControl
    /// The services that run beside the server.
    let sender: WebhookSender
    let watch: DeadlineWatch
    var objects: StripeObjectStore { parts.store }

    /// - Parameter base: How browsers reach the sandbox, without a trailing slash.
    init(
        database: Database, clock: SandboxClock, faults: FaultStore, http: OutboundHTTP, base: String,
        webhookURL: String,
        signature: WebhookSignature, logger: Logger
    ) {
        let parts = StripeParts(base: base)
        self.parts = parts
        let store = parts.store
        let news = WakeUp()
        let afterCommit: @Sendable () -> Void = { news.signal() }
        let lists = StripeLists(store: store)
        onboarding = Onboarding(
            store: store, accounts: parts.accounts, database: database, clock: clock, base: base,
            afterCommit: afterCommit)
        page = CheckoutPage(
            store: store, sessions: parts.sessions, deadlines: parts.deadlines, faults: faults,
            database: database, clock: clock, afterCommit: afterCommit)
        gate = StripeGate(
            database: database, clock: clock, faults: faults, deadlines: parts.deadlines,
            expansion: Expansion(store: store), afterCommit: afterCommit, logger: logger)
        control = StripeControl(parts: parts, database: database, clock: clock, afterCommit: afterCommit)
        sender = WebhookSender(
            database: database, clock: clock, http: http, url: webhookURL, signature: signature, wakeUp: news,
            logger: logger)
        watch = DeadlineWatch(
            database: database, clock: clock, deadlines: parts.deadlines, afterCommit: afterCommit,
            logger: logger)
        routes =
            PaymentIntentRoutes(
                store: store, intents: parts.intents,
                parameters: PaymentIntentParameters(customers: parts.customers),
                methods: parts.methods, lists: lists
            ).routes
            + ChargeRoutes(store: store, lists: lists).routes
            + CustomerRoutes(store: store, customers: parts.customers, lists: lists).routes
            + PaymentMethodRoutes(
                store: store, customers: parts.customers, methods: parts.methods, lists: lists
            ).routes
            + RefundRoutes(store: store, refunds: parts.refunds, lists: lists).routes
            + DisputeRoutes(store: store, events: parts.events, disputes: parts.disputes, lists: lists).routes
            + AccountRoutes(
                store: store, accounts: parts.accounts, events: parts.events, lists: lists,
                onboarding: onboarding
            ).routes
            + TransferRoutes(store: store, transfers: parts.transfers, lists: lists).routes
            + BalanceRoutes(store: store, accounts: parts.accounts, books: parts.books, lists: lists).routes
            + CheckoutRoutes(store: store, sessions: parts.sessions, customers: parts.customers, lists: lists).routes
            + EventRoutes(store: store, lists: lists).routes
    }

    func register(on raw: RawRoutes) {
        for route in routes { gate.register(route, on: raw) }
        gate.registerRest(on: raw)
        onboarding.register(on: raw)
        page.register(on: raw)
        control.register(on: raw)
    }
}
