import Logging
import OutboundHTTP
import Postgres
import ServiceKit
import SharedModels

/// The workflows of this service, put together.
struct Features: Sendable {
    let escrows: EscrowWorkflow
    let escrowSchedule: EscrowSchedule
    let arbitration: ArbitrationWorkflow
    let arbitrationSchedule: ArbitrationSchedule
    let payees: PayeeWorkflow
    let payers: PayerWorkflow
    let payerSchedule: PayerSchedule
    let credits: CreditsWorkflow
    let webhook: StripeWebhook
    let stripeEvents: StripeEventHandler
    let news: AccountNews

    init(_ kit: Kit, _ settings: PaymentsSettings) {
        self.init(
            settings, database: kit.database, clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler,
            http: kit.http, peers: LivePaymentsPeers(peers: kit.peers), clientURL: kit.settings.clientURL,
            logger: kit.logger)
    }

    init(
        _ settings: PaymentsSettings, database: Database, clock: any DomainClock, outbox: Outbox, scheduler: Scheduler,
        http: OutboundHTTP, peers: any PaymentsPeers, clientURL: String, logger: Logger
    ) {
        let stripe = StripeClient(http: http, base: settings.stripeBase, key: settings.stripeKey)
        let book = EscrowBook(
            clock: clock, outbox: outbox, scheduler: scheduler, feeBasisPoints: settings.feeBasisPoints)
        payers = PayerWorkflow(database: database, clock: clock, scheduler: scheduler, stripe: stripe)
        payerSchedule = PayerSchedule(workflow: payers, clock: clock)
        escrows = EscrowWorkflow(
            mover: EscrowMover(
                database: database, book: book, provider: EscrowProvider(stripe: stripe, clock: clock), payers: payers,
                logger: logger),
            stripe: stripe)
        escrowSchedule = EscrowSchedule(workflow: escrows, peers: peers, clock: clock)
        arbitration = ArbitrationWorkflow(
            database: database, clock: clock, scheduler: scheduler, stripe: stripe, logger: logger)
        arbitrationSchedule = ArbitrationSchedule(workflow: arbitration, clock: clock)
        payees = PayeeWorkflow(
            database: database, clock: clock, outbox: outbox, stripe: stripe, clientURL: clientURL)
        credits = CreditsWorkflow(database: database, clock: clock, peers: peers)
        webhook = StripeWebhook(
            database: database, clock: clock, scheduler: scheduler,
            signature: StripeSignature(secrets: settings.webhookSecrets))
        stripeEvents = StripeEventHandler(
            database: database, clock: clock, escrows: escrows, payees: payees, logger: logger)
        news = AccountNews(credits: credits, payers: payers)
    }
}
