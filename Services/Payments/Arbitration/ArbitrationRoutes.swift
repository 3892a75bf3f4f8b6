import ServiceKit
import SharedModels

/// Arbitration fees, for contracts and for support.
struct ArbitrationRoutes: Sendable {
    let workflow: ArbitrationWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.paymentsInternal.chargeArbitration) { input, call in
            try await workflow.charge(call.path("id"), to: input.payerUserID, .usd(cents: input.amountCents))
            return NoOutput()
        }
        routes.handle(Endpoints.paymentsInternal.arbitrationFee) { _, call in
            let fee = try await workflow.fee(of: call.path("id"))
            return ArbitrationFeeView(
                payerUserID: fee.payerID, amountCents: fee.amount.minorUnits, state: fee.state,
                attempts: fee.attempts, refusal: fee.refusal, paymentIntentID: fee.paymentIntentID)
        }
    }
}
