import ServiceKit
import SharedModels

/// Escrows, for the other services.
struct EscrowRoutes: Sendable {
    let workflow: EscrowWorkflow
    let checkouts: CheckoutWorkflow
    let wallets: WalletWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.paymentsInternal.fund) { input, call in
            let escrow = try await workflow.fund(call.path("id"), input)
            return view(escrow, secret: try await workflow.clientSecret(of: escrow))
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
            let id: AccountID = try call.path("id")
            let blockers =
                try await workflow.blockers(of: id) + checkouts.blockers(of: id) + wallets.blockers(of: id)
            return DeletionBlockers(blockers: Array(blockers.prefix(DeletionBlockers.limit)))
        }
        routes.handle(Endpoints.paymentsInternal.ledger) { _, call in
            let (escrow, entries) = try await workflow.ledger(of: call.path("id"))
            return MilestoneLedger(
                milestoneID: escrow.milestoneID, state: escrow.state, transferID: escrow.transferID,
                entries: entries.map(\.view))
        }
    }

    private func view(_ escrow: Escrow, secret: String? = nil) -> EscrowView {
        let split = workflow.split(of: escrow)
        return EscrowView(
            milestoneID: escrow.milestoneID, state: escrow.state, amountCents: escrow.amount.minorUnits,
            platformFeeCents: split.fee.minorUnits, transferCents: split.earning.minorUnits,
            payoutAt: escrow.release?.payoutAt, paymentIntentID: escrow.paymentIntentID,
            clientSecret: secret)
    }
}
