import Foundation
import ServiceKit
import SharedModels

/// Payments owns the records of money: the ledger, escrows, payees and credits.
@main
enum EntryPoint {
    static func main() async {
        await Microservice.run(.payments, settings: PaymentsSettings.init, migrations: .module) { kit, settings in
            let features = Features(kit, settings)

            EscrowRoutes(
                workflow: features.escrows, checkouts: features.checkouts, wallets: features.wallets
            ).register(on: kit.routes)
            CheckoutRoutes(workflow: features.checkouts).register(on: kit.routes)
            EscrowReportRoutes(workflow: features.reports, checkouts: features.checkouts).register(on: kit.routes)
            WalletRoutes(workflow: features.wallets).register(on: kit.routes)
            MoneyImportRoutes(workflow: features.moneyImport).register(on: kit.routes)
            ArbitrationRoutes(workflow: features.arbitration).register(on: kit.routes)
            PayeeRoutes(workflow: features.payees).register(on: kit.routes)
            LedgerRoutes(workflow: features.ledger).register(on: kit.routes)
            CreditsRoutes(workflow: features.credits).register(on: kit.routes)
            EarningsRoutes(workflow: features.earnings).register(on: kit.routes)
            CaseRoutes(workflow: features.cases, resolutions: features.resolutions).register(on: kit.routes)
            features.webhook.register(on: kit.routes)

            features.news.register(on: kit.events)
            features.escrowSchedule.register(on: kit.scheduler)
            features.checkoutSchedule.register(on: kit.scheduler)
            features.arbitrationSchedule.register(on: kit.scheduler)
            features.payerSchedule.register(on: kit.scheduler)
            features.payeeSchedule.register(on: kit.scheduler)
            features.stripeEvents.register(on: kit.scheduler)
            features.eventReader.register(on: kit.scheduler)
            features.reconciler.register(on: kit.scheduler)
            // While the database is gone, nobody knows these figures.
            kit.metrics.gauge("payments_oldest_action_seconds", "Age of the oldest move of money that has not ended") {
                guard let age = try? await features.sweep.oldestAction() else { return .nan }
                return Double(age.components.seconds)
            }
            kit.metrics.gauge("payments_open_cases", "Cases about money that wait for an admin") {
                guard let count = try? await features.cases.countOpen() else { return .nan }
                return Double(count)
            }
            kit.metrics.gauge(
                "payments_ledger_drift_minor", "What the ledger and Stripe differ by, in minor units of all currencies"
            ) {
                guard let drift = try? await features.reconciler.drift() else { return .nan }
                return Double(drift)
            }
            kit.metrics.gauge("payments_ledger_compared_seconds", "Since the ledger was last compared with Stripe") {
                guard let age = try? await features.reconciler.age() else { return .nan }
                return Double(age.components.seconds)
            }
            kit.require("stripe") { features.standing.isKeyTaken }
        }
    }
}
