import ServiceKit
import SharedModels

/// Payees, for the other services.
struct PayeeRoutes: Sendable {
    let workflow: PayeeWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.paymentsInternal.onboardingLink) { _, call in
            ConnectLink(url: try await workflow.onboardingLink(for: call.path("id")))
        }
    }
}
