import ServiceKit

/// What the sandbox's Stripe is made of, put together.
struct StripeParts: Sendable {
    let store = StripeObjectStore()
    let events: StripeEvents
    let books: Balances
    let customers: Customers
    let methods: PaymentMethods
    let disputes: Disputes
    let refunds: Refunds
    let intents: PaymentIntents
    let accounts: Accounts
    let transfers: Transfers
    let payouts: Payouts
    let sessions: CheckoutSessions
    let deadlines: StripeDeadlines

    /// - Parameter base: How browsers reach the sandbox, without a trailing slash.
    init(base: String) {
        events = StripeEvents(store: store)
        books = Balances(store: store)
        customers = Customers(store: store, events: events)
        methods = PaymentMethods(store: store, events: events, customers: customers)
        disputes = Disputes(store: store, events: events, books: books)
        refunds = Refunds(store: store, events: events, books: books)
        intents = PaymentIntents(
            store: store, events: events,
            charges: Charges(store: store, events: events, books: books, disputes: disputes),
            customers: customers, methods: methods)
        accounts = Accounts(store: store, events: events)
        transfers = Transfers(store: store, events: events, accounts: accounts, books: books)
        payouts = Payouts(store: store, events: events, books: books)
        sessions = CheckoutSessions(store: store, events: events, intents: intents, base: base)
        deadlines = StripeDeadlines(
            store: store, intents: intents, sessions: sessions, refunds: refunds, payouts: payouts)
    }
}
