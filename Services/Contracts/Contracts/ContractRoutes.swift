import ServiceKit
import SharedModels

/// `/api/contracts`.
struct ContractRoutes: Sendable {
    let contracts: ContractWorkflow
    let revisions: RevisionWorkflow

    func register(on routes: Routes) {
        routes.handle(Endpoints.contracts.list, list)
        routes.handle(Endpoints.contracts.get, get)
        routes.handle(Endpoints.contracts.approve, approve)
        routes.handle(Endpoints.contracts.connectLink, connectLink)
        routes.handle(Endpoints.contracts.revise, revise)
    }

    private func list(_: NoInput, _ call: Call) async throws -> ContractList {
        try await contracts.list(
            of: call.caller.accountID, in: call.query(ContractEndpoints.status),
            after: call.query(Parameter<PageCursor?>.cursor), limit: call.query(Parameter<Int>.limit))
    }

    private func get(_: NoInput, _ call: Call) async throws -> ContractView {
        answer(try await contracts.get(call.path("id"), by: call.caller.accountID), call)
    }

    private func approve(_: NoInput, _ call: Call) async throws -> ContractView {
        let (contract, connectURL) = try await contracts.approve(
            call.path("id"), by: call.caller.accountID, expecting: { try call.check(version: $0) })
        return answer(contract, connectURL: connectURL, call)
    }

    private func connectLink(_: NoInput, _ call: Call) async throws -> ConnectLink {
        ConnectLink(url: try await contracts.connectLink(call.path("id"), by: call.caller.accountID))
    }

    private func revise(_ input: RevisionInput, _ call: Call) async throws -> ContractView {
        let contract = try await revisions.revise(
            call.path("id"), notes: input.notes, by: call.caller.accountID,
            expecting: { try call.check(version: $0) })
        return answer(contract, call)
    }

    private func answer(_ contract: Contract, connectURL: String? = nil, _ call: Call) -> ContractView {
        call.tag(version: contract.version)
        return contract.view(
            for: contract.parties.role(of: call.caller.accountID), connectURL: connectURL, at: call.now)
    }
}
