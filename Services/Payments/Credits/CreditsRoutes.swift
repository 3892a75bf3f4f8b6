import Postgres
import ServiceKit
import SharedModels

/// Credits, for the other services, and the events that open them.
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
        routes.handle(PaymentsInternal.receiveEvents) { batch, _ in
            for event in batch.events where event.name == InternalEventName.accountCreated.rawValue {
                // The ledger's key makes a second delivery harmless.
                guard let id = event.data["user_id"]?.string.flatMap({ AccountID($0) }) else {
                    throw Refusal.validation("events", "has an account.created without a user_id")
                }
                try await workflow.open(id)
            }
            return NoOutput()
        }
    }
}
