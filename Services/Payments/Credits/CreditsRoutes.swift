import Postgres
import ServiceKit
import SharedModels

/// Credits, for their owners, for admins and for the other services.
struct CreditsRoutes: Sendable {
    let workflow: CreditsWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.credits.balance) { _, call in
            CreditAccountView(
                creditsBalance: try await workflow.balance(of: call.caller.accountID),
                subscriptionTier: call.caller.plan)
        }
        routes.handle(Endpoints.credits.deduct) { input, call in
            let spent = try await workflow.deduct(input, from: call.caller.accountID)
            return CreditDeductionView(creditsBalance: spent.balance, transactionID: spent.transactionID)
        }
        routes.handle(Endpoints.credits.grant) { input, call in
            let given = try await workflow.grant(input, by: call.caller.accountID)
            return CreditGrantView(creditsBalance: given.balance, transactionID: given.transactionID)
        }
        routes.handle(Endpoints.paymentsInternal.credits) { _, call in
            CreditsView(creditsBalance: try await workflow.balance(of: call.path("id")))
        }
    }
}
