import ServiceKit
import SharedModels

/// `/internal/accounts`.
struct AccountRoutes: Sendable {
    let workflow: AccountWorkflow

    func register(on routes: Routes) {
        routes.handle(AuthInternal.account, get)
        routes.handle(AuthInternal.setUserType, setUserType)
        routes.handle(AuthInternal.setPlan, setPlan)
    }

    private func get(_: NoInput, _ call: Call) async throws -> AccountFacts {
        try await workflow.account(call.path("id")).facts
    }

    private func setUserType(_ input: UserTypeInput, _ call: Call) async throws -> AccountFacts {
        try await workflow.setUserType(input.userType, of: call.path("id")).facts
    }

    private func setPlan(_ input: PlanInput, _ call: Call) async throws -> AccountFacts {
        try await workflow.setPlan(input.plan, of: call.path("id")).facts
    }
}
