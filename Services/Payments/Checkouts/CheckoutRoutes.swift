import ServiceKit
import SharedModels

/// Paying for contracts, releasing and refunding, for clients and admins.
struct CheckoutRoutes: Sendable {
    let workflow: CheckoutWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.checkouts.pay) { input, call in
            let offer = CheckoutOffer(
                jobID: try call.path("jobId"), clientUserID: call.caller.accountID,
                freelancerUserID: input.freelancerID.id, amount: input.rate.paise)
            let (checkout, url) = try await workflow.pay(for: offer, title: input.title)
            return CheckoutView(id: checkout.sessionID ?? "", url: url)
        }
        routes.handle(Endpoints.escrow.release) { _, call in
            let checkout = try await workflow.release(call.path("contractId"), by: call.caller.accountID)
            return EscrowRecordAnswer(
                message: "The money was released to the freelancer's wallet.", data: try record(of: checkout))
        }
        routes.handle(Endpoints.escrow.refund) { input, call in
            let cancellation = Checkout.Cancellation(
                reason: input.cancelReason.flatMap { $0.isEmpty ? nil : $0 } ?? "Requested by client",
                description: input.cancelReasonDescription ?? "")
            let checkout = try await workflow.refund(
                call.path("contractId"), to: call.path("clientId"), because: cancellation, by: call.caller)
            return EscrowRecordAnswer(
                message: "The contract was canceled, and its money divided between the wallets.",
                data: try record(of: checkout))
        }
    }

    private func record(of checkout: Checkout) throws -> EscrowRecordView {
        guard let deal = checkout.deal else {
            throw CheckoutError.illegalMove(.init(checkout.state, .release))
        }
        return checkout.record(deal, workflow.shares(of: checkout))
    }
}

extension Checkout {
    /// - Parameter shares: How it was divided, or would be.
    func record(_ deal: Deal, _ shares: CheckoutShares) -> EscrowRecordView {
        let isFunded = state == .funded
        return EscrowRecordView(
            _id: ObjectID(id), clientID: ObjectID(clientID), freelancerID: ObjectID(freelancerID),
            jobID: ObjectID(jobID), contractID: ObjectID(deal.contractID),
            amount: Rupees(paise: isFunded ? rest.minorUnits : 0),
            grossAmount: Rupees(paise: payment?.amount.minorUnits ?? 0),
            platformFee: Rupees(paise: shares.fee.minorUnits),
            freelancerEarning: Rupees(paise: shares.freelancer.minorUnits),
            clientRefund: Rupees(paise: shares.client.minorUnits),
            cardRefund: Rupees(paise: payment?.returned.minorUnits ?? 0),
            status: isFunded ? .funded : state == .released ? .released : .refunded, transactionType: .credit,
            isFrozen: isFrozen, createdAt: deal.fundedAt, updatedAt: updatedAt)
    }
}
