import ServiceKit
import SharedModels

/// Answers payments' questions about hires.
struct CheckoutRoutes: Sendable {
    let workflow: SettlementWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.checkoutInternal.quote) { offer, _ in try await workflow.quote(offer) }
        routes.handle(Endpoints.checkoutInternal.settle, settle)
        routes.handle(Endpoints.checkoutInternal.release) { _, call in
            try await workflow.release(call.path("id")).facts
        }
        routes.handle(Endpoints.checkoutInternal.cancel, cancel)
        routes.handle(Endpoints.checkoutInternal.contracts) { input, _ in
            CheckoutContracts(contracts: try await workflow.find(input.contractIDs).map(\.facts))
        }
    }

    private func settle(_ offer: CheckoutOffer, _ call: Call) async throws -> CheckoutSettlement {
        let settlement = try await workflow.settle(call.path("id"), offer)
        return CheckoutSettlement(isAccepted: settlement.isAccepted, contract: settlement.hire?.facts)
    }

    private func cancel(_ input: CheckoutCancellation, _ call: Call) async throws -> CheckoutDivision {
        let (hire, stage) = try await workflow.cancel(
            call.path("id"),
            HireCancellation(by: input.by, reason: input.reason, description: input.description))
        return CheckoutDivision(contract: hire.facts, stage: stage)
    }
}
