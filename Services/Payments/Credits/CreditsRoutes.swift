import Postgres
import ServiceKit
import SharedModels

/// Credits, for their owners, for admins and for the other services.
struct CreditsRoutes: Sendable {
    let workflow: CreditsWorkflow

    func register(on routes: Routes) {
        routes.handle(CreditEndpoints.balance) { _, call in
            CreditAccountView(
                creditsBalance: try await workflow.balance(of: call.caller.accountID),
                subscriptionTier: call.caller.plan)
        }
        routes.handle(CreditEndpoints.deduct) { input, call in
            try await workflow.deduct(input, from: call.caller.accountID)
        }
        routes.handle(CreditEndpoints.grant) { input, _ in try await workflow.grant(input) }
        routes.handle(PaymentsInternal.credits) { _, call in
            CreditsView(creditsBalance: try await workflow.balance(of: call.path("id")))
        }
    }
}
