import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// Puts the sandbox's Stripe together.
struct StripeSandbox: Sendable {
    private let gate: StripeGate
    /// All routes that go through the gate.
    let routes: [StripeGate.Route]
    private let rest: EventRoutes
    private let onboarding: Onboarding
    private let page: CheckoutPage
    /// The services that run beside the server.
    let sender: WebhookSender
    let watch: DeadlineWatch
    let objects = StripeObjectStore()

    /// - Parameter base: How browsers reach the sandbox, without a trailing slash.
    init(
        database: Database, clock: SandboxClock, faults: FaultStore, http: OutboundHTTP, base: String,
        webhookURL: String,
        signature: WebhookSignature, logger: Logger
    ) {
        let store = objects
        let news = WakeUp()
        let afterCommit: @Sendable () -> Void = { news.signal() }
        let lists = StripeLists(store: store)
        let events = StripeEvents(store: store)
        let customers = Customers(store: store, events: events)
        let methods = PaymentMethods(store: store, events: events, customers: customers)
        let intents = PaymentIntents(
            store: store, events: events, charges: Charges(store: store, events: events),
            customers: customers,
            methods: methods)
        let accounts = Accounts(store: store, events: events)
        let sessions = CheckoutSessions(store: store, events: events, intents: intents, base: base)
        let deadlines = StripeDeadlines(store: store, intents: intents, sessions: sessions)
        onboarding = Onboarding(
            store: store, accounts: accounts, database: database, clock: clock, base: base,
            afterCommit: afterCommit)
        page = CheckoutPage(
            store: store, sessions: sessions, deadlines: deadlines, faults: faults, database: database,
            clock: clock,
            afterCommit: afterCommit)
        gate = StripeGate(
            database: database, clock: clock, faults: faults, deadlines: deadlines,
            expansion: Expansion(store: store),
            afterCommit: afterCommit, logger: logger)
        sender = WebhookSender(
            database: database, clock: clock, http: http, url: webhookURL, signature: signature, wakeUp: news,
            logger: logger)
        watch = DeadlineWatch(
            database: database, clock: clock, deadlines: deadlines, afterCommit: afterCommit,
            logger: logger)
        rest = EventRoutes(store: store, lists: lists)
        routes =
            PaymentIntentRoutes(
                store: store, intents: intents, parameters: PaymentIntentParameters(customers: customers),
                methods: methods, lists: lists
            ).routes
            + ChargeRoutes(store: store, lists: lists).routes
            + CustomerRoutes(store: store, customers: customers, lists: lists).routes
            + PaymentMethodRoutes(store: store, customers: customers, methods: methods, lists: lists).routes
            + RefundRoutes(store: store, events: events, lists: lists).routes
            + AccountRoutes(
                store: store, accounts: accounts, events: events, lists: lists, onboarding: onboarding
            ).routes
            + TransferRoutes(store: store, events: events, lists: lists).routes
            + CheckoutRoutes(store: store, sessions: sessions, lists: lists).routes
            + rest.routes
    }

    func register(on raw: RawRoutes) {
        for route in routes { gate.register(route, on: raw) }
        rest.registerRest(on: raw)
        onboarding.register(on: raw)
        page.register(on: raw)
    }
}
