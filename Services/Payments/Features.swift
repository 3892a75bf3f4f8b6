import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// The workflows of this service, put together.
struct Features: Sendable {
    let escrows: EscrowWorkflow
    let escrowSchedule: EscrowSchedule
    let checkouts: CheckoutWorkflow
    let checkoutSchedule: CheckoutSchedule
    let reports: EscrowReportWorkflow
    let wallets: WalletWorkflow
    let moneyImport: MoneyImportWorkflow
    let arbitration: ArbitrationWorkflow
    let arbitrationSchedule: ArbitrationSchedule
    let payees: PayeeWorkflow
    let payers: PayerWorkflow
    let payerSchedule: PayerSchedule
    let credits: CreditsWorkflow
    let ledger: LedgerWorkflow
    let earnings: EarningsWorkflow
    let cases: CaseWorkflow
    let resolutions: CaseResolver
    let reversals: ReversalWorkflow
    let payeeSchedule: PayeeSchedule
    let sweep: MoneySweep
    let reconciler: Reconciler
    let webhook: StripeWebhook
    let eventReader: StripeEventReader
    let standing: StripeStanding
    let stripeEvents: StripeEventHandler
    let news: PaymentsNews

    init(_ kit: Kit, _ settings: PaymentsSettings) {
        self.init(
            settings, database: kit.database, clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler,
            http: kit.http, peers: LivePaymentsPeers(peers: kit.peers), clientURL: kit.settings.clientURL,
            secret: kit.settings.serviceSecret, logger: kit.logger)
    }

    init(
        _ settings: PaymentsSettings, database: Database, clock: any DomainClock, outbox: Outbox, scheduler: Scheduler,
        http: OutboundHTTP, peers: any PaymentsPeers, clientURL: String, secret: RotatingSecret,
        logger: Logger
    ) {
        let caseStore = CaseStore(outbox: outbox)
        standing = StripeStanding(logger: logger)
        let stripe = StripeClient(
            http: http, base: settings.stripeBase, key: settings.stripeKey, standing: standing)
        let book = EscrowBook(
            clock: clock, outbox: outbox, scheduler: scheduler, feeBasisPoints: settings.feeBasisPoints,
            secrets: ClientSecrets(of: secret))
        payers = PayerWorkflow(database: database, clock: clock, scheduler: scheduler, stripe: stripe)
        payerSchedule = PayerSchedule(workflow: payers, clock: clock)
        let checkoutBook = CheckoutBook(
            clock: clock, scheduler: scheduler, cases: caseStore, feeBasisPoints: settings.escrowFeeBasisPoints)
        let checkoutFollower = CheckoutFollower(
            database: database, book: checkoutBook, stripe: stripe, logger: logger)
        checkouts = CheckoutWorkflow(
            mover: CheckoutMover(
                database: database, book: checkoutBook,
                provider: CheckoutProvider(stripe: stripe, peers: peers, clientURL: clientURL), logger: logger),
            stripe: stripe, peers: peers, follower: checkoutFollower, logger: logger)
        checkoutSchedule = CheckoutSchedule(workflow: checkouts, clock: clock)
        reports = EscrowReportWorkflow(database: database, peers: peers, logger: logger)
        moneyImport = MoneyImportWorkflow(database: database, clock: clock, cases: caseStore)
        wallets = WalletWorkflow(
            database: database, clock: clock, peers: peers, cases: caseStore, logger: logger)
        let follower = PaymentFollower(
            database: database, book: book, stripe: stripe, checkouts: checkoutFollower, logger: logger)
        reversals = ReversalWorkflow(database: database, book: book, stripe: stripe, logger: logger)
        cases = CaseWorkflow(database: database, clock: clock, cases: caseStore)
        escrows = EscrowWorkflow(
            mover: EscrowMover(
                database: database, book: book, provider: EscrowProvider(stripe: stripe), payers: payers,
                logger: logger),
            stripe: stripe, follower: follower)
        reconciler = Reconciler(
            database: database, clock: clock, stripe: stripe, cases: caseStore, logger: logger)
        sweep = MoneySweep(database: database, clock: clock, scheduler: scheduler, logger: logger)
        arbitration = ArbitrationWorkflow(
            database: database, clock: clock, scheduler: scheduler, stripe: stripe, logger: logger)
        arbitrationSchedule = ArbitrationSchedule(workflow: arbitration, clock: clock)
        payees = PayeeWorkflow(
            database: database, clock: clock, outbox: outbox, scheduler: scheduler, stripe: stripe,
            clientURL: clientURL)
        escrowSchedule = EscrowSchedule(
            workflow: escrows, checkouts: checkouts, payees: payees, reversals: reversals, sweep: sweep, peers: peers,
            clock: clock)
        resolutions = CaseResolver(
            database: database, clock: clock, stripe: stripe, escrows: escrows, checkouts: checkouts, payees: payees,
            cases: caseStore, logger: logger)
        payeeSchedule = PayeeSchedule(workflow: payees, clock: clock)
        ledger = LedgerWorkflow(database: database)
        earnings = EarningsWorkflow(database: database)
        credits = CreditsWorkflow(database: database, clock: clock, peers: peers)
        let inbox = StripeInbox(database: database, scheduler: scheduler, isLive: settings.isLive)
        webhook = StripeWebhook(inbox: inbox, signature: StripeSignature(secrets: settings.webhookSecrets))
        eventReader = StripeEventReader(database: database, clock: clock, stripe: stripe, inbox: inbox)
        stripeEvents = StripeEventHandler(
            database: database, clock: clock, escrows: escrows, checkouts: checkouts, payees: payees,
            follower: follower,
            reversals: reversals, logger: logger)
        news = PaymentsNews(credits: credits, payers: payers)
    }
}
