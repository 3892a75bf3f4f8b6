import ServiceKit
import SharedModels

/// Escrows, for the other services.
struct EscrowRoutes: Sendable {
    let workflow: EscrowWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.paymentsInternal.fund) { input, call in
            view(try await workflow.fund(call.path("id"), input))
        }
        routes.handle(Endpoints.paymentsInternal.release) { _, call in
            view(try await workflow.release(call.path("id")))
        }
        routes.handle(Endpoints.paymentsInternal.cancel) { _, call in
            view(try await workflow.cancel(call.path("id")))
        }
        routes.handle(Endpoints.paymentsInternal.settle) { input, call in
            view(try await workflow.settle(call.path("id"), workersShare: .usd(cents: input.workerCents)))
        }
        routes.handle(Endpoints.paymentsInternal.openMoney) { _, call in
            DeletionBlockers(blockers: try await workflow.blockers(of: call.path("id")))
        }
        routes.handle(Endpoints.paymentsInternal.ledger) { _, call in
            let (escrow, entries) = try await workflow.ledger(of: call.path("id"))
            return MilestoneLedger(
                milestoneID: escrow.milestoneID, state: escrow.state, transferID: escrow.transferID,
                entries: entries.map(view))
        }
    }

    private func view(_ entry: LedgerEntry) -> LedgerEntryView {
        LedgerEntryView(
            transactionID: entry.transactionID, kind: entry.kind.rawValue, account: entry.account,
            amountMinor: entry.amount.minorUnits, currency: entry.amount.currency, at: entry.at)
    }

    private func view(_ escrow: Escrow) -> EscrowView {
        let split = workflow.split(of: escrow)
        return EscrowView(
            milestoneID: escrow.milestoneID, state: escrow.state, amountCents: escrow.amount.minorUnits,
            platformFeeCents: split.fee.minorUnits, transferCents: split.earning.minorUnits,
            payoutAt: escrow.release?.payoutAt, paymentIntentID: escrow.paymentIntentID,
            clientSecret: escrow.clientSecret)
    }
}
