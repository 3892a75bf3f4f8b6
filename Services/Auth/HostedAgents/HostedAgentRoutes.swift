import ServiceKit
import SharedModels

/// `/api/agents`, and other services' questions about agents.
struct HostedAgentRoutes: Sendable {
    let workflow: HostedAgentWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.hostedAgents.create, create)
        routes.handle(Endpoints.hostedAgents.list, list)
        routes.handle(Endpoints.hostedAgents.update, update)
        routes.handle(Endpoints.hostedAgents.delete, delete)
        routes.handle(Endpoints.authInternal.spendAdvice, spend)
        routes.handle(Endpoints.authInternal.giveAdviceBack, giveBack)
    }

    private func create(_ input: HostedAgentInput, _ call: Call) async throws -> HostedAgentView {
        let agent = try await workflow.create(input, for: call.caller.accountID)
        call.tag(version: agent.version)
        return agent.view(used: 0)
    }

    private func list(_: NoInput, _ call: Call) async throws -> HostedAgentList {
        let page = try await workflow.page(
            of: call.caller.accountID, after: call.query(.cursor), limit: call.query(.limit))
        return HostedAgentList(
            agents: page.items.map { $0.agent.view(used: $0.used) }, nextCursor: page.nextCursor)
    }

    private func update(_ input: HostedAgentUpdate, _ call: Call) async throws -> HostedAgentView {
        let (agent, used) = try await workflow.update(
            call.path("id"), input, of: call.caller.accountID, expecting: call.check(version:))
        call.tag(version: agent.version)
        return agent.view(used: used)
    }

    private func delete(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.delete(call.path("id"), of: call.caller.accountID, expecting: call.check(version:))
        return NoOutput()
    }

    private func spend(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.spend(call.path("spendingId"), of: call.path("id"))
        return NoOutput()
    }

    private func giveBack(_: NoInput, _ call: Call) async throws -> NoOutput {
        try await workflow.giveBack(call.path("spendingId"), of: call.path("id"))
        return NoOutput()
    }
}
