import Foundation
import Logging
import Postgres
import ServiceKit
import SharedModels

/// Payments owns what happened to money: the ledger, escrows, payees and credits.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.payments, settings: PaymentsSettings.init, migrations: Bundle.module) {
            kit, settings in
            let peers = LivePaymentsPeers(peers: kit.peers)
            let stripe = StripeClient(http: kit.http, base: settings.stripeBase, key: settings.stripeKey)
            let book = EscrowBook(
                clock: kit.clock, outbox: kit.outbox, scheduler: kit.scheduler,
                feeBasisPoints: settings.feeBasisPoints)
            let payers = PayerWorkflow(
                database: kit.database, clock: kit.clock, scheduler: kit.scheduler, stripe: stripe)
            let mover = EscrowMover(
                database: kit.database, book: book, provider: EscrowProvider(stripe: stripe, clock: kit.clock),
                payers: payers, logger: kit.logger)
            let escrows = EscrowWorkflow(mover: mover, stripe: stripe)
            let payees = PayeeWorkflow(
                database: kit.database, clock: kit.clock, outbox: kit.outbox, stripe: stripe,
                clientURL: kit.settings.clientURL)
            let webhook = StripeWebhook(
                database: kit.database, clock: kit.clock, scheduler: kit.scheduler,
                signature: StripeSignature(secrets: settings.webhookSecrets))

            EscrowRoutes(workflow: escrows).register(on: kit.routes)
            PayeeRoutes(workflow: payees).register(on: kit.routes)
            let credits = CreditsWorkflow(
                database: kit.database, clock: kit.clock, peers: peers)
            CreditsRoutes(workflow: credits).register(on: kit.routes)
            AccountNews(credits: credits, payers: payers).register(on: kit.events)
            let arbitration = ArbitrationWorkflow(
                database: kit.database, clock: kit.clock, scheduler: kit.scheduler, stripe: stripe, logger: kit.logger)
            ArbitrationRoutes(workflow: arbitration).register(on: kit.routes)
            ArbitrationSchedule(workflow: arbitration, clock: kit.clock).register(on: kit.scheduler)
            PayerSchedule(workflow: payers, clock: kit.clock).register(on: kit.scheduler)
            webhook.register(on: kit.routes)
            EscrowSchedule(workflow: escrows, peers: peers, clock: kit.clock)
                .register(on: kit.scheduler)
            StripeEventHandler(
                database: kit.database, clock: kit.clock, escrows: escrows, payees: payees, logger: kit.logger
            )
            .register(on: kit.scheduler)
        }
    }
}
