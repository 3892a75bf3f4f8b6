import ServiceKit
import SharedModels

/// `/internal/accounts`.
struct AccountRoutes: Sendable {
    let workflow: AccountWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.authInternal.account, get)
        routes.handle(Endpoints.authInternal.setUserType, setUserType)
        routes.handle(Endpoints.authInternal.setPlan, setPlan)
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
